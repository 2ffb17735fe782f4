// The other views of a trace: lanes, merged call paths and the graph of an agent's steps.
import type { Page } from '@playwright/test';
import type { RunSpec } from './support/api';
import { address, expect, expectAccessible, expectNoSidewaysScroll, test } from './support/fixtures';

const MODEL: RunSpec = {
  name: 'call_model',
  type: 'llm',
  extra: { metadata: { usage_metadata: { input_tokens: 300, output_tokens: 100, total_tokens: 400 } } },
};

/** An agent that asks a model, calls tools twice, three at a time, and answers. */
const AGENT: RunSpec = {
  name: 'support agent',
  duration: 1000,
  children: [
    { ...MODEL, after: 0, duration: 100 },
    { name: 'search', type: 'tool', after: 110, duration: 100 },
    { name: 'search', type: 'tool', after: 120, duration: 150, error: 'TimeoutError: nothing came' },
    { name: 'lookup', type: 'tool', after: 110, duration: 90, children: [{ name: 'read row', type: 'retriever', after: 5, duration: 20 }] },
    { ...MODEL, after: 300, duration: 100 },
    { name: 'search', type: 'tool', after: 410, duration: 200 },
    { ...MODEL, after: 700, duration: 200 },
  ],
};

const view = (page: Page, name: string) => page.getByRole('radio', { name });

test('the view is in the address, and what is selected stays when it changes', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, AGENT);
  await page.goto(address.trace(project, trace.id, trace.children[2]?.id));
  await expect(page.getByRole('treegrid', { name: 'Runs' })).toBeVisible();

  await page.keyboard.press('3');
  await expect(page).toHaveURL(/view=aggregate/);
  const paths = page.getByRole('treegrid', { name: 'Call paths' });
  await expect(paths.getByRole('row', { name: /Tool search, 3 runs/ })).toHaveAttribute('aria-selected', 'true');

  await page.keyboard.press('2');
  await expect(page.getByRole('application', { name: /Lanes/ })).toBeVisible();
  await page.keyboard.press('5');
  await expect(page.getByRole('button', { name: /Tool search, 3 runs/ })).toHaveAttribute('aria-pressed', 'true');

  await page.goBack();
  await expect(view(page, 'Lanes')).toBeChecked();
  await page.keyboard.press('1');
  await expect(page.getByRole('row', { name: /search.*error/ })).toHaveAttribute('aria-selected', 'true');
  await expect(page).not.toHaveURL(/view=/);

  // A link shows the colleague the same view.
  await page.goto(address.trace(project, trace.id, trace.children[2]?.id) + '&view=graph');
  await expect(view(page, 'Graph')).toBeChecked();
  await expect(page.getByRole('button', { name: /Tool search/ })).toHaveAttribute('aria-pressed', 'true');
});

test('the slowest run of a tool is found in the merged paths by keyboard alone', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, AGENT);
  await page.goto(address.trace(project, trace.id) + '?view=aggregate');
  const paths = page.getByRole('treegrid', { name: 'Call paths' });
  const root = paths.getByRole('row', { name: /support agent/ });
  await root.focus();
  // The heaviest of what the agent calls comes first: three searches.
  await page.keyboard.press('ArrowDown');
  const search = paths.getByRole('row', { name: /Tool search, 3 runs, total 450 ms/ });
  await expect(search).toBeFocused();
  await expect(search).toHaveAccessibleName(/failed 1/);
  await expect(page).toHaveURL(new RegExp(`s=${trace.children[5]?.id}`));
  const runs = page.getByRole('region', { name: 'Runs of this path' });
  await expect(runs.getByRole('heading', { name: '3 runs, slowest first' })).toBeVisible();
  await expect(runs.getByRole('button', { name: /200 ms/ })).toHaveAttribute('aria-pressed', 'true');

  // Folding the root leaves one row; unfolding brings them back.
  await page.keyboard.press('ArrowLeft');
  await expect(root).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(root).toHaveAttribute('aria-expanded', 'false');
  await expect(search).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await expect(search).toBeVisible();
});

test('merged paths are sorted by any column, and by what the trace is measured by', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, AGENT);
  await page.goto(address.trace(project, trace.id) + '?view=aggregate');
  const paths = page.getByRole('treegrid', { name: 'Call paths' });
  const second = paths.getByRole('row').nth(2);
  await expect(second).toHaveAttribute('aria-level', '2');
  await expect(second).toContainText('search');
  await paths.getByRole('button', { name: 'Path' }).click();
  await expect(paths.getByRole('columnheader', { name: 'Path' })).toHaveAttribute('aria-sort', 'ascending');
  await expect(second).toContainText('call_model');
  await page.getByRole('radio', { name: 'Tokens' }).check({ force: true });
  await expect(page).toHaveURL(/unit=tokens/);
  await expect(paths.getByRole('columnheader', { name: 'Tokens' })).toHaveAttribute('aria-sort', 'descending');
  await expect(second).toContainText('1,200');
});

