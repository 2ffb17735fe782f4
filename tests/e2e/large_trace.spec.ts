// Large traces: how much of the page there is, what comes over the wire, and what happens while they grow.
import { Api, type RunSpec } from './support/api';
import { address, expect, test } from './support/fixtures';
import { FanlightServer } from './support/server';

const N_TURNS = 250;
const STEPS: RunSpec[] = Array.from({ length: 19 }, (_, idx) => ({
  name: idx % 5 === 0 ? 'model' : `tool ${idx}`,
  type: idx % 5 === 0 ? 'llm' : 'tool',
  after: idx * 40,
  duration: 38,
  error: idx === 17 ? 'ToolError: nothing found' : undefined,
}));
const LARGE: RunSpec = {
  name: 'large agent',
  duration: N_TURNS * 1_000,
  children: Array.from({ length: N_TURNS }, (_, idx) => ({ name: `turn ${idx}`, after: idx * 1_000, duration: 900, children: STEPS })),
};
const N_RUNS = 1 + N_TURNS * 20;

test('five thousand runs take no more of the page than can be seen', async ({ page, project, api }) => {
  const root = await api.sendTrace(project, LARGE);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  const shapes = new Set<string>();
  let wireBytes = 0;
  devtools.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.url.includes('/skeleton')) shapes.add(requestId);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (shapes.has(requestId)) wireBytes = encodedDataLength;
  });
  await page.goto(address.trace(project, root.id));
  const tree = page.getByRole('treegrid', { name: 'Runs' });
  await expect(tree.getByRole('row', { name: /large agent/ })).toBeVisible();
  await expect(page.getByText(`${N_RUNS.toLocaleString('en-US')} runs`).first()).toBeVisible();
  expect(wireBytes / N_RUNS, 'bytes a run on the wire').toBeLessThanOrEqual(32);
  expect(await page.evaluate(() => document.querySelectorAll('*').length), 'elements').toBeLessThanOrEqual(1_400);

  await tree.getByRole('row').first().click();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('End');
  await expect(tree.getByRole('row', { name: /tool 18/ }).last()).toBeVisible();
  expect(await page.evaluate(() => document.querySelectorAll('*').length), 'elements, all unfolded').toBeLessThanOrEqual(1_400);
});

test('a large trace at rest draws nothing', async ({ page, project, api }) => {
  await page.addInitScript(() => {
    const { requestAnimationFrame } = window;
    const counted = window as unknown as { frames: number };
    counted.frames = 0;
    window.requestAnimationFrame = (call) => {
      counted.frames += 1;
      return requestAnimationFrame.call(window, call);
    };
  });
  const root = await api.sendTrace(project, LARGE);
  await page.goto(address.trace(project, root.id));
  await expect(page.getByRole('treegrid', { name: 'Runs' }).getByRole('row').first()).toBeVisible();
  const frames = () => page.evaluate(() => (window as unknown as { frames: number }).frames);
  // What was begun comes to rest; then nothing moves for a second.
  await expect(async () => {
    const before = await frames();
    await page.waitForTimeout(1_000);
    expect(await frames()).toBe(before);
  }).toPass({ timeout: 15_000 });
});

test('a trace that grows is brought up to date by what changed', async ({ page, project, api }) => {
  const root = await api.sendTrace(project, { ...LARGE, duration: null });
  const answers: { url: string; size: number }[] = [];
  page.on('response', async (response) => {
    if (!response.url().includes('/skeleton')) return;
    const { responseBodySize } = await response.request().sizes();
    answers.push({ url: response.url(), size: responseBodySize });
  });
  await page.goto(address.trace(project, root.id));
  const tree = page.getByRole('treegrid', { name: 'Runs' });
  const selected = tree.getByRole('row', { name: /tool 3/ }).first();
  await expect(selected).toBeVisible();
  await selected.click();

  await api.sendChild(project, root, root.children[0], { name: 'late tool', type: 'tool', after: 100, duration: 5 });
  await expect(tree.getByRole('row', { name: /late tool/ })).toBeVisible();
  await api.patchRun(root, { end_time: new Date(Date.parse(root.body.start_time as string) + 600_000).toISOString(), outputs: { output: 'done' } });
  await expect(page.getByText('succeeded').first()).toBeVisible();
  await expect(tree.getByRole('row', { selected: true })).toContainText('tool 3');
  const later = answers.slice(1);
  expect(later.length).toBeGreaterThan(0);
  for (const answer of later) {
    expect(answer.url).toContain('since=');
    expect(answer.size, 'bytes of what changed').toBeLessThan(2_000);
  }
});

test('what a trace was too large to be sent with is fetched when it is wanted', async ({ page }) => {
  const server = await FanlightServer.start(['--whole-trace-runs', '1000']);
  try {
    const api = new Api(server.url);
    const project = await api.createProject('very large');
    const turns = Array.from({ length: 40 }, (_, idx) => ({ name: `turn ${idx}`, after: idx * 1_000, duration: 900, children: STEPS.concat(STEPS) }));
    const root = await api.sendTrace(project, { ...LARGE, children: turns });
    await page.goto(`${server.url}${address.trace(project, root.id)}`);
    const tree = page.getByRole('treegrid', { name: 'Runs' });
    await expect(page.getByText('Showing 200 of 1,561 runs', { exact: false })).toBeVisible();

    const whole = tree.getByRole('row', { name: /^Chain large agent/ });
    await expect(whole).toHaveAccessibleName(/195 below were left out/);
    await whole.getByTitle('Runs left out of this large trace: load them').click();
    await expect(page.getByText('Showing 1,000 of 1,561 runs', { exact: false })).toBeVisible();
    await expect(whole).not.toHaveAccessibleName(/left out/);

    // By keyboard: the last turn, of which only a part came even now.
    await tree.getByRole('row').first().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('End');
    await expect(tree.locator(':focus')).toHaveAttribute('aria-label', /turn 39,/);
    await page.keyboard.press('Shift+ArrowRight');
    await expect(tree.getByRole('row', { name: /turn 39,.* 38 children/ })).toHaveAttribute('aria-expanded', 'true');
    await expect(tree.getByRole('row', { name: /turn 39,/ })).not.toHaveAccessibleName(/left out/);
  } finally {
    await server.dispose();
  }
});
