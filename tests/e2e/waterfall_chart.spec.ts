// The chart of a trace: time, zoom, ranges, colours, and what a frame of it may cost.
import type { Page } from '@playwright/test';
import { address, expect, test } from './support/fixtures';
import type { Api, Project, RunSpec, SentRun } from './support/api';

const HOUR = 3_600_000;

/** An answer that waited nine hours for somebody's approval. */
const NIGHT: RunSpec = {
  name: 'agent',
  duration: 9 * HOUR + 4_000,
  children: [
    { name: 'ask', type: 'llm', duration: 2_000, extra: { metadata: { ls_provider: 'openai', ls_model_name: 'gpt-4o' } } },
    { name: 'answer', type: 'llm', after: 9 * HOUR, duration: 4_000, extra: { metadata: { ls_provider: 'openai', ls_model_name: 'gpt-4o-mini' } } },
  ],
};

/** Steps of one second each, every tenth tool call failed; `calls` of them in each step. */
function busy(steps: number, calls: number): RunSpec {
  return {
    name: 'agent',
    duration: steps * 1_000,
    children: Array.from({ length: steps }, (_, step) => ({
      name: `step ${step}`,
      type: 'chain' as const,
      after: step * 1_000,
      duration: 900,
      children: Array.from({ length: calls }, (_, call) => ({
        name: `call ${call % 3}`,
        type: call % 2 ? ('tool' as const) : ('llm' as const),
        after: (call * 800) / calls,
        duration: 600 / calls,
        error: call % 10 === 9 ? 'TimeoutError: no answer' : undefined,
      })),
    })),
  };
}

async function open(page: Page, project: Project, trace: SentRun): Promise<void> {
  await page.goto(address.trace(project, trace.id));
  await expect(page.getByRole('treegrid', { name: 'Runs' })).toBeVisible();
  await expect(page.getByRole('row').first()).toBeVisible();
}

async function openNew(page: Page, project: Project, api: Api, spec: RunSpec): Promise<SentRun> {
  const trace = await api.sendTrace(project, spec);
  await open(page, project, trace);
  return trace;
}

interface Counts {
  frames: number;
  areaPx: number;
  mostRects: number;
  mostLabels: number;
  mostStyleChanges: number;
  totalNewTexts: number;
}

/** What painting has cost so far; `docs/budgets.md` says what is counted. */
async function counters(page: Page): Promise<Record<'grid' | 'bars' | 'overlay' | 'minimap', Counts>> {
  return page.evaluate(() => (window as unknown as { fanlightCounters: never }).fanlightCounters);
}

/** Where the chart is, right of the tree. */
async function chart(page: Page): Promise<{ left: number; right: number; top: number; bottom: number }> {
  const grid = await page.getByRole('treegrid', { name: 'Runs' }).boundingBox();
  const divider = await page.getByRole('separator', { name: 'Width of the tree' }).boundingBox();
  if (!grid || !divider) throw new Error('the waterfall is on the page');
  return { left: divider.x + divider.width, right: grid.x + grid.width - 20, top: grid.y, bottom: grid.y + grid.height };
}