test('arrows walk the lanes and say where they lead', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, AGENT);
  await page.goto(address.trace(project, trace.id) + '?view=lanes');
  const lanes = page.getByRole('application', { name: /Lanes/ });
  await expect(page.getByText(/9 runs in \d lanes/)).toBeVisible();
  await lanes.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page).toHaveURL(new RegExp(`s=${trace.children[0]?.id}`));
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText(/^Tool .*, lane 2 of/)).toHaveCount(1);
  await page.keyboard.press('End');
  await expect(page).toHaveURL(new RegExp(`s=${trace.children[6]?.id}`));
  await page.keyboard.press('ArrowUp');
  await expect(page.getByText(/^Chain support agent.*, lane 1 of/)).toHaveCount(1);

  // The window of time is the same in the tree.
  await page.keyboard.press('w');
  await expect(page).toHaveURL(/t=/);
  await page.keyboard.press('1');
  await expect(page).toHaveURL(/t=/);
});

test('idle hours are compressed in the lanes as in the tree', async ({ page, project, api }) => {
  const hour = 3_600_000;
  const night: RunSpec = {
    name: 'agent',
    duration: 9 * hour + 4_000,
    children: [
      { name: 'ask', type: 'llm', duration: 2_000 },
      { name: 'answer', type: 'llm', after: 9 * hour, duration: 4_000 },
    ],
  };
  const trace = await api.sendTrace(project, night, Date.now() - 10 * hour);
  await page.goto(address.trace(project, trace.id) + '?view=lanes');
  const lanes = page.getByRole('application', { name: /Lanes/ });
  await expect(lanes).toBeVisible();
  await expect(page.getByText('compressed', { exact: true })).toBeHidden();
  await page.keyboard.press('i');
  await expect(page.getByText('compressed', { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/[?&]idle=1/);
  // The answer takes the right part of the second lane now; before, it was a line at its end.
  const box = await lanes.boundingBox();
  if (!box) throw new Error('the lanes have a place');
  await page.mouse.click(box.x + box.width * 0.85, box.y + 32);
  await expect(page).toHaveURL(new RegExp(`s=${trace.children[1]?.id}`));
});

test('lanes by tokens say which runs used none, and a click selects', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, AGENT);
  await page.goto(address.trace(project, trace.id) + '?view=lanes&unit=tokens');
  await expect(page.getByText('4 runs in 2 lanes · 1,200 in all · 5 runs used no tokens and cannot be seen')).toBeVisible();
  const box = await page.getByRole('application', { name: /Lanes/ }).boundingBox();
  expect(box).not.toBeNull();
  if (!box) return;
  // The second third of the second lane is the second call of the model.
  await page.mouse.click(box.x + box.width / 2, box.y + 32);
  await expect(page).toHaveURL(new RegExp(`s=${trace.children[4]?.id}`));

  await page.getByRole('radio', { name: 'Cost' }).check({ force: true });
  await expect(page.getByRole('heading', { name: 'Of no run of this trace is the cost known' })).toBeVisible();
  await page.getByRole('button', { name: 'Measure by time' }).click();
  await expect(page.getByText(/9 runs in \d lanes/)).toBeVisible();
});

test("an agent's steps are joined as they followed one another", async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, AGENT);
  await page.goto(address.trace(project, trace.id) + '?view=graph');
  const steps = page.getByRole('group', { name: /Steps/ });
  const model = steps.getByRole('button', { name: /LLM call_model, 3 runs/ });
  await expect(model).toHaveAccessibleName(/after .*Start.*, before .*End/);
  await model.focus();
  await page.keyboard.press('ArrowDown');
  await expect(steps.locator(':focus')).toHaveAccessibleName(/Tool (search|lookup)/);
  await steps.getByRole('button', { name: /Tool search/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`s=${trace.children[5]?.id}`));
  await expect(page.getByRole('region', { name: 'Before it' }).getByRole('button', { name: /call_model/ })).toBeVisible();
  await page.getByRole('region', { name: 'Runs of this path' }).getByRole('button', { name: /failed/ }).click();
  await expect(page).toHaveURL(new RegExp(`s=${trace.children[2]?.id}`));
});

test('a trace without steps says why there is no graph', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, { name: 'alone', type: 'llm' });
  await page.goto(address.trace(project, trace.id) + '?view=graph');
  await expect(page.getByRole('heading', { name: 'No steps to join' })).toBeVisible();
  await page.keyboard.press('2');
  await expect(page.getByText('1 run in 1 lane')).toBeVisible();
  await page.keyboard.press('3');
  await expect(page.getByRole('row', { name: /LLM alone, 1 run/ })).toBeVisible();
});

