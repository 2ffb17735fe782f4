// Many traces over time: a spike is seen, followed to the step behind it, and shared.
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import type { Api, Project } from './support/api';
import { address, expect, expectAccessible, expectNoSidewaysScroll, test } from './support/fixtures';

const HOUR = 3_600_000;
const SLOW_STEP = 'search_orders';

/** A day of traces, two an hour; five hours ago one step took five seconds instead of a fifth of one. */
async function sendSpike(api: Api, project: Project): Promise<number> {
  const spike = Math.floor(Date.now() / HOUR) * HOUR - 5 * HOUR;
  for (let hour = 22; hour >= 1; hour--) {
    const start = Math.floor(Date.now() / HOUR) * HOUR - hour * HOUR;
    const isSlow = start === spike;
    for (let idx = 0; idx < (isSlow ? 6 : 2); idx++) {
      const step = isSlow ? 5000 : 200;
      await api.sendTrace(
        project,
        {
          name: 'answer',
          duration: step + 400,
          error: isSlow && idx === 0 ? 'TimeoutError: the orders did not come' : undefined,
          extra: { metadata: { version: hour > 8 ? 'v1' : 'v2', region: isSlow ? 'eu' : 'us' } },
          children: [
            { name: SLOW_STEP, type: 'tool', duration: step },
            { name: 'chat', type: 'llm', after: step, duration: 300, extra: { metadata: { ls_model_name: 'gpt-4o', ls_provider: 'openai' } } },
          ],
        },
        start + idx * 60_000 + 1000,
      );
    }
  }
  return spike;
}

function latency(page: Page): Locator {
  return page.getByRole('slider', { name: 'Latency over time' });
}

/** Where `time` is in `chart`, which shows the last day in samples of half an hour. */
async function placeOf(chart: Locator, time: number): Promise<{ x: number; y: number }> {
  const box = await chart.boundingBox();
  if (!box) throw new Error('the chart is on the page');
  const nSamples = Number(await chart.getAttribute('aria-valuemax')) + 1;
  const fromLast = Math.floor(Date.now() / (HOUR / 2)) - Math.floor(time / (HOUR / 2));
  return { x: (box.width * (nSamples - fromLast - 0.5)) / nSamples, y: box.height * 0.4 };
}

async function clickAt(chart: Locator, time: number): Promise<void> {
  await chart.click({ position: await placeOf(chart, time) });
}

test('the step behind a latency spike is found by clicks', async ({ page, project, api }) => {
  const spike = await sendSpike(api, project);
  await page.goto(`/projects/${project.id}/traces`);
  await page.getByRole('link', { name: 'Monitor' }).click();
  await page.getByRole('button', { name: /^Time:/ }).click();
  await page.getByRole('button', { name: 'Last 24 hours' }).click();
  await expect(page.getByRole('article').filter({ hasText: 'Traces' })).toContainText('48');

  await clickAt(latency(page), spike + HOUR / 4);
  const dock = page.getByRole('region', { name: /–/ });
  await expect(dock.getByRole('status')).toContainText('1 failed');
  await expect(dock.getByRole('listitem').filter({ hasText: SLOW_STEP })).toContainText('5.00 s');
  await expect(dock.getByRole('listitem').filter({ hasText: SLOW_STEP })).toContainText('200 ms elsewhere');
  await expect(dock.getByRole('listitem').filter({ hasText: 'region = eu' })).toContainText('100 %');

  await dock.getByRole('listitem').filter({ hasText: 'slowest' }).getByRole('link').click();
  await expect(page.getByRole('treegrid', { name: 'Runs' }).getByRole('row', { name: new RegExp(SLOW_STEP) })).toBeVisible();
  await page.goBack();
  await expect(dock).toBeVisible();
  await dock.getByRole('link', { name: 'Open these traces' }).click();
  await expect(page).toHaveURL(/\/traces\?.*sort=latency/);
  await expect(page.getByRole('row', { name: /answer/ })).toHaveCount(6);
});

test('the same is found by keys alone', async ({ page, project, api }) => {
  await sendSpike(api, project);
  await page.goto(`/projects/${project.id}/monitor?t=24h`);
  const chart = latency(page);
  await expect(chart).toBeVisible();
  for (let presses = 0; presses < 60 && !(await chart.evaluate((element) => element === document.activeElement)); presses++) {
    await page.keyboard.press('Tab');
  }
  await expect(chart).toBeFocused();
  for (let presses = 0; presses < 60 && !/p50 5\.40 s/.test((await chart.getAttribute('aria-valuetext')) ?? ''); presses++) {
    await page.keyboard.press('ArrowLeft');
  }
  await expect(chart).toHaveAttribute('aria-valuetext', /p50 5\.40 s/);

  await page.keyboard.press('Shift+D');
  await expect(page.getByRole('dialog', { name: 'Latency' }).getByRole('table')).toContainText('5.40 s');
  await page.keyboard.press('Escape');
  await expect(chart).toBeFocused();
  for (let presses = 0; presses < 60 && !/p50 5\.40 s/.test((await chart.getAttribute('aria-valuetext')) ?? ''); presses++) {
    await page.keyboard.press('ArrowLeft');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /–/ })).toBeFocused();
  await expect(page.getByRole('listitem').filter({ hasText: SLOW_STEP }).filter({ hasText: 'elsewhere' })).toBeVisible();
  for (let presses = 0; presses < 10 && !/slowest/.test(await focusedRow(page)); presses++) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('treegrid', { name: 'Runs' }).getByRole('row', { name: new RegExp(SLOW_STEP) })).toBeVisible();
});

