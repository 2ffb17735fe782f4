// What models cost: set, tried on past runs before, and applied to them. Each test has a server of its own: prices are everybody's.
import type { Page } from '@playwright/test';
import { Api, type Project } from './support/api';
import { address, expect, expectAccessible, expectNoSidewaysScroll, test } from './support/fixtures';
import { FanlightServer } from './support/server';

const CALL = {
  name: 'agent',
  children: [
    {
      name: 'my model',
      type: 'llm' as const,
      extra: { metadata: { ls_model_name: 'my-llama-7b' } },
      outputs: { usage_metadata: { input_tokens: 1_000_000, output_tokens: 1_000_000, total_tokens: 2_000_000 } },
    },
  ],
};

/** A server with one call of a model that nobody knows the price of, and the address of that call. */
async function withUnpricedCall(): Promise<{ server: FanlightServer; project: Project; call: string }> {
  const server = await FanlightServer.start();
  const api = new Api(server.url);
  const project = await api.createProject('priced by hand');
  const root = await api.sendTrace(project, CALL);
  const call = `${server.url}/projects/${project.id}/traces/${root.id}?s=${root.children[0].id}&tab=cost`;
  return { server, project, call };
}

async function setPrice(server: FanlightServer, price: object): Promise<{ id: string }> {
  const response = await fetch(`${server.url}/api/v1/model-price-map`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Llama', match_pattern: '^my-llama', prompt_cost: 1e-6, ...price }),
  });
  return (await response.json()) as { id: string };
}

function own(page: Page) {
  return page.getByRole('region', { name: 'Your own prices' });
}

test('a model without a price in a trace gets one: tried, saved, and applied to the past', async ({ page }) => {
  const { server, call } = await withUnpricedCall();
  await page.goto(call);
  // The first page of a new server takes its time where the dashboard is a debug build.
  await expect(page.getByText('No price for model my-llama-7b')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('link', { name: 'Add a price for this model' }).click();

  const dialog = page.getByRole('dialog', { name: 'New price' });
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('my-llama-7b');
  await expect(dialog.getByLabel('Models')).toHaveValue('^my-llama-7b$');
  const amounts = dialog.getByRole('group', { name: 'US dollars per million tokens' });
  await amounts.getByLabel('Input', { exact: true }).fill('much');
  await expect(amounts.getByLabel('Input', { exact: true })).toHaveAccessibleDescription(/such as 2.50/);
  await amounts.getByLabel('Input', { exact: true }).fill('2.50');
  await amounts.getByLabel('Output', { exact: true }).fill('10');
  const trial = dialog.getByRole('region', { name: 'On your own runs' });
  await expect(trial.getByRole('status')).toContainText('Fits my-llama-7b: 1 of the last 1 run of models match');
  await expect(trial.getByRole('status')).toContainText('$0 today, $12.50 then; 1 would change');
  await expect(trial.getByRole('link', { name: 'my model' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Save price' }).click();

  await expect(own(page).getByRole('row', { name: /my-llama-7b/ })).toContainText('$2.5');
  await expect(page.getByRole('link', { name: 'Has a price now: price its runs again' })).toBeVisible();
  await page.getByRole('button', { name: 'Price again' }).click();
  await expect(page.getByText('Done: 1 run looked at, 1 costs something else now')).toBeVisible();
  await expect(page.getByText('None: every run that names a model and its tokens has a cost')).toBeVisible();

  await page.goto(call);
  await expect(page.getByText('$12.5', { exact: true }).first()).toBeVisible();
  await page.getByRole('link', { name: 'my-llama-7b' }).click();
  await expect(page.getByRole('dialog', { name: 'Change price' }).getByLabel('Name', { exact: true })).toHaveValue('my-llama-7b');
  await server.dispose();
});

test('by keyboard alone, a price is changed, deleted and taken back', async ({ page }) => {
  const { server } = await withUnpricedCall();
  await setPrice(server, {});
  await page.goto(server.url + address.projects());
  await expect(page.getByRole('link', { name: 'priced by hand' }).first()).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  const price = own(page).getByRole('link', { name: 'Llama' });
  await price.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Change price' });
  await expect(dialog.getByLabel('Models')).toHaveValue('^my-llama');
  await dialog.getByLabel('Name', { exact: true }).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('Llama at home');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();

  const menu = own(page).getByRole('button', { name: 'Actions for Llama at home' });
  await menu.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Change…' })).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(own(page).getByText('None yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await expect(own(page).getByRole('link', { name: 'Llama at home' })).toBeVisible();

  await page.locator('body').press('n');
  await expect(page.getByRole('dialog', { name: 'New price' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(server.url + address.prices());
  await server.dispose();
});

test('a price that Fanlight comes with is found, linked to, and copied', async ({ page }) => {
  const { server } = await withUnpricedCall();
  await page.goto(`${server.url}${address.prices()}?price=gpt-6-sol`);
  const shipped = page.getByRole('region', { name: 'Prices that Fanlight comes with' });
  const row = shipped.getByRole('row', { name: /gpt-6-sol openai/ });
  await expect(row).toBeInViewport();
  await expect(row).toHaveAttribute('aria-current', 'true');
  await expect(row).toContainText('Above 272,000 input tokens: input $4, output $15');
  await shipped.getByRole('searchbox', { name: 'Find a price' }).fill('anthropic haiku');
  await expect(row).toBeHidden();
  await expect(page).toHaveURL(/\?q=anthropic%20haiku$/);
  await shipped.getByRole('button', { name: 'Actions for claude-haiku-4-5' }).click();
  await page.getByRole('menuitem', { name: 'Set your own like it…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New price' });
  const amounts = dialog.getByRole('group', { name: 'US dollars per million tokens' });
  await expect(amounts.getByLabel('Output', { exact: true })).toHaveValue('5');
  await dialog.getByRole('button', { name: 'Save price' }).click();
  await expect(own(page).getByRole('row', { name: /claude-haiku-4-5/ })).toContainText('Tokens cached for an hour of input: $2');
  await server.dispose();
});

test('prices and their editor have no barriers', async ({ page }) => {
  // Four audits, two of them of every price that Fanlight comes with.
  test.slow();
  const { server } = await withUnpricedCall();
  await page.goto(server.url + address.prices());
  await expect(page.getByRole('link', { name: 'Add a price for my-llama-7b' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'gpt-6-sol', exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await page.getByRole('button', { name: 'New price' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save price' }).click();
  await expect(page.getByRole('dialog').getByText('A price has a name')).toBeVisible();
  await expectAccessible(page);
  await server.dispose();
});
