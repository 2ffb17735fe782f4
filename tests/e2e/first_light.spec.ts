// The first thing anybody does: point the SDK at Fanlight, and watch.
import { address, expect, test } from './support/fixtures';
import { runApplication } from './support/sdk';

test('a trace sent with the SDK shows within a second, opens, and can be linked to', async ({
  page,
  project,
  server,
}) => {
  await page.goto(address.traces(project));
  await expect(page.getByRole('heading', { name: 'No traces yet' })).toBeVisible();
  await expect(page.getByText('Live', { exact: true })).toBeVisible();

  // The page is watched while the application runs, and is never reloaded.
  const row = page.getByRole('row', { name: /answer_customer/ });
  const seenAt = row.waitFor({ timeout: 20_000 }).then(() => Date.now());
  const sentAt = Number(await runApplication('chat.py', server.url, project.name));
  expect((await seenAt) - sentAt, 'milliseconds from the end of the flush to the row on screen').toBeLessThan(1000);
  await expect(row).toContainText('How long can I return a lamp?');
  await expect(row).toContainText('You can return it within 30 days.');

  await row.getByRole('link', { name: 'answer_customer' }).click();
  await expect(page.getByRole('treegrid', { name: 'Runs' })).toBeVisible();
  await page.getByRole('row', { name: /ChatModel/ }).click();
  const details = page.getByRole('region', { name: /Details/ });
  await expect(details.getByText('Answer from this: Refunds are possible within 30 days.')).toBeVisible();
  await expect(details.getByText('How long can I return a lamp?')).toBeVisible();
  await expect(details.getByText('You can return it within 30 days.')).toBeVisible();
  await expect(page).toHaveURL(/\?s=[0-9a-f-]{36}/);

  await page.reload();
  await expect(page.getByRole('row', { name: /ChatModel/ })).toHaveAttribute('aria-selected', 'true');
  await expect(details.getByText('You can return it within 30 days.')).toBeVisible();
});

test('the address that the SDK prints leads to the run', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, { name: 'agent', children: [{ name: 'ask the model', type: 'llm' }] });
  const run = trace.children[0];
  await page.goto(`/o/00000000-0000-0000-0000-000000000000/projects/p/${project.id}/r/${run?.id}?poll=true`);
  await expect(page.getByRole('row', { name: /ask the model/ })).toHaveAttribute('aria-selected', 'true');
});