function focusedRow(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.closest('li')?.textContent ?? '');
}

test('a link shows a colleague the same charts and the same choice', async ({ page, project, api, browser, server }) => {
  const spike = await sendSpike(api, project);
  await page.goto(`/projects/${project.id}/monitor?t=24h`);
  await page.getByRole('combobox', { name: 'Group by' }).selectOption({ label: 'region' });
  await expect(page.getByRole('figure', { name: 'p95 latency by region' })).toBeVisible();
  await page.getByRole('button', { name: /^vs previous/ }).click();
  await page.getByRole('combobox', { name: 'Group by' }).selectOption({ label: 'nothing' });
  await clickAt(latency(page), spike + HOUR / 4);
  const heading = await page.getByRole('heading', { name: /–/ }).textContent();

  const context = await browser.newContext({ baseURL: server.url, timezoneId: 'UTC', locale: 'en-GB' });
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole('heading', { name: heading ?? '' })).toBeVisible();
  await expect(other.getByRole('button', { name: /^vs previous/ })).toHaveAttribute('aria-pressed', 'true');
  await other.getByRole('button', { name: 'Close what is chosen' }).click();
  await expect(other).not.toHaveURL(/[?&]b=/);
  await context.close();
});

test('hovering draws nothing, and all charts point at the same time', async ({ page, project, api }) => {
  const spike = await sendSpike(api, project);
  await page.addInitScript(() => localStorage.setItem('fanlight_counters', '1'));
  await page.goto(`/projects/${project.id}/monitor?t=24h`);
  const chart = latency(page);
  await expect(chart).toBeVisible();
  const draws = () => page.locator('canvas[data-draws]').evaluateAll((all) => all.map((canvas) => canvas.getAttribute('data-draws')));
  await expect(page.getByRole('figure', { name: 'Cost by model' })).toHaveAttribute('aria-busy', 'false');
  await expect(page.getByRole('figure', { name: 'Latency distribution' })).toHaveAttribute('aria-busy', 'false');
  const before = await draws();
  const box = await chart.boundingBox();
  if (!box) throw new Error('the chart is on the page');
  for (let step = 1; step < 10; step++) await page.mouse.move(box.x + (box.width * step) / 10, box.y + box.height / 2);
  const place = await placeOf(chart, spike + HOUR / 4);
  await page.mouse.move(box.x + place.x, box.y + place.y);
  await expect(chart).toHaveAttribute('aria-valuetext', /p50 5\.40 s/);
  expect(before.length).toBeGreaterThan(6);
  expect(await draws()).toEqual(before);
});

test('numbers leave as a file, and a hostile name stays text', async ({ page, project, api }) => {
  await api.sendTraces(project, 4, (idx) => ({ name: idx === 0 ? '=HYPERLINK("http://x")' : '<b onmouseover=fanlightWasTricked("name")>bold</b>' }));
  await page.goto(`/projects/${project.id}/monitor?t=1h&g=name`);
  const figure = page.getByRole('figure', { name: 'Traces by name' });
  await expect(figure.getByRole('button', { name: '<b onmouseover' })).toBeVisible();
  await figure.getByRole('button', { name: 'Traces by name as a table' }).click();
  const dialog = page.getByRole('dialog', { name: 'Traces by name' });
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Save as CSV' }).click()]);
  const csv = await readFile(await download.path(), 'utf8');
  expect(csv.split('\r\n')[0]).toContain(`"'=HYPERLINK(""http://x"")"`);
});

test('the page has no barrier, in either theme and on a small screen', async ({ page, project, api }) => {
  const spike = await sendSpike(api, project);
  await page.goto(`/projects/${project.id}/monitor?t=24h`);
  await expect(page.getByRole('slider', { name: 'Cost by model over time' }).or(page.getByText('Nothing to measure in this time')).first()).toBeVisible();
  await clickAt(latency(page), spike + HOUR / 4);
  await expect(page.getByRole('heading', { name: /–/ })).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 800 });
  await expectNoSidewaysScroll(page);
});

test('an empty project says what to do', async ({ page, project }) => {
  await page.goto(`/projects/${project.id}/monitor`);
  await expect(page.getByRole('heading', { name: 'Nothing to measure' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to the traces' }).click();
  await expect(page).toHaveURL(new RegExp(`${address.traces(project)}$`));
});
