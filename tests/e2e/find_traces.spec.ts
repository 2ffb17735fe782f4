// Finding traces: the filter bar, the facets, the histogram, the order, and what is found looking as it should.
import { address, expect, expectAccessible, expectNoSidewaysScroll, test } from './support/fixtures';
import type { Api, Project, RunSpec } from './support/api';
import type { Page } from '@playwright/test';

const MINUTE = 60_000;

/** Forty traces within forty minutes: every fourth fails, every fifth is slow, in two environments. */
function spec(idx: number): RunSpec {
  return {
    name: idx % 2 ? 'checkout agent' : 'search agent',
    inputs: { question: idx % 8 === 0 ? 'Can I have a refund for order ' + idx : 'Where is my parcel ' + idx },
    outputs: { answer: 'On its way' },
    error: idx % 4 === 0 ? `TimeoutError: attempt ${idx} got no answer` : undefined,
    duration: idx % 5 === 0 ? 6_000 + idx * 100 : 300,
    tags: [idx % 2 ? 'prod' : 'beta'],
    extra: { metadata: { env: idx % 2 ? 'eu' : 'us' } },
  };
}

async function open(page: Page, project: Project, api: Api, query = ''): Promise<void> {
  const now = Date.now();
  for (let idx = 0; idx < 40; idx++) await api.sendTrace(project, spec(idx), now - (40 - idx) * MINUTE);
  await page.goto(address.traces(project) + query);
  await expect(page.getByRole('row', { name: /agent/ }).first()).toBeVisible();
}

const filter = (page: Page) => page.getByRole('combobox', { name: 'Filter' });
const found = (page: Page) => page.locator('h1 + [role=status]');

test('a filter is typed with the help of suggestions', async ({ page, project, api }) => {
  await open(page, project, api);
  await expect(found(page)).toHaveText('40 traces');
  await page.keyboard.press('/');
  await expect(filter(page)).toBeFocused();
  await page.keyboard.type('stat');
  await expect(page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option').first()).toContainText('status:');
  await page.keyboard.press('Tab');
  await page.keyboard.type('err');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Edit status:error' })).toBeVisible();
  await expect(found(page)).toHaveText('10 traces');
  await expect(page).toHaveURL(/q=status:error/);

  // Values come from the runs themselves, with how many have them.
  await filter(page).fill('name:sea');
  const suggestions = page.getByRole('listbox', { name: 'Suggestions' });
  await expect(suggestions.getByRole('option', { name: /search agent/ })).toContainText('10');
  await expect(suggestions.getByRole('option', { name: /checkout agent/ })).toHaveCount(0);
  await page.keyboard.press('Tab');
  await expect(found(page)).toHaveText('10 traces');

  // Back takes one condition at a time.
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Edit status:error' })).toBeVisible();
  await expect(page.getByRole('button', { name: /Edit name/ })).toHaveCount(0);
  await page.goBack();
  await expect(found(page)).toHaveText('40 traces');
});

test('a filter says what it would find before it is applied, and nothing moves', async ({ page, project, api }) => {
  await open(page, project, api);
  await expect(found(page)).toHaveText('40 traces');
  const outlook = page.getByRole('search').getByRole('status');
  const place = () => page.getByRole('grid', { name: 'Traces' }).boundingBox();
  const before = await place();
  await filter(page).fill('status:error');
  await expect(outlook).toHaveText('10 traces');
  await filter(page).fill('status:error latency:>2s');
  await expect(outlook).toHaveText('2 traces');
  // The list still answers the question before.
  await expect(found(page)).toHaveText('40 traces');

  await filter(page).fill('latency:>soon');
  await expect(outlook).toContainText('soon');
  expect(await place()).toEqual(before);

  await filter(page).fill('latency:>2s');
  await expect(outlook).toHaveText('8 traces');
  await page.keyboard.press('Enter');
  await expect(found(page)).toHaveText('8 traces');
  await expect(outlook).toBeEmpty();
});

test('a filter that cannot be read says where, and nothing is lost', async ({ page, project, api }) => {
  await open(page, project, api, '?q=status:error');
  await filter(page).fill('latency:>soon');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'soon' })).toBeVisible();
  await expect(filter(page)).toHaveValue('latency:>soon');
  await expect(filter(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(found(page)).toHaveText('10 traces');
  await filter(page).fill('latency:>2s');
  await page.keyboard.press('Enter');
  await expect(found(page)).toHaveText('2 traces');
});

