// What models cost: set, tried on past runs before, and applied to them. Each test has a server of its own: prices are everybody's.
import { Api, type Project } from './support/api';
import { address, expect, expectAccessible, test } from './support/fixtures';
import { FanlightServer } from './support/server';

const CALL = {
  name: 'agent',
  children: [
    {
      name: 'my model',
      type: 'llm',
      extra: { metadata: { ls_model_name: 'my-llama-7b' } },
      outputs: { usage_metadata: { input_tokens: 1_000_000, output_tokens: 1_000_000, total_tokens: 2_000_000 } },
    },
  ],
};

/** A server with one call of a model that nobody knows the price of. */
async function withUnpricedCall(): Promise<{ server: FanlightServer; project: Project }> {
  const server = await FanlightServer.start();
  const api = new Api(server.url);
  const project = await api.createProject('priced by hand');
  await api.sendTrace(project, CALL);
  return { server, project };
}

test('a price is tried on past runs, saved, and applied to them', async ({ page }) => {
  const { server, project } = await withUnpricedCall();
  await page.goto(server.url + address.prices());
  await expect(page.getByRole('heading', { name: 'No prices of your own' })).toBeVisible();
  await page.getByRole('button', { name: 'New price' }).click();
  const dialog = page.getByRole('dialog', { name: 'New price' });
  await expect(dialog.getByLabel('Name', { exact: true })).toBeFocused();
  await dialog.getByLabel('Name', { exact: true }).fill('Llama');
  await dialog.getByLabel('Models').fill('^my-llama');
  const amounts = dialog.getByRole('group', { name: 'US dollars per million tokens' });
  await amounts.getByLabel('Input', { exact: true }).fill('much');
  await expect(amounts.getByLabel('Input', { exact: true })).toHaveAccessibleDescription(/such as 2.50/);
  await amounts.getByLabel('Input', { exact: true }).fill('2.50');
  await amounts.getByLabel('Output', { exact: true }).fill('10');
  const trial = dialog.getByRole('region', { name: 'On your own runs' });
  await expect(trial.getByRole('status')).toContainText('Fits my-llama-7b');
  await expect(trial.getByRole('status')).toContainText('$12.50 with this price');
  await expect(trial.getByRole('link', { name: 'my model' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Save price' }).click();

  await expect(page.getByRole('row', { name: /Llama/ })).toContainText('$2.5');
  await page.getByRole('button', { name: 'Price again' }).click();
  await expect(page.getByText('Done: 1 run looked at, 1 costs something else now')).toBeVisible();
  await page.goto(server.url + address.traces(project));
  await expect(page.getByRole('row', { name: /agent/ })).toContainText('$12.5');
  await server.dispose();
});

test('by keyboard alone, a price is found, changed and deleted', async ({ page }) => {
  const { server } = await withUnpricedCall();
  await fetch(`${server.url}/api/v1/model-price-map`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Llama', match_pattern: '^my-llama', prompt_cost: 1e-6 }),
  });
  await page.goto(server.url + address.projects());
  await expect(page.getByRole('link', { name: 'priced by hand' }).first()).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  const price = page.getByRole('button', { name: 'Change Llama' });
  await expect(price).toBeVisible();
  await price.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Change price' });
  await expect(dialog.getByLabel('Models')).toHaveValue('^my-llama');
  await dialog.getByRole('button', { name: 'Delete price' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'No prices of your own' })).toBeVisible();
  await server.dispose();
});

test('prices and their editor have no barriers', async ({ page }) => {
  const { server } = await withUnpricedCall();
  await page.goto(server.url + address.prices());
  await expect(page.getByRole('heading', { name: 'No prices of your own' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'New price' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save price' }).click();
  await expect(page.getByRole('dialog').getByText('A price has a name')).toBeVisible();
  await expectAccessible(page);
  await server.dispose();
});