for (const kind of ['lanes', 'aggregate', 'graph']) {
  test(`axe finds no barrier in the ${kind}, and on a phone nothing sticks out`, async ({ page, project, api }) => {
    const trace = await api.sendTrace(project, AGENT);
    await page.goto(address.trace(project, trace.id, trace.children[0]?.id) + `&view=${kind}`);
    await expect(page.getByRole('region', { name: new RegExp(`^${kind}$`, 'i') })).toBeVisible();
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 800 });
    await expectNoSidewaysScroll(page);
  });
}

test('a hidden name and a branch shown alone narrow every view, with a count and a way back', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, AGENT);
  await page.goto(address.trace(project, trace.id, trace.children[1]?.id) + '&view=aggregate');
  const paths = page.getByRole('treegrid', { name: 'Call paths' });
  await expect(paths.getByRole('row', { name: /Tool search, 3 runs/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('h');
  await expect(page.getByRole('button', { name: '1 name hidden, 3 runs, 1 failed' })).toBeVisible();
  await expect(paths.getByRole('row', { name: /search/ })).toHaveCount(0);
  await expect(paths.getByRole('row', { selected: true })).toHaveCount(1);

  await page.keyboard.press('5');
  const steps = page.getByRole('group', { name: /Steps/ });
  await expect(steps.getByRole('button', { name: /LLM call_model/ })).toBeVisible();
  await expect(steps.getByRole('button', { name: /search/ })).toHaveCount(0);
  await page.keyboard.press('u');
  await expect(steps.getByRole('button', { name: /^Tool search/ })).toBeVisible();

  await page.goto(address.trace(project, trace.id, trace.children[3]?.id) + '&view=aggregate');
  await expect(paths.getByRole('row', { name: /lookup/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('o');
  await expect(page.getByText('2 of 9 runs')).toBeVisible();
  await expect(paths).toHaveAttribute('aria-rowcount', '3');
  await expect(paths.getByRole('row', { name: /lookup/ })).toHaveAttribute('aria-level', '1');
  // In the lanes arrows stay among what is shown.
  await page.keyboard.press('2');
  const lanes = page.getByRole('application', { name: /Lanes/ });
  await lanes.focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(new RegExp(`s=${trace.children[3]?.id}`));
  await page.getByRole('button', { name: 'Show the whole trace' }).click();
  await expect(page.getByText('2 of 9 runs')).toBeHidden();
});

test('a hostile name is text in every view', async ({ page, project, api }) => {
  const name = '<img src=x onerror="fanlightWasTricked(\'name\')">';
  const step = (after: number): RunSpec => ({ name, type: 'tool', after, duration: 10 });
  const trace = await api.sendTrace(project, { name, duration: 200, children: [step(0), { name: 'other', after: 20 }, step(150)] });
  await page.goto(address.trace(project, trace.id) + '?view=aggregate');
  await expect(page.getByRole('treegrid', { name: 'Call paths' }).getByText(name).first()).toBeVisible();
  await page.keyboard.press('5');
  await expect(page.getByRole('button', { name: /Tool <img/ })).toBeVisible();
});

test('five hundred different steps take no more of the page than a few', async ({ page, project, api }) => {
  const steps = Array.from({ length: 500 }, (_, idx): RunSpec => ({ name: `step ${idx}`, after: idx * 2, duration: 1 }));
  const trace = await api.sendTrace(project, { name: 'wide', duration: 1000, children: steps });
  await page.goto(address.trace(project, trace.id) + '?view=aggregate');
  const paths = page.getByRole('treegrid', { name: 'Call paths' });
  await expect(paths).toHaveAttribute('aria-rowcount', '502');
  const nNodes = () => page.evaluate(() => document.querySelectorAll('*').length);
  expect(await nNodes()).toBeLessThanOrEqual(1400);
  await paths.getByRole('row', { name: /Chain wide/ }).focus();
  await page.keyboard.press('End');
  await expect(paths.locator('[aria-rowindex="502"]')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(paths.locator('[aria-rowindex="501"]')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(paths.getByRole('row', { name: /Chain wide/ })).toBeFocused();
  for (let nth = 0; nth < 4; nth++) await page.keyboard.press('PageDown');
  const focused = paths.getByRole('row', { selected: true });
  await expect(focused).toBeFocused();
  expect(Number(await focused.getAttribute('aria-rowindex'))).toBeGreaterThan(20);
  expect(await nNodes()).toBeLessThanOrEqual(1400);

  await page.keyboard.press('5');
  await expect(page.getByRole('button', { name: /440 more names, 440 runs/ })).toBeVisible();
  expect(await nNodes()).toBeLessThanOrEqual(1400);
});