test('a bad filter in a link is kept and explained', async ({ page, project, api }) => {
  await api.sendTrace(project, spec(1));
  await page.goto(address.traces(project) + '?q=and(eq(');
  await expect(page.getByRole('heading', { name: 'The filter cannot be read' })).toBeVisible();
  await expect(filter(page)).toHaveValue('and(eq(');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(page.getByRole('row', { name: /checkout agent/ })).toBeVisible();
});

test('words are found in what was said, and marked', async ({ page, project, api }) => {
  await open(page, project, api);
  await filter(page).fill('refund');
  await page.keyboard.press('Enter');
  await expect(found(page)).toHaveText('5 traces');
  await expect(page.getByRole('row', { name: /refund/ }).first().locator('mark')).toHaveText('refund');
});

test('words between quotes are found side by side', async ({ page, project, api }) => {
  await api.sendTrace(project, { name: 'one', inputs: { question: 'My late refund, please' } });
  await api.sendTrace(project, { name: 'two', inputs: { question: 'A refund of the late order' } });
  await page.goto(address.traces(project));
  await expect(page.getByRole('row', { name: /two/ })).toBeVisible();
  await filter(page).fill('"late refund"');
  await page.keyboard.press('Enter');
  await expect(found(page)).toHaveText('1 trace');
  await expect(page.getByRole('row', { name: /one/ }).locator('mark')).toHaveText('late refund');
  await page.getByRole('button', { name: 'Edit "late refund"' }).click();
  await filter(page).fill('late refund');
  await page.keyboard.press('Enter');
  await expect(found(page)).toHaveText('2 traces');
});

test('what is typed before the bar is ready is not lost', async ({ page, project, api }) => {
  await open(page, project, api);
  await page.keyboard.press('/');
  await page.keyboard.type('status:error', { delay: 0 });
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=status:error/);
  await expect(found(page)).toHaveText('10 traces');
  await expect(filter(page)).toBeFocused();
});

test('on a phone the facets close by a tap beside them and by Esc', async ({ page, project, api }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await open(page, project, api);
  const facets = page.getByRole('region', { name: 'Narrow down' });
  const narrow = page.getByRole('button', { name: 'Narrow down' });
  await narrow.click();
  await expect(facets).toBeVisible();
  await page.mouse.click(380, 400);
  await expect(facets).toBeHidden();
  await narrow.click();
  await facets.getByRole('button', { name: 'Failed', exact: true }).click();
  await expect(found(page)).toHaveText('10 traces');
  await page.keyboard.press('Escape');
  await expect(facets).toBeHidden();
});

