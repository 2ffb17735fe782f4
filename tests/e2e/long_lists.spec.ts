// Lists that are longer than what is kept of them: pages come, go when one has scrolled on, and come again.
import type { Locator, Page } from '@playwright/test';
import { address, expect, test } from './support/fixtures';

const N_TRACES = 4200;
const ROW_PX = 32;
const number = (idx: number) => `trace ${String(idx).padStart(4, '0')}`;

const grid = (page: Page) => page.getByRole('grid', { name: 'Traces' });
/** The newest is the first. */
const row = (page: Page, place: number) => grid(page).getByRole('row', { name: number(N_TRACES - 1 - place) });

async function scrollTo(page: Page, place: number): Promise<void> {
  await grid(page).evaluate((list, top) => list.scrollTo({ top }), place * ROW_PX);
}

/** Rows in view that have nothing to show yet. */
const blank = (list: Locator) => list.getByRole('gridcell', { name: 'Loading' });

test('pages scrolled past are dropped, and fetched again where they begin', async ({ page, project, api }) => {
  test.setTimeout(120_000);
  await api.sendTraces(project, N_TRACES, (idx) => ({ name: number(idx) }));
  let pages: string[] = [];
  page.on('request', (request) => {
    const body = request.url().endsWith('/runs/query') ? request.postDataJSON() : undefined;
    if (body?.cursor) pages.push(body.cursor);
  });
  await page.goto(address.traces(project));
  await expect(row(page, 0)).toBeVisible();
  await row(page, 2).getByRole('checkbox').check();
  await row(page, 5).getByRole('gridcell').last().click({ modifiers: ['Shift'] });
  await expect(page.getByRole('toolbar', { name: 'Selected rows' })).toContainText('4 selected');

  // To the end, page by page: each is asked for once.
  await expect(async () => {
    await scrollTo(page, N_TRACES);
    await expect(row(page, N_TRACES - 1)).toBeVisible({ timeout: 100 });
  }).toPass({ timeout: 60_000, intervals: [0] });
  expect(new Set(pages).size).toBe(N_TRACES / 100 - 1);
  expect(pages.length, 'no page is asked for twice on the way').toBe(N_TRACES / 100 - 1);
  await expect(grid(page)).toHaveAttribute('aria-rowcount', String(N_TRACES + 1));

  // Back up: those pages are gone by now, and come by where they begin.
  const asked = pages;
  pages = [];
  await scrollTo(page, 1050);
  await expect(row(page, 1055)).toBeVisible();
  await expect(blank(grid(page))).toHaveCount(0);
  expect(pages.length).toBeGreaterThan(0);
  expect(asked).toEqual(expect.arrayContaining(pages));

  // The first page is always there, and so is what was selected.
  pages = [];
  await scrollTo(page, 0);
  await expect(row(page, 3)).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('toolbar', { name: 'Selected rows' })).toContainText('4 selected');
});

test('who drags past pages does not wait for them, and the focused row stays', async ({ page, project, api }) => {
  test.setTimeout(120_000);
  await api.sendTraces(project, N_TRACES, (idx) => ({ name: number(idx) }));
  await page.goto(address.traces(project));
  await expect(row(page, 0)).toBeVisible();
  await expect(async () => {
    await scrollTo(page, N_TRACES);
    await expect(row(page, N_TRACES - 1)).toBeVisible({ timeout: 100 });
  }).toPass({ timeout: 60_000, intervals: [0] });
  await row(page, N_TRACES - 1).focus();
  const focused = row(page, N_TRACES - 1);
  await expect(focused).toBeFocused();

  let n_asked = 0;
  page.on('request', (request) => (n_asked += request.url().endsWith('/runs/query') ? 1 : 0));
  await grid(page).evaluate(async (list) => {
    // Up over all pages in twenty frames, each of which shows others.
    for (let step = 20; step >= 8; step--) {
      list.scrollTo({ top: (list.scrollHeight * step) / 20 });
      await new Promise((done) => requestAnimationFrame(done));
    }
  });
  await expect(blank(grid(page))).toHaveCount(0);
  expect(n_asked, 'pages that were passed are not asked for').toBeLessThan(12);

  // The row with the cursor is still there: the next key leads from it.
  await page.keyboard.press('k');
  await expect(row(page, N_TRACES - 2)).toBeFocused();
});

test('no row is blank while one scrolls steadily back', async ({ page, project, api }) => {
  test.setTimeout(120_000);
  await api.sendTraces(project, N_TRACES, (idx) => ({ name: number(idx) }));
  await page.goto(address.traces(project));
  await expect(row(page, 0)).toBeVisible();
  await expect(async () => {
    await scrollTo(page, N_TRACES);
    await expect(row(page, N_TRACES - 1)).toBeVisible({ timeout: 100 });
  }).toPass({ timeout: 60_000, intervals: [0] });
  const nBlank = await grid(page).evaluate(async (list) => {
    // 3,000 pixels a second, for two seconds, measured by the clock: frames may be late.
    const [from, began] = [list.scrollTop, performance.now()];
    let nBlank = 0;
    for (;;) {
      await new Promise((done) => requestAnimationFrame(done));
      const after_s = (performance.now() - began) / 1000;
      if (after_s > 2) return nBlank;
      list.scrollTop = from - after_s * 3000;
      const { top, bottom } = list.getBoundingClientRect();
      for (const blank of list.querySelectorAll('.trace-placeholder')) {
        const box = blank.getBoundingClientRect();
        if (box.height > 0 && box.bottom > top && box.top < bottom) nBlank++;
      }
    }
  });
  expect(nBlank).toBe(0);
});
