// Working with what was found: columns, preview, selection, export, saved views, the palette, live updates under a filter.
import { readFile } from 'node:fs/promises';
import { address, expect, expectAccessible, test } from './support/fixtures';

const number = (idx: number) => `trace ${String(idx).padStart(3, '0')}`;

test('columns are resized, moved and hidden by pointer and by keys, and a link keeps them', async ({ page, project, api, context }) => {
  await api.sendTraces(project, 5, (idx) => ({ name: number(idx) }));
  await page.goto(address.traces(project));
  const name = page.getByRole('columnheader', { name: 'Name' });
  await expect(name).toBeVisible();
  const before = (await name.boundingBox())!;
  await page.mouse.move(before.x + before.width + 5, before.y + 15);
  await page.mouse.down();
  await page.mouse.move(before.x + before.width + 85, before.y + 15, { steps: 4 });
  await page.mouse.up();
  await expect(async () => expect((await name.boundingBox())!.width).toBeCloseTo(before.width + 80, 0)).toPass();

  await name.focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page).toHaveURL(/cols=status,input,name/);
  await page.keyboard.press('p');
  await expect(page).toHaveURL(/cols=name\.\d+\.pin/);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('columnheader', { name: 'Status' })).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('columnheader', { name: 'Status' })).toHaveCount(0);

  await expect(page).toHaveURL(/cols=name\.\d+\.pin,input/);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole('columnheader').nth(1)).toHaveText(/Name/);
  // A list without columns in its address shows those that this reader is used to.
  await other.goto(address.traces(project));
  await expect(other.getByRole('columnheader').nth(1)).toHaveText(/Name/);
  await other.close();
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await page.getByRole('button', { name: 'Usual columns' }).click();
  await expect(page.getByRole('columnheader', { name: 'Status' })).toBeAttached();
});

test('the preview stays while the cursor moves', async ({ page, project, api }) => {
  await api.sendTraces(project, 5, (idx) => ({ name: number(idx), inputs: { question: `question ${idx}` }, extra: { metadata: { env: `env-${idx}` } } }));
  await page.goto(address.traces(project));
  await expect(page.getByRole('row', { name: number(4) })).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press(' ');
  const preview = page.getByRole('region', { name: 'Preview', exact: true });
  await expect(preview.getByRole('heading', { name: number(4) })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(preview.getByRole('heading', { name: number(3) })).toBeVisible();
  await expect(preview).toContainText('env-3');
  await preview.getByRole('button', { name: 'Only with this env' }).click();
  await expect(page).toHaveURL(/env-3/);
  await expect(page.getByRole('row', { name: /trace/ })).toHaveCount(1);
  await page.getByRole('button', { name: 'Close the preview' }).click();
  await expect(preview).toHaveCount(0);
});

test('selected rows are counted, copied and exported', async ({ page, project, api }) => {
  await api.sendTraces(project, 6, (idx) => ({ name: number(idx), inputs: { question: `question ${idx}` } }));
  await page.goto(address.traces(project));
  await expect(page.getByRole('row', { name: number(5) })).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByRole('status').filter({ hasText: '3 selected' })).toBeAttached();
  await expect(page.getByRole('row', { name: number(4) })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Shift+Y');
  await expect(page.getByText('Copied as JSON')).toBeVisible();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as { name: string }[];
  expect(copied.map((run) => run.name).sort()).toEqual([3, 4, 5].map(number));

  await page.getByRole('toolbar', { name: 'Selected rows' }).getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog).toContainText('3 traces');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { name: string }).name).sort()).toEqual([3, 4, 5].map(number));
  await expect(dialog).toContainText('3 of 3 lines');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('toolbar', { name: 'Selected rows' })).toHaveCount(0);
});

test('what the filter finds is exported as a table', async ({ page, project, api }) => {
  await api.sendTraces(project, 6, (idx) => ({ name: number(idx), tags: [idx < 2 ? 'few' : 'many'] }));
  await page.goto(address.traces(project) + '?q=tag:few');
  await expect(page.getByRole('row', { name: number(1) })).toBeVisible();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('radio', { name: /^CSV/ }).check();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split(/\r?\n/);
  expect(lines[0]).toContain('id,trace_id');
  expect(lines).toHaveLength(3);
});

test('a view is saved, changed, renamed, opened, deleted and brought back', async ({ page, project, api }) => {
  await api.sendTraces(project, 6, (idx) => ({ name: number(idx), tags: [idx < 2 ? 'few' : 'many'] }));
  await page.goto(address.traces(project) + '?q=tag:few&sort=name');
  await expect(page.getByRole('row', { name: number(1) })).toBeVisible();
  await page.getByRole('button', { name: 'Views', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name of a new view' }).fill('the few');
  await page.getByRole('button', { name: 'Save view' }).click();
  const menu = page.getByRole('button', { name: /^the few/ }).first();
  await expect(menu).toBeVisible();

  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect(menu).toContainText('modified');
  await menu.click();
  await page.getByRole('button', { name: 'Back to the view' }).click();
  await expect(page).toHaveURL(/q=tag:few/);
  await expect(menu).not.toContainText('modified');
  await page.keyboard.press('Escape');

  await page.goto(address.traces(project));
  await page.getByRole('button', { name: 'Views', exact: true }).click();
  await page.getByRole('button', { name: 'Rename the few' }).click();
  await page.getByRole('textbox', { name: 'New name of the few' }).fill('only two');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'only two', exact: true }).click();
  await expect(page.getByRole('row', { name: /trace/ })).toHaveCount(2);

  await page.getByRole('button', { name: /^only two/ }).first().click();
  await page.getByRole('button', { name: 'Delete only two' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: /^(Views|only two)/ }).first().click();
  await expect(page.getByRole('button', { name: 'Rename only two' })).toBeVisible();
});

test('the palette goes to pages, views, commands and a pasted id', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, { name: 'agent', children: [{ name: 'deep inside', type: 'tool' }] });
  await page.goto(address.projects());
  await expect(page.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await expect(palette.getByRole('combobox', { name: 'Find a command' })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.type(trace.children[0]!.id);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`${trace.id}\\?s=${trace.children[0]!.id}`));
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page.getByRole('row', { name: /agent/ })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('theme: dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('new traces join a filtered list only if the filter finds them', async ({ page, project, api }) => {
  await api.sendTrace(project, { name: 'first', tags: ['wanted'] });
  await page.goto(address.traces(project) + '?q=tag:wanted');
  await expect(page.getByRole('row', { name: /first/ })).toBeVisible();
  await api.sendTrace(project, { name: 'other', tags: ['unwanted'] }, Date.now());
  await api.sendTrace(project, { name: 'second', tags: ['wanted'] }, Date.now());
  await expect(page.getByRole('row', { name: /second/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /other/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Live', exact: true }).click();
  await expect(page).toHaveURL(/live=off/);
  await api.sendTrace(project, { name: 'third', tags: ['wanted'] }, Date.now());
  await page.getByRole('button', { name: 'Live', exact: true }).click();
  await expect(page.getByRole('row', { name: /third/ })).toBeVisible();
});

test('every key is on the sheet', async ({ page, project, api }) => {
  await api.sendTrace(project, { name: 'agent' });
  await page.goto(address.traces(project));
  await expect(page.getByRole('row', { name: /agent/ })).toBeVisible();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (const heading of ['Everywhere', 'Traces', 'Column headers', 'Histogram', 'Filter']) {
    await expect(sheet.getByRole('heading', { name: heading, exact: true })).toBeVisible();
  }
});
