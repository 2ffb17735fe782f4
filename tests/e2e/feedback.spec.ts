// Judging a run: with a thumb, in words, with second thoughts.
import { address, expect, test } from './support/fixtures';

test('a thumb is given, changed and taken back', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, { name: 'answer' });
  await page.goto(address.trace(project, trace.id, trace.id));
  const up = page.getByRole('button', { name: 'Thumbs up' }).first();
  const down = page.getByRole('button', { name: 'Thumbs down' }).first();
  await expect(up).toHaveAttribute('aria-pressed', 'false');

  await up.click();
  await expect(up).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(async () => (await api.listFeedback(trace.id)).map((feedback) => feedback.score)).toEqual([1]);

  await page.keyboard.press('2');
  await expect(down).toHaveAttribute('aria-pressed', 'true');
  await expect(up).toHaveAttribute('aria-pressed', 'false');
  await expect.poll(async () => (await api.listFeedback(trace.id)).map((feedback) => feedback.score)).toEqual([0]);

  await page.reload();
  await expect(down).toHaveAttribute('aria-pressed', 'true');
  await down.click();
  await expect(down).toHaveAttribute('aria-pressed', 'false');
  await expect.poll(async () => (await api.listFeedback(trace.id)).length).toBe(0);
});

test('feedback is written, edited, deleted and brought back', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, { name: 'answer' });
  await page.goto(address.trace(project, trace.id, trace.id));
  await page.getByRole('button', { name: 'Comment or correct' }).click();
  const form = page.getByRole('region', { name: 'New feedback' });
  await expect(form.getByLabel('Comment')).toBeFocused();
  await form.getByLabel('Key').fill('correctness');
  await form.getByLabel('Score').fill('0.5');
  await form.getByLabel('Category').fill('wrong_info');
  await form.getByLabel('Comment').fill('Half of it is right');
  await form.getByLabel('Correction').fill('{"answer": "30 days"}');
  await form.getByRole('button', { name: 'Add feedback' }).click();

  const item = page.getByRole('listitem').filter({ hasText: 'Half of it is right' });
  await expect(item).toBeVisible();
  await expect(form.getByLabel('Comment')).toHaveValue('');
  await expect.poll(async () => (await api.listFeedback(trace.id))[0]).toMatchObject({
    key: 'correctness',
    score: 0.5,
    value: 'wrong_info',
    comment: 'Half of it is right',
    correction: { answer: '30 days' },
    feedback_source: { type: 'app' },
  });

  await item.getByRole('button', { name: 'Edit correctness' }).click();
  await page.getByRole('textbox', { name: 'Comment' }).first().fill('All of it is right');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(async () => (await api.listFeedback(trace.id))[0]?.comment).toBe('All of it is right');

  await page.getByRole('button', { name: 'Delete correctness' }).click();
  await expect.poll(async () => (await api.listFeedback(trace.id)).length).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect.poll(async () => (await api.listFeedback(trace.id))[0]?.comment).toBe('All of it is right');
});

test('a score that is no number is refused, and nothing typed is lost', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, { name: 'answer' });
  await page.goto(address.trace(project, trace.id, trace.id));
  await page.getByRole('button', { name: 'Comment or correct' }).click();
  const form = page.getByRole('region', { name: 'New feedback' });
  await expect(form.getByLabel('Comment')).toBeFocused();
  await form.getByLabel('Score').fill('a lot');
  await form.getByLabel('Comment').fill('keep me');
  await form.getByRole('button', { name: 'Add feedback' }).click();
  await expect(form.getByLabel('Score')).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByLabel('Comment')).toHaveValue('keep me');
  expect(await api.listFeedback(trace.id)).toEqual([]);
});
