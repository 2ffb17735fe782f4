// What traces contain is written by strangers: it is shown as text and runs nothing.
import { address, expect, test } from './support/fixtures';
import { hostileTrace } from './support/hostile';

const TABS = ['Messages', 'Documents', 'Input/Output', 'Error', 'Metadata', 'Feedback', 'Raw'];

test('hostile content is text on every page and every tab', async ({ page, project, api }) => {
  test.slow();
  const outside: string[] = [];
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith('http') && host !== new URL(api.url).host) outside.push(request.url());
  });
  const trace = await api.sendTrace(project, hostileTrace());
  await api.createFeedback(trace.id, { key: '<script>', score: 1, comment: '<img src=x onerror="window.fanlightWasTricked(1)">' });

  await page.goto(address.traces(project));
  await expect(page.getByRole('row', { name: /hostile <script>/ })).toBeVisible();
  await page.goto(address.trace(project, trace.id));
  for (const name of ['hostile', 'chat', 'documents', 'large', 'deep']) {
    await page.getByRole('treegrid', { name: 'Runs' }).getByRole('row', { name: new RegExp(name) }).first().click();
    // Until the run is there, the tabs are those of the one before.
    const details = page.getByRole('region', { name: 'Details', exact: true });
    await expect(details.getByRole('heading', { level: 2 })).toContainText(name);
    await expect(details.locator('[aria-busy=true]')).toHaveCount(0);
    for (const tab of TABS) {
      const button = page.getByRole('tab', { name: tab });
      if (await button.isVisible()) {
        await button.click();
        await expect(button).toHaveAttribute('aria-selected', 'true');
      }
    }
  }
  expect(outside, 'requests to other servers').toEqual([]);
  const links = await page.locator('main a').evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).protocol));
  expect(links.filter((protocol) => !['http:', 'https:', 'mailto:', 'blob:'].includes(protocol))).toEqual([]);
});

test('links in messages lead only to web pages, and tell them nothing', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, hostileTrace());
  const chat = trace.children[0];
  await page.goto(address.trace(project, trace.id, chat?.id));
  await page.getByRole('checkbox', { name: 'Markdown' }).check();
  const link = page.getByRole('link', { name: 'plain link' }).first();
  await expect(link).toHaveAttribute('href', 'https://example.com/docs');
  await expect(link).toHaveAttribute('rel', /noopener.*noreferrer/);
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(page.getByText('script link').first()).toBeVisible();
  await expect(page.getByRole('link', { name: /script link|data link|file link/ })).toHaveCount(0);
  await expect(page.getByRole('img', { name: 'remote image' }).and(page.locator('img'))).toHaveCount(0);
});

test('five megabytes and a thousand levels neither block nor break the page', async ({ page, project, api }) => {
  test.slow();
  const trace = await api.sendTrace(project, hostileTrace());
  for (const [name, sibling] of [['large', 'after the large one'], ['deep', 'beside the deep one']] as const) {
    const run = trace.children.find((child) => child.name === name);
    await page.goto(address.trace(project, trace.id, run?.id));
    await page.getByRole('tab', { name: 'Input/Output' }).click();
    await expect(page.getByRole('tree').getByText(sibling)).toBeVisible();
    // Answers at once: nothing is being computed behind it.
    const startedAt = Date.now();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(Date.now() - startedAt, `milliseconds to the next frame of "${name}"`).toBeLessThan(500);
    expect(await page.locator('*').count(), 'elements on the page').toBeLessThan(3000);
  }
});
