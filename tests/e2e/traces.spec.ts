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

test('a column shows the shape of each trace, and says it in words', async ({ page, project, api }) => {
  await api.sendTrace(project, {
    name: 'support agent',
    duration: 1000,
    children: [
      { name: 'plan', type: 'llm', duration: 400 },
      { name: 'look up', type: 'tool', after: 400, duration: 300, error: 'Timeout: no answer' },
      { name: 'answer', type: 'llm', after: 700, duration: 300 },
    ],
  });
  await page.goto(address.traces(project));
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('dialog', { name: 'Columns' }).getByRole('checkbox', { name: 'Shape' }).click();
  await expect(page).toHaveURL(/cols=.*shape/);
  await page.keyboard.press('Escape');
  const strip = page.getByRole('img', { name: '4 runs: 2 LLM calls, 1 tool call, 1 failed' });
  await expect(strip).toBeVisible();
  expect(await strip.evaluate((strip) => getComputedStyle(strip).backgroundImage.split('linear-gradient').length - 1)).toBe(4);
});
