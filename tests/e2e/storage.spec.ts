// What the data takes: seen, limited, deleted for good. Each test has a server of its own: the file is everybody's.
import { Api } from './support/api';
import { address, expect, test } from './support/fixtures';
import { FanlightServer } from './support/server';

interface Report {
  file_bytes: number;
  n_doomed_runs: number;
}

/** A megabyte that does not compress. */
const noise = () => Array.from({ length: 130_000 }, () => Math.random().toString(36).slice(2, 10)).join('');

async function report(server: FanlightServer): Promise<Report> {
  return (await (await fetch(`${server.url}/api/fanlight/v1/storage`)).json()) as Report;
}

test('a deleted project gives its bytes back, before the eyes of who deleted it', async ({ page }) => {
  test.slow();
  const server = await FanlightServer.start();
  const api = new Api(server.url);
  const project = await api.createProject('large and old');
  for (let idx = 0; idx < 12; idx++) {
    const trace = await api.sendTrace(project, { name: `trace ${idx}`, inputs: { noise: noise() }, children: [{ name: 'step' }] });
    if (idx === 0) await api.createFeedback(trace.id, { key: 'correctness', score: 1 });
  }
  const before = await report(server);

  await page.goto(server.url + address.storage());
  const row = page.getByRole('row', { name: /large and old/ });
  await expect(row).toContainText('MB');
  await row.getByRole('button', { name: 'Actions for large and old' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'traces' })).toHaveText('12 traces');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'runs' })).toHaveText('24 runs');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'feedback' })).toHaveText('1 piece of feedback');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'on disk' })).toContainText('MB');
  const confirm = dialog.getByRole('button', { name: 'Delete project' });
  await dialog.getByLabel("Type the project's name to confirm").fill('large and');
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel("Type the project's name to confirm").fill('large and old');
  await confirm.click();

  await expect(dialog.getByRole('status')).toContainText('MB freed', { timeout: 60_000 });
  await expect(row).toHaveCount(0);
  const after = await report(server);
  expect(after.n_doomed_runs).toBe(0);
  expect(after.file_bytes).toBeLessThan(before.file_bytes / 2);
  await server.dispose();
});

test('a limit says what it deletes before it does', async ({ page }) => {
  test.slow();
  const server = await FanlightServer.start();
  const api = new Api(server.url);
  const project = await api.createProject('kept for a while');
  const day = 24 * 3600_000;
  await api.sendTrace(project, { name: 'last year' }, Date.now() - 400 * day);
  await api.sendTrace(project, { name: 'last month' }, Date.now() - 40 * day);
  await api.sendTrace(project, { name: 'just now' });

  await page.goto(server.url + address.storage());
  await page.getByRole('button', { name: /for ever: change how long kept for a while is kept/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('radio', { name: 'Keep for ever' })).toBeChecked();
  await dialog.getByLabel('Days', { exact: true }).fill('1.5');
  await expect(dialog.getByLabel('Days', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Days', { exact: true }).fill('365');
  await expect(dialog.getByRole('status').first()).toContainText('1 trace is older');
  await dialog.getByLabel('Days', { exact: true }).fill('30');
  await dialog.getByRole('button', { name: 'Keep for 30 days and delete 2 traces' }).click();
  // The server looks for what is too old every ten seconds.
  await expect(dialog.getByRole('status')).toContainText(/freed|The file is/, { timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();

  await expect(page.getByRole('button', { name: /30 days: change how long kept for a while is kept/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /kept for a while/ }).getByRole('cell').first()).toHaveText('1');
  await page.goto(server.url + address.traces(project));
  await expect(page.getByRole('row', { name: /just now/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /last year/ })).toHaveCount(0);
  await server.dispose();
});
