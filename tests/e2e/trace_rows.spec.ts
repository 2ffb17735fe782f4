// The rows of a trace: what they fold away, how one narrows them and finds things in them, and that a link keeps it all.
import type { Page } from '@playwright/test';
import type { RunSpec } from './support/api';
import { address, expect, expectAccessible, test } from './support/fixtures';

const calls = (count: number): RunSpec[] =>
  Array.from({ length: count }, (_, idx) => ({
    name: 'get_page',
    type: 'tool' as const,
    after: 100 + idx * 20,
    duration: 10 + idx,
    ...(idx === 3 ? { error: 'TimeoutError: page 3' } : {}),
  }));

const TRACE: RunSpec = {
  name: 'agent',
  duration: 5000,
  children: [
    { name: 'plan', type: 'llm', after: 0, duration: 90, outputs: { answer: 'look for zeppelins' } },
    ...calls(12),
    {
      name: 'research',
      after: 1000,
      duration: 3000,
      children: [
        { name: 'ask', type: 'llm', after: 0, duration: 1000, inputs: { question: 'what is a zeppelin?' } },
        { name: 'search_web', type: 'tool', after: 1000, duration: 1500 },
        { name: 'write', type: 'llm', after: 2500, duration: 400 },
      ],
    },
  ],
};

const rows = (page: Page) => page.getByRole('treegrid', { name: 'Runs' }).getByRole('row');
const row = (page: Page, name: RegExp | string) => page.getByRole('treegrid', { name: 'Runs' }).getByRole('row', { name });

test('equal calls are one row, opened and closed by keyboard, and the failed one stands out', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, TRACE);
  await page.goto(address.trace(project, trace.id));
  const group = row(page, /^11 equal runs, Tool get_page, 10 ms to 21 ms/);
  await expect(group).toHaveAttribute('aria-expanded', 'false');
  await expect(group).toHaveAttribute('aria-level', '2');
  await expect(group).toHaveAttribute('aria-posinset', '2');
  await expect(row(page, /^Tool get_page, 13 ms.*error/)).toBeVisible();
  await expect(rows(page)).toHaveCount(8);

  // agent, plan, the group.
  await expect(row(page, /agent/)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(group).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('ArrowRight');
  await expect(group).toHaveCount(0);
  await expect(rows(page)).toHaveCount(18);
  await expect(row(page, /^Tool get_page, 10 ms/)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  // The selected run stays outside of it.
  const others = row(page, /^10 equal runs, Tool get_page/);
  await expect(others).toBeFocused();

  // An opened group is part of the link.
  await others.click();
  await expect(page).toHaveURL(/[?&]x=/);
  await page.reload();
  await expect(rows(page)).toHaveCount(18);
});

test('one branch alone and hidden names say what they leave out, survive a link, and lead back', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, TRACE);
  await page.goto(address.trace(project, trace.id, trace.children[13]!.id));
  await expect(row(page, /research/)).toBeFocused();
  await page.keyboard.press('o');
  await expect(rows(page)).toHaveCount(4);
  const path = page.getByRole('navigation', { name: 'The branch shown alone' });
  await expect(path).toContainText('research');
  await expect(page).toHaveURL(/[?&]solo=/);
  await page.reload();
  await expect(rows(page)).toHaveCount(4);
  await page.keyboard.press('Shift+O');
  await expect(rows(page)).toHaveCount(8);
  await expect(path).toHaveCount(0);

  await page.keyboard.press('e');
  await expect(row(page, /get_page, 13 ms/)).toBeFocused();
  await page.keyboard.press('h');
  await expect(row(page, /get_page/)).toHaveCount(0);
  const chip = page.getByRole('button', { name: '1 name hidden, 12 runs, 1 failed' });
  await expect(chip).toBeVisible();
  await expect(page).toHaveURL(/[?&]hide=get_page/);
  await page.reload();
  await expect(chip).toBeVisible();
  await chip.click();
  await expectAccessible(page);
  await page.getByRole('dialog', { name: 'Hidden names' }).getByRole('button', { name: 'Show', exact: true }).click();
  await expect(row(page, /equal runs, Tool get_page/)).toBeVisible();
});