/** The next frame has been painted. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

test('nine idle hours can be compressed and drawn again', async ({ page, project, api }) => {
  await openNew(page, project, api, NIGHT);
  await page.getByRole('button', { name: 'Compress', exact: true }).click();
  await expect(page.getByText('9 h idle, compressed')).toBeVisible();
  await expect(page).toHaveURL(/[?&]idle=1/);
  await page.reload();
  await expect(page.getByText('9 h idle, compressed')).toBeVisible();
  await page.keyboard.press('i');
  await expect(page.getByText('9 h idle', { exact: true })).toBeVisible();
});

test('a range of time says what it holds, is zoomed to and searched in', async ({ page, project, api }) => {
  await openNew(page, project, api, busy(10, 10));
  const { left, right, top } = await chart(page);
  const x = (share: number) => left + share * (right - left);
  await page.keyboard.down('Shift');
  await page.mouse.move(x(0.02), top + 40);
  await page.mouse.down();
  await page.mouse.move(x(0.105), top + 44, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  const range = page.getByRole('group', { name: 'Range of time' });
  await expect(range).toContainText(/\d+ runs, 1 error/);

  await range.getByRole('button', { name: 'Search inside' }).click();
  await expect(page.getByRole('searchbox', { name: /find/i })).toBeFocused();
  await range.getByRole('button', { name: 'Zoom' }).click();
  await expect(page).toHaveURL(/[?&]t=/);
  await range.getByRole('button', { name: 'Clear' }).click();
  await expect(range).toBeHidden();
});

test('markers are dropped and cleared by name', async ({ page, project, api }) => {
  await openNew(page, project, api, busy(4, 4));
  await page.keyboard.press('m');
  await expect(page.getByText('1 marker', { exact: true })).toBeVisible();
  await page.keyboard.press('End');
  await page.keyboard.press('m');
  await expect(page.getByText('2 markers')).toBeVisible();
  await page.getByRole('button', { name: 'Clear markers' }).click();
  await expect(page.getByText('2 markers')).toBeHidden();
});

test('colours can stand for models, and a legend says for which', async ({ page, project, api }) => {
  await openNew(page, project, api, NIGHT);
  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByRole('radio', { name: 'Model' }).check();
  await page.keyboard.press('Escape');
  const legend = page.getByRole('list', { name: 'Colours' });
  await expect(legend).toContainText('gpt-4o-mini');
  await expect(legend.getByRole('listitem')).toHaveCount(2);
  await expect(page).toHaveURL(/[?&]color=model/);
});

test('the map shows all rows and keeps the tree for the keyboard', async ({ page, project, api }) => {
  const trace = await openNew(page, project, api, busy(40, 10));
  await page.keyboard.press('v');
  await page.keyboard.press('End');
  const row = page.getByRole('row').first();
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await expect(page).toHaveURL(new RegExp(`s=(?!${trace.id})`));
  const { left, top } = await chart(page);
  await page.mouse.move(left + 200, top + 200);
  await page.keyboard.down('Control');
  for (let notch = 0; notch < 12; notch++) await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await expect(page.getByRole('row').nth(5)).toBeVisible();
});

test('fingers pan, pinch, fit and ask for the card', async ({ browser, server, project, api }) => {
  const trace = await api.sendTrace(project, busy(4, 4));
  const context = await browser.newContext({ hasTouch: true, viewport: { width: 1600, height: 800 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(server.url + address.trace(project, trace.id));
  await expect(page.getByRole('row').nth(3)).toBeVisible();
  const { left, right, top } = await chart(page);
  const touch = await context.newCDPSession(page);
  const fingers = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  const [middle, y] = [(left + right) / 2, top + 60];

  await fingers('touchStart', [middle - 30, y], [middle + 30, y]);
  for (const spread of [50, 80, 110]) await fingers('touchMove', [middle - spread, y], [middle + spread, y]);
  await fingers('touchEnd');
  await expect(page).toHaveURL(/[?&]t=/);
  const pinched = page.url();

  await fingers('touchStart', [middle, y]);
  for (const by of [20, 50, 80]) await fingers('touchMove', [middle - by, y]);
  await fingers('touchEnd');
  await expect(page).not.toHaveURL(pinched);

  await page.touchscreen.tap(middle, y);
  await page.touchscreen.tap(middle, y);
  await expect(page).toHaveURL(/[?&]s=/);

  await fingers('touchStart', [middle, y]);
  await expect(page.getByText(/of the trace/)).toBeVisible();
  await fingers('touchEnd');
  await context.close();
});

test('a run opens in a new tab with the middle button', async ({ page, project, api, context }) => {
  await openNew(page, project, api, busy(3, 2));
  const opened = context.waitForEvent('page');
  await page.getByRole('row', { name: /step 1/ }).click({ button: 'middle' });
  await expect((await opened).getByRole('treegrid', { name: 'Runs' })).toBeVisible();
  await expect(page).not.toHaveURL(/[?&]s=/);
});

test('no frame costs more than its budget, and pointing paints the overlay alone', async ({ page, project, api }) => {
  await page.addInitScript(() => localStorage.setItem('fanlight_counters', '1'));
  const trace = await api.sendTrace(project, busy(60, 40));
  await open(page, project, trace);
  const { left, right, top, bottom } = await chart(page);
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };

  await page.mouse.move(middle.x, middle.y);
  await painted(page);
  const before = await counters(page);
  for (let step = 0; step < 20; step++) {
    await page.mouse.move(middle.x + 7 * step, middle.y + 5 * step);
    await painted(page);
  }
  const pointed = await counters(page);
  expect(pointed.overlay.frames, 'pointing shows').toBeGreaterThan(before.overlay.frames);
  expect([pointed.grid.frames, pointed.bars.frames, pointed.minimap.frames], 'and repaints nothing else').toEqual([
    before.grid.frames,
    before.bars.frames,
    before.minimap.frames,
  ]);

  await page.keyboard.press('p');
  await page.keyboard.down('Control');
  for (let notch = 0; notch < 15; notch++) {
    await page.mouse.wheel(0, notch < 10 ? -120 : 90);
    await painted(page);
  }
  await page.keyboard.up('Control');
  await page.mouse.wheel(0, 600);
  await page.getByRole('searchbox', { name: /find/i }).fill('call');
  await page.getByRole('button', { name: 'Rows', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Collapse all' }).click();
  await page.keyboard.press('v');
  await painted(page);
  await painted(page);
  const worked = await counters(page);
  expect(worked.bars.frames).toBeGreaterThan(pointed.bars.frames);
  for (const canvas of Object.values(worked)) {
    expect(canvas.mostRects).toBeLessThanOrEqual(2_500);
    expect(canvas.mostLabels).toBeLessThanOrEqual(120);
    expect(canvas.mostStyleChanges).toBeLessThanOrEqual(16);
  }
});

test('selecting under a search repaints two rows, and texts cross to the browser once', async ({ page, project, api }) => {
  await page.addInitScript(() => localStorage.setItem('fanlight_counters', '1'));
  await openNew(page, project, api, busy(6, 4));
  await page.getByRole('searchbox', { name: /find/i }).fill('step');
  await page.getByRole('row', { name: /step 0/ }).click();
  await painted(page);
  const before = await counters(page);
  await page.keyboard.press('ArrowDown');
  await painted(page);
  await painted(page);
  const after = await counters(page);
  const paintings = after.bars.frames - before.bars.frames;
  expect(paintings, 'the row that was selected, and the one that is').toBe(2);
  expect(after.bars.areaPx, 'a row at a time').toBeLessThan(26 * 1280 + 1);
  expect(after.bars.totalNewTexts, 'known labels are not sent again').toBe(before.bars.totalNewTexts);
});

test('nothing happens for ten seconds when nobody does anything', async ({ page, project, api }) => {
  await page.addInitScript(() => {
    const counts = { frames: 0, timers: 0 };
    Object.assign(window, { idleCounts: counts });
    // What was asked for once, and what was called because of it: an interval is asked for only once.
    const count = (name: 'requestAnimationFrame' | 'setTimeout' | 'setInterval', key: 'frames' | 'timers') => {
      const original = window[name].bind(window) as (...args: unknown[]) => number;
      Object.assign(window, {
        [name]: (call: (...args: unknown[]) => void, ...args: unknown[]) => {
          counts[key]++;
          const counted = (...given: unknown[]) => {
            counts[key]++;
            call(...given);
          };
          return original(counted, ...args);
        },
      });
    };
    count('requestAnimationFrame', 'frames');
    count('setTimeout', 'timers');
    count('setInterval', 'timers');
  });
  // "just now" must not tick while nobody could see a difference.
  const root = await api.sendTrace(project, busy(5, 5), Date.now() - 5_000);
  await page.goto(address.trace(project, root.id));
  await expect(page.getByText('just now').first()).toBeVisible();
  const asked = () => page.evaluate(() => ({ ...(window as unknown as { idleCounts: object }).idleCounts }));
  // Everything that opening set off has come to rest.
  const rests = async () => {
    let before = await asked();
    await expect(async () => {
      const now = await asked();
      const isAtRest = JSON.stringify(now) === JSON.stringify(before);
      before = now;
      expect(isAtRest).toBe(true);
    }).toPass({ intervals: [1_000], timeout: 15_000 });
    return before;
  };
  const before = await rests();
  await page.waitForTimeout(10_000);
  expect(await asked()).toEqual(before);
});
