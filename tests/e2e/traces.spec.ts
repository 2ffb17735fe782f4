// The list of a project's traces: reading it, moving through it, coming back to it.
import { address, expect, test } from './support/fixtures';

const number = (idx: number) => `trace ${String(idx).padStart(3, '0')}`;

test('older traces come as one scrolls', async ({ page, project, api }) => {
  await api.sendTraces(project, 350, (idx) => ({ name: number(idx) }));
  await page.goto(address.traces(project));
  const grid = page.getByRole('grid', { name: 'Traces' });
  await expect(grid.getByRole('row', { name: number(349) })).toBeVisible();
  expect(await grid.getByRole('row').count(), 'rows that exist at once').toBeLessThan(100);

  await grid.hover();
  const oldest = grid.getByRole('row', { name: number(0) });
  await expect(async () => {
    await page.mouse.wheel(0, 4000);
    await expect(oldest).toBeVisible({ timeout: 250 });
  }).toPass({ timeout: 10_000 });
  await expect(grid).toHaveAttribute('aria-rowcount', '351');
});

test('the keyboard reaches, opens and returns to a trace', async ({ page, project, api }) => {
  await api.sendTraces(project, 60, (idx) => ({ name: number(idx) }));
  await page.goto(address.traces(project));
  const row = (idx: number) => page.getByRole('row', { name: number(idx) });
  await expect(row(59)).toBeVisible();

  await page.keyboard.press('j');
  await expect(row(59)).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await expect(row(57)).toBeFocused();
  await page.keyboard.press('End');
  await expect(row(0)).toBeFocused();
  await page.keyboard.press('k');
  await expect(row(1)).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(page.getByRole('treegrid', { name: 'Runs' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(number(1));
  await page.goBack();
  await expect(row(1)).toBeFocused();
});

test('a row tells what happened', async ({ page, project, api }) => {
  await api.sendTrace(project, {
    name: 'checkout agent',
    inputs: { question: 'Where is my parcel?' },
    error: 'TimeoutError: the parcel service did not answer\n  at track()',
    duration: 2_340,
    tags: ['beta'],
    children: [
      {
        name: 'model',
        type: 'llm',
        extra: { metadata: { ls_provider: 'openai', ls_model_name: 'gpt-4o', usage_metadata: { input_tokens: 1200, output_tokens: 300, total_tokens: 1500 } } },
      },
    ],
  });
  // Wide enough for all that is looked at.
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(address.traces(project));
  const row = page.getByRole('row', { name: /checkout agent/ });
  await expect(row).toContainText('Where is my parcel?');
  await expect(row).toContainText('TimeoutError: the parcel service did not answer');
  await expect(row).toContainText('2.34 s');
  await expect(row).toContainText('1,500');
  await expect(row).toContainText('beta');
  await expect(row.getByRole('img', { name: 'Failed' })).toBeAttached();
});

test('an empty project says how to send the first trace', async ({ page, project, server }) => {
  await page.goto(address.traces(project));
  await page.getByRole('button', { name: 'Copy the shell lines' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeAttached();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`export LANGSMITH_ENDPOINT=${server.url}`);
  expect(copied).toContain('export LANGSMITH_TRACING=true');
  expect(copied).toContain(`export LANGSMITH_PROJECT='${project.name}'`);
});
