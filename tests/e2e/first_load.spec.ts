// What a first visit costs, and what the page is forbidden to do. The budgets are in docs/budgets.md.
import type { Page } from '@playwright/test';
import { address, expect, test } from './support/fixtures';

const BUDGET_BYTES = 400 * 1024;
/** Above the budget, and may only fall. */
// With the histogram and the counts, which follow the rows: the files that the rows wait for are weighed by themselves.
const TRACES_BYTES = 520_000;
/** Of files: HTML, JS, wasm, CSS. */
const BUDGET_REQUESTS = 12;
/** What the API answered and the headers of all answers, which are not part of the budget. */
const ALLOWANCE_BYTES = 20 * 1024;

/** Counts what the browser asks for from now on. */
async function watchNetwork(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const seen = { bytes: 0, paths: [] as string[] };
  session.on('Network.requestWillBeSent', ({ request }) => {
    if (!request.url.startsWith('data:')) seen.paths.push(new URL(request.url).pathname);
  });
  session.on('Network.loadingFinished', (event) => (seen.bytes += event.encodedDataLength));
  return seen;
}

/** What is not the API's. */
const files = (paths: string[]) => paths.filter((path) => !path.startsWith('/api/') && path !== '/info');

/** The files that hold code of `part`, without what it shares with others. */
const filesOf = (part: string, paths: string[]) =>
  paths.filter((path) => new RegExp(`^/${part}-[0-9a-f]{16}\\.wasm$`).test(path));

test('a first load of the projects stays within its budget', async ({ page }) => {
  const network = await watchNetwork(page);
  await page.goto(address.projects());
  await expect(page.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible();
  await page.waitForLoadState('load');
  expect(files(network.paths).length, network.paths.join('\n')).toBeLessThanOrEqual(BUDGET_REQUESTS);
  expect(network.bytes).toBeLessThanOrEqual(BUDGET_BYTES + ALLOWANCE_BYTES);
});

test('a first load of the traces stays within its budget, and a trace costs when it is opened', async ({
  page,
  project,
  api,
}) => {
  await api.sendTraces(project, 30, (idx) => ({ name: `trace ${idx}`, inputs: { question: 'Where is it?' } }));
  const network = await watchNetwork(page);
  await page.goto(address.traces(project));
  const row = (idx: number) => page.getByRole('row', { name: new RegExp(`trace ${idx}\\b`) });
  await expect(row(29)).toBeVisible();
  expect(files(network.paths).length, network.paths.join('\n')).toBeLessThanOrEqual(BUDGET_REQUESTS);
  expect(network.bytes).toBeLessThanOrEqual(TRACES_BYTES + ALLOWANCE_BYTES);
  expect(filesOf('traces', network.paths)).toHaveLength(1);
  expect([...filesOf('trace', network.paths), ...filesOf('details', network.paths)]).toEqual([]);

  await row(29).click();
  await expect(page.getByRole('treegrid', { name: 'Runs' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Details' }).getByText('Where is it?')).toBeVisible();
  await page.goBack();
  await row(28).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('trace 28');
  expect(filesOf('trace', network.paths), 'fetched once').toHaveLength(1);
  expect(filesOf('details', network.paths), 'fetched once').toHaveLength(1);
});

test('the filter language comes when it is wanted, the counts after the rows, and nothing moves', async ({
  page,
  project,
  api,
}) => {
  await api.sendTraces(project, 30, (idx) => ({ name: `trace ${idx}`, tags: ['beta'] }));
  const network = await watchNetwork(page);
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(address.traces(project));
  await expect(page.getByRole('row', { name: /trace 29/ })).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Choose a time' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Narrow down' }).getByRole('button', { name: 'beta', exact: true })).toBeVisible();
  const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
  // A count that becomes wider counts, too; a tenth is where shifts begin to be called bad.
  expect(shifts.reduce((sum, shift) => sum + shift, 0), shifts.join(' ')).toBeLessThanOrEqual(0.001);
  expect(filesOf('overview', network.paths)).toHaveLength(1);
  expect(filesOf('filters', network.paths), 'nobody filters yet').toEqual([]);

  await page.getByRole('combobox', { name: 'Filter' }).focus();
  await expect(() => expect(filesOf('filters', network.paths)).toHaveLength(1)).toPass();
  await page.goto(address.traces(project) + '?q=name:"trace 7"');
  await expect(page.getByRole('row', { name: /trace/ })).toHaveCount(1);
});

test('pointing at a trace fetches its code ahead', async ({ page, project, api }) => {
  await api.sendTraces(project, 1, () => ({ name: 'only one' }));
  const network = await watchNetwork(page);
  await page.goto(address.traces(project));
  await page.getByRole('row', { name: /only one/ }).hover();
  await expect(() => {
    expect(filesOf('trace', network.paths)).toHaveLength(1);
    expect(filesOf('details', network.paths)).toHaveLength(1);
  }).toPass();
  await expect(page).toHaveURL(address.traces(project));
});

test('code that did not arrive can be asked for again', async ({ browser }) => {
  // A server of its own: it goes away for a while.
  const { FanlightServer } = await import('./support/server');
  const { Api } = await import('./support/api');
  const server = await FanlightServer.start();
  const api = new Api(server.url);
  const project = await api.createProject('comes and goes');
  await api.sendTrace(project, { name: 'agent' });
  const page = await browser.newPage();
  await page.goto(server.url + address.traces(project));
  await expect(page.getByRole('row', { name: /agent/ })).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Choose a time' })).toBeVisible();

  await server.stop();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').getByText('The code of this part did not arrive')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('The code of this part did not arrive')).toBeVisible();

  await server.resume();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('treegrid', { name: 'Runs' })).toBeVisible();
  await page.close();
  await server.dispose();
});

test('the page forbids everything that it does not need', async ({ request }) => {
  const response = await request.get('/', { headers: { accept: 'text/html' } });
  const policy = new Map(
    (response.headers()['content-security-policy'] ?? '').split(';').map((rule) => {
      const [name = '', ...sources] = rule.trim().split(/\s+/);
      return [name, sources];
    }),
  );
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect(policy.get('style-src')).toEqual(["'self'"]);
  expect(policy.get('connect-src')).toEqual(["'self'"]);
  expect(policy.get('base-uri')).toEqual(["'none'"]);
  expect(policy.get('form-action')).toEqual(["'none'"]);
  expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
  const scripts = policy.get('script-src') ?? [];
  expect(scripts.filter((source) => !/^'sha256-/.test(source)).sort()).toEqual(["'self'", "'wasm-unsafe-eval'"]);
  for (const sources of policy.values()) {
    expect(sources.filter((source) => source.includes('://') || source.includes('*'))).toEqual([]);
  }
});
