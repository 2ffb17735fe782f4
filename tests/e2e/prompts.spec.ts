// Prompts: pushed by the SDK, read, written, saved, tagged, and pulled again.
import { address, expect, test } from './support/fixtures';
import { runApplication } from './support/sdk';

const promptName = () => `prompt-${Date.now()}-${Math.floor(Math.random() * 1e6)}`;

test('two versions pushed by the SDK are read, a third is saved here, and the production tag moves to it', async ({ page, server }) => {
  const name = promptName();
  await runApplication('prompts.py', server.url, 'any', 'push', name, 'Answer for {company}.', 'Answer briefly for {company}.');
  await page.goto(address.prompts());
  const row = page.getByRole('row', { name: new RegExp(name) });
  await expect(row).toContainText('Version 2');
  await expect(row.getByRole('link', { name: 'production' })).toBeVisible();
  await row.getByRole('link', { name, exact: true }).click();

  const versions = page.getByRole('navigation', { name: 'Versions' });
  await expect(versions.getByRole('listitem').filter({ hasText: 'Python SDK' })).toHaveCount(2);
  const system = page.getByLabel('Text of message 1');
  await expect(system).toHaveValue('Answer briefly for {company}.');
  await page.getByLabel('company').fill('Acme');
  await expect(page.getByRole('complementary', { name: 'Preview' })).toContainText('Answer briefly for Acme.');

  await system.fill('Answer briefly and kindly for {company}.');
  await page.getByRole('button', { name: 'Save version…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What changed').fill('Kindly');
  await dialog.getByLabel('Your name').fill('Ada');
  await dialog.getByRole('button', { name: 'Save version' }).click();
  await expect(versions.getByRole('listitem').first()).toContainText('Kindly');
  await expect(versions.getByRole('listitem').first()).toContainText('Ada');

  await page.getByRole('button', { name: 'Tag…' }).click();
  await dialog.getByLabel('Tag', { exact: true }).fill('production');
  await expect(dialog.getByRole('status')).toContainText('Moves here from');
  await dialog.getByRole('button', { name: 'Tag version' }).click();
  await expect(versions.getByRole('listitem').first()).toContainText('production');
  await versions.getByText('Tag history').click();
  await expect(versions.getByText(/moved to/)).toContainText('by Ada');
  expect(await runApplication('prompts.py', server.url, 'any', 'pull', `${name}:production`)).toBe(
    'Answer briefly and kindly for {company}.\n',
  );
});

test('a version saved meanwhile is shown as what differs, and the draft is saved on top of it', async ({ page, api, problems }) => {
  const name = promptName();
  await api.pushPrompt(name, 'first');
  await page.goto(address.prompt(name));
  const system = page.getByLabel('Text of message 1');
  await system.fill('mine');
  await api.pushPrompt(name, 'theirs');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Save version' }).click();
  const conflict = page.getByRole('alert', { name: 'Conflict' });
  await expect(conflict).toContainText('Removed: theirs');
  await expect(conflict).toContainText('Added: mine');
  await expect(system).toHaveValue('mine');
  // The browser reports the 409 by itself.
  expect(problems.filter((problem) => !problem.includes('409'))).toEqual([]);
  problems.length = 0;

  await conflict.getByRole('button', { name: 'Save mine on top of it…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save version' }).click();
  await expect(page.getByRole('navigation', { name: 'Versions' }).getByRole('listitem')).toHaveCount(3);
  await expect(system).toHaveValue('mine');
});

test('a draft survives a reload, is undone step by step, and can be thrown away', async ({ page, api }) => {
  const name = promptName();
  await api.pushPrompt(name, 'as it was');
  await page.goto(address.prompt(name));
  const system = page.getByLabel('Text of message 1');
  await system.fill('as it will be');
  await page.getByRole('button', { name: 'Add a message' }).click();
  await page.getByLabel('Text of message 3').fill('more');
  await page.reload();
  await expect(page.getByLabel('Text of message 3')).toHaveValue('more');
  await expect(page.getByText('unsaved changes')).toBeVisible();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(system).toHaveValue('as it was');
  await page.keyboard.press('Control+z');
  await expect(system).toHaveValue('as it will be');
  await page.keyboard.press('Control+Shift+Z');
  await expect(system).toHaveValue('as it was');
  await page.reload();
  await expect(system).toHaveValue('as it was');
  await expect(page.getByText('unsaved changes')).toBeHidden();
});

test('an older version is opened by key and restored as the newest', async ({ page, api }) => {
  const name = promptName();
  await api.pushPrompt(name, 'good', 'bad');
  await page.goto(address.prompt(name));
  const system = page.getByLabel('Text of message 1');
  await expect(system).toHaveValue('bad');
  await page.keyboard.press('j');
  await expect(system).toHaveValue('good');
  await page.getByRole('button', { name: 'Restore this version…' }).click();
  await expect(page.getByRole('dialog').getByLabel('What changed')).toHaveValue(/^Restore [0-9a-f]{8}$/);
  await page.getByRole('dialog').getByRole('button', { name: 'Save version' }).click();
  await expect(page.getByRole('navigation', { name: 'Versions' }).getByRole('listitem')).toHaveCount(3);
  await expect(system).toHaveValue('good');
});

test('a prompt is made here, written and pulled by the line that is copied', async ({ page }) => {
  const name = promptName();
  await page.goto(address.prompts());
  await page.getByRole('button', { name: 'New prompt' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Not A Name');
  await expect(dialog.getByRole('button', { name: 'Create prompt' })).toBeDisabled();
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Create prompt' }).click();
  await expect(page.getByText('No versions yet')).toBeVisible();
  const system = page.getByLabel('Text of message 1');
  await system.fill('Reply to {customer');
  await expect(page.getByText('a { is never closed')).toBeVisible();
  await system.fill('Reply to {customer}');
  await page.getByRole('button', { name: 'Save first version…' }).click();
  await dialog.getByRole('button', { name: 'Save version' }).click();
  await page.getByRole('button', { name: 'Pull…' }).click();
  await page.getByRole('button', { name: /Copy the Python line/ }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    new RegExp(`^prompt = client.pull_prompt\\("${name}:[0-9a-f]{8}"\\)$`),
  );
});

test('a prompt is found by a word, and deleted with what is lost spelled out', async ({ page, api }) => {
  const name = promptName();
  await api.pushPrompt(name, 'first');
  await page.goto(address.prompts());
  await expect(page.getByRole('row', { name: new RegExp(name) })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type(name.slice(0, -2));
  await expect(page).toHaveURL(/q=/);
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog')).toContainText('All its versions');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete prompt' }).click();
  await expect(page.getByRole('heading', { name: 'No prompt like that' })).toBeVisible();
});

test('what a prompt holds is text, whoever pushed it', async ({ page, api }) => {
  const name = promptName();
  await api.pushPrompt(name, '<img src=x onerror="fanlightWasTricked(1)">{x}');
  await page.goto(address.prompt(name));
  await page.getByLabel('x', { exact: true }).fill('<script>fanlightWasTricked(2)</script>');
  await expect(page.getByRole('complementary', { name: 'Preview' })).toContainText('<img src=x');
  await expect(page.getByRole('complementary', { name: 'Preview' })).toContainText('<script>');
});