test('a search reads tokens, says what it cannot read, and can leave out everything else', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, TRACE);
  await page.goto(address.trace(project, trace.id));
  await expect(rows(page)).toHaveCount(8);
  await page.keyboard.press('/');
  const box = page.getByRole('searchbox', { name: /Find runs/ });
  await expect(box).toBeFocused();
  await page.keyboard.type('kind:banana');
  await expect(page.getByText('“banana” is not one of chain, llm, tool', { exact: false }).first()).toBeVisible();
  await expect(box).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);

  await box.fill('kind:tool dur:>1s');
  await page.keyboard.press('Enter');
  await expect(row(page, /search_web/)).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('button', { name: 'Only rows that match' }).click();
  await expect(row(page, /^13 hidden by the search, 1 of them failed/)).toBeVisible();
  await expect(rows(page)).toHaveCount(6);
  await expect(page).toHaveURL(/only=1/);

  // Words may be in payloads: the server is asked.
  await box.fill('zeppelin');
  await expect(page.getByText('2 in payloads')).toBeVisible();
  await expect(row(page, /LLM ask/)).toBeVisible();
  await expect(row(page, /LLM plan/)).toBeVisible();
  await page.getByRole('button', { name: 'Show rows that do not match' }).click();
  await expect(row(page, /equal runs, Tool get_page/)).toBeVisible();
});

test('the slowest tool call of a failed run is found by keyboard alone', async ({ page, project, api }) => {
  await api.sendTrace(project, { ...TRACE, error: 'TimeoutError: gave up' });
  await page.goto(address.traces(project));
  await expect(page.getByRole('row', { name: /agent/ })).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(row(page, /agent/)).toBeFocused();
  await page.keyboard.press('/');
  await page.keyboard.type('type:tool latency:>1s');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await expect(row(page, /^Tool search_web, 1.50 s/)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Details' })).toBeFocused();
  await page.keyboard.press('g');
  await page.keyboard.press('g');
  await expect(row(page, /search_web/)).toBeFocused();
});

test('where the time went adds up, and leads to the runs behind it', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, TRACE);
  await page.goto(address.trace(project, trace.id));
  const parts = page.getByRole('list', { name: 'Where the time went' });
  await expect(parts.getByRole('listitem')).toHaveCount(3);
  const llm = parts.getByRole('button', { name: /^LLM 1.49 s/ });
  await llm.click();
  await expect(page.getByRole('searchbox', { name: /Find runs/ })).toHaveValue('kind:llm');
  await expect(llm).toHaveAttribute('aria-pressed', 'true');
  await llm.click();
  await expect(page.getByRole('searchbox', { name: /Find runs/ })).toHaveValue('');
});

test('a link whose parts no longer fit opens all the same, and says so', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, TRACE);
  await page.goto(`${address.trace(project, trace.id)}?v=1&view=spiral&t=9~1&x=a::.00000000`);
  await expect(rows(page)).toHaveCount(8);
  await expect(page.getByText("The link's view could not be used")).toBeVisible();
  await expect(page.getByText('The trace has changed since the link was made: its rows are folded as usual')).toBeVisible();
});

test('the traces of a list are stepped through without going back to it', async ({ page, project, api }) => {
  const names = ['first', 'second', 'third'];
  await api.sendTraces(project, 3, (idx) => ({ name: names[idx]!, children: [{ name: `step of ${names[idx]}` }] }));
  await page.goto(address.traces(project));
  await page.getByRole('link', { name: 'second' }).click();
  await expect(row(page, /step of second/)).toBeVisible();
  await page.keyboard.press('j');
  await expect(row(page, /step of first/)).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.getByText('This is the last trace that the list has loaded')).toBeVisible();
  await page.keyboard.press('k');
  await expect(row(page, /step of second/)).toBeVisible();
});

test('a trace under way is followed until the reader moves', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, {
    name: 'agent',
    duration: null,
    children: Array.from({ length: 60 }, (_, idx) => ({ name: `step ${idx}`, after: idx * 10 })),
  });
  await page.goto(address.trace(project, trace.id));
  const follow = page.getByRole('button', { name: 'Follow', exact: true });
  await follow.click();
  await expect(row(page, /step 59/)).toBeInViewport();
  await api.sendChild(project, trace, trace, { name: 'the newest', after: 5000 });
  await expect(row(page, /the newest/)).toBeInViewport();
  await expect(row(page, /agent/)).toHaveAttribute('aria-selected', 'true');
  await page.mouse.move(300, 500);
  await page.mouse.wheel(0, -400);
  await expect(follow).toHaveAttribute('aria-pressed', 'false');
});
