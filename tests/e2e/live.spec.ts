// Traces that are still running, and a server that goes away for a while.
import { address, expect, test } from './support/fixtures';

test('a running trace grows and ends before the eyes of its reader', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, { name: 'agent', duration: null }, Date.now());
  await page.goto(address.trace(project, trace.id));
  const rows = page.getByRole('treegrid', { name: 'Runs' }).getByRole('row');
  await expect(rows).toHaveCount(1);

  const search = await api.sendChild(project, trace, trace, { name: 'search the web', type: 'tool', duration: null, after: 5 });
  await expect(page.getByRole('row', { name: /search the web/ })).toBeVisible();
  await api.patchRun(search, { end_time: new Date().toISOString(), outputs: { hits: 3 } });
  await api.sendChild(project, trace, trace, { name: 'write the answer', type: 'llm', after: 10 });
  await expect(rows).toHaveCount(3);

  await expect(page.getByText('running', { exact: true }).first()).toBeVisible();
  await api.patchRun(trace, { end_time: new Date().toISOString(), outputs: { answer: 'done' } });
  await expect(page.getByText('running', { exact: true })).toHaveCount(0);
});

test('a lost connection is said quietly, and what was missed is there when it is back', async ({ browser }) => {
  // A server of its own: stopping the worker's would disturb nobody today, and somebody tomorrow.
  const { FanlightServer } = await import('./support/server');
  const { Api } = await import('./support/api');
  const server = await FanlightServer.start();
  const api = new Api(server.url);
  const project = await api.createProject('comes and goes');
  await api.sendTrace(project, { name: 'before' });
  const page = await browser.newPage();
  await page.goto(server.url + address.traces(project));
  await expect(page.getByText('Live', { exact: true })).toBeVisible();

  await server.stop();
  const banner = page.getByText('The server cannot be reached');
  await expect(banner).toBeVisible({ timeout: 10_000 });
  await expect(page.getByRole('row', { name: /before/ })).toBeVisible();

  await server.resume();
  await api.sendTrace(project, { name: 'meanwhile' });
  await expect(banner).toBeHidden({ timeout: 15_000 });
  await expect(page.getByRole('row', { name: /meanwhile/ })).toBeVisible();
  await page.close();
  await server.dispose();
});