test('facets include and exclude, as the bar does', async ({ page, project, api }) => {
  await open(page, project, api);
  const facets = page.getByRole('region', { name: 'Narrow down' });
  await facets.getByRole('button', { name: 'Failed', exact: true }).click();
  await expect(found(page)).toHaveText('10 traces');
  await expect(page.getByRole('button', { name: 'Edit status:error' })).toBeVisible();
  await facets.getByRole('button', { name: 'Exclude beta' }).click();
  await expect(found(page)).toHaveText('0 traces');
  await expect(page.getByRole('heading', { name: 'No traces found' })).toBeVisible();
  // The way back names the condition to blame.
  await page.getByRole('button', { name: /^Remove .* \(finds \d+\)/ }).click();
  await expect(page.getByRole('row', { name: /agent/ }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await facets.getByRole('button', { name: 'search agent', exact: true }).click({ modifiers: ['Shift'] });
  await expect(found(page)).toHaveText('20 traces');
  await expect(page).toHaveURL(/q=-name/);
});

test('a metadata key becomes a facet and a column', async ({ page, project, api }) => {
  await open(page, project, api);
  await page.getByRole('combobox', { name: 'Count another metadata key' }).selectOption('env');
  const facet = page.getByRole('region', { name: 'env', exact: true });
  await facet.getByRole('button', { name: 'eu', exact: true }).click();
  await expect(found(page)).toHaveText('20 traces');
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await page.getByRole('checkbox', { name: 'env (metadata)' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: 'env' })).toBeVisible();
  await expect(page.getByRole('row', { name: /checkout agent/ }).first().getByRole('gridcell', { name: 'eu' })).toBeVisible();
  await expect(page).toHaveURL(/metadata\.env/);
});

test('a stretch of time is brushed by pointer and by keys', async ({ page, project, api }) => {
  await open(page, project, api);
  const plot = page.getByRole('slider', { name: 'Choose a time' });
  await expect(plot).toHaveAttribute('aria-valuemax', /[1-9]/);
  const box = (await plot.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/t=.*~/);
  await expect(found(page)).not.toHaveText('40 traces');
  await page.getByRole('button', { name: 'Show all time' }).click();
  await expect(found(page)).toHaveText('40 traces');

  await plot.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(plot).toHaveAttribute('aria-valuetext', /run/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/t=.*~/);
  await page.goBack();
  await expect(found(page)).toHaveText('40 traces');
});

test('the histogram is also a table', async ({ page, project, api }) => {
  await open(page, project, api);
  await page.getByRole('button', { name: 'Histogram as a table' }).click();
  const table = page.getByRole('dialog', { name: 'Runs over time' }).getByRole('table');
  await expect(table.getByRole('row').nth(1)).toBeVisible();
});

test('times are relative or exact', async ({ page, project, api }) => {
  await open(page, project, api);
  await page.getByRole('button', { name: 'Time: All time' }).click();
  await page.getByRole('button', { name: 'Last 15 minutes' }).click();
  await expect(page).toHaveURL(/t=15m/);
  await expect(found(page)).toHaveText(/^1[45] traces/);
  await page.getByRole('button', { name: 'Time: Last 15 minutes' }).click();
  await page.getByLabel('From').fill('2020-01-02T10:00:00');
  await page.getByLabel('To', { exact: true }).fill('2020-01-01T10:00:00');
  await page.getByRole('button', { name: 'Show this time' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'after the beginning' })).toBeVisible();
  await page.getByLabel('To', { exact: true }).fill('2020-01-03T10:00:00');
  await page.getByRole('button', { name: 'Show this time' }).click();
  await expect(page.getByRole('heading', { name: 'No traces found' })).toBeVisible();
  await page.getByRole('button', { name: /^Show all time/ }).first().click();
  await expect(found(page)).toHaveText('40 traces');
});

test('the order follows a header, and says that the list is not live', async ({ page, project, api }) => {
  await open(page, project, api);
  const header = page.getByRole('columnheader', { name: 'Latency' });
  await header.click();
  await expect(header).toHaveAttribute('aria-sort', 'descending');
  await expect(page.getByRole('row').nth(1)).toContainText('9.50 s');
  await expect(page.getByRole('button', { name: 'Not live while sorted' })).toBeVisible();
  await header.click();
  await expect(header).toHaveAttribute('aria-sort', 'ascending');
  await expect(page).toHaveURL(/sort=latency\.reversed/);
});

test('only the keyboard leads from the list to the slowest failed tool call', async ({ page, project, api }) => {
  const tool = (idx: number): RunSpec => ({
    name: 'look up',
    type: 'tool',
    duration: 1_000 + idx * 500,
    error: idx % 2 ? `TimeoutError: ${idx}` : undefined,
  });
  for (let idx = 0; idx < 6; idx++) {
    await api.sendTrace(project, { name: 'agent', duration: 5_000, children: [tool(idx)] });
  }
  await page.goto(address.traces(project));
  await expect(page.getByRole('row', { name: /agent/ }).first()).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('show runs');
  await expect(page.getByRole('option', { name: /^Show runs/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(found(page)).toHaveText('12 runs');
  await page.keyboard.press('/');
  await page.keyboard.type('type:tool status:error');
  await page.keyboard.press('Enter');
  await expect(found(page)).toHaveText('3 runs');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  const latency = await page.getByRole('columnheader', { name: 'Latency' }).getAttribute('aria-colindex');
  for (let at = 1; at < Number(latency); at++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('s');
  await expect(page.getByRole('columnheader', { name: 'Latency' })).toHaveAttribute('aria-sort', 'descending');
  await expect(page.getByRole('row').nth(1)).toContainText('TimeoutError: 5');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/traces\/[0-9a-f-]+\?s=/);
  await expect(page.getByText('TimeoutError: 5').first()).toBeVisible();
});

test('the page stays small, reads well and fits a phone', async ({ page, project, api }) => {
  // Axe looks at the whole page twice.
  test.slow();
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, project, api);
  await expect(found(page)).toHaveText('40 traces');
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThanOrEqual(1400);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press(' ');
  await expect(page.getByRole('region', { name: 'Preview', exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
});
