// Charts of one's own: made, arranged, shared by their address, and changed by two at once.
import type { Locator, Page } from '@playwright/test';
import type { Api, Project } from './support/api';
import { expect, expectAccessible, expectNoSidewaysScroll, test } from './support/fixtures';

async function sendSearches(api: Api, project: Project): Promise<void> {
  await api.sendTraces(project, 6, () => ({
    name: 'answer',
    duration: 900,
    children: [
      { name: 'search_orders', type: 'tool', duration: 500 },
      { name: 'chat', type: 'llm', after: 500, duration: 300, extra: { metadata: { ls_model_name: 'gpt-4o', ls_provider: 'openai' } } },
    ],
  }));
}

async function makeBoard(page: Page, project: Project, name: string): Promise<void> {
  await page.goto(`/projects/${project.id}/monitor?t=1h`);
  await page.getByRole('button', { name: 'Boards' }).click();
  await page.getByRole('menuitem', { name: 'New board…' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/board=[0-9a-f-]{36}/);
}

async function addChart(page: Page, title: string, mark = 'Lines'): Promise<void> {
  await page.getByRole('button', { name: 'Add a chart…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a chart' });
  await dialog.getByRole('combobox', { name: 'Drawn as' }).selectOption({ label: mark });
  await dialog.getByRole('textbox', { name: 'Title' }).fill(title);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(chart(page, title)).toBeVisible();
}

function chart(page: Page, title: string): Locator {
  return page.getByRole('figure', { name: title, exact: true });
}

/** The titles of the charts, in their order. */
function titles(page: Page): Promise<string[]> {
  return page.getByRole('region', { name: 'Charts of this board' }).getByRole('heading').allTextContents();
}

async function act(page: Page, title: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `What to do with ${title}`, exact: true }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

test('a chart is saved, shared by its link, and opened in a second browser', async ({ page, project, api, browser, server }) => {
  await sendSearches(api, project);
  await makeBoard(page, project, 'Steps');
  await page.getByRole('button', { name: 'Add a chart…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a chart' });
  await dialog.getByRole('combobox', { name: 'Metric' }).selectOption({ label: 'p95 latency' });
  await dialog.getByRole('combobox', { name: 'Of' }).selectOption({ label: 'All runs' });
  await dialog.getByRole('textbox', { name: 'Only where' }).fill('latency:>');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('alert').first()).not.toBeEmpty();
  await dialog.getByRole('textbox', { name: 'Only where' }).fill('name:search_orders');
  await dialog.getByRole('textbox', { name: 'Title' }).fill('How long the search takes');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('slider', { name: 'How long the search takes over time' })).toBeVisible();

  const context = await browser.newContext({ baseURL: server.url, timezoneId: 'UTC', locale: 'en-GB' });
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole('slider', { name: 'How long the search takes over time' })).toBeVisible();
  await expect(other.getByRole('combobox', { name: 'Charts' })).toContainText('Steps');
  await context.close();
});

test('charts are arranged, copied, edited and removed, and a removal is taken back', async ({ page, project, api }) => {
  await sendSearches(api, project);
  await makeBoard(page, project, 'Mine');
  await addChart(page, 'One');
  await addChart(page, 'Two', 'Number');
  await addChart(page, 'Three', 'Heat map of latencies');
  await act(page, 'One', 'Move later');
  await expect.poll(() => titles(page)).toEqual(['Two', 'One', 'Three']);

  const handle = page.getByRole('button', { name: 'Move Three' });
  const target = await chart(page, 'Two').boundingBox();
  if (!target) throw new Error('the chart is on the page');
  await handle.hover();
  await page.mouse.down();
  await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => titles(page)).toEqual(['Three', 'Two', 'One']);

  await act(page, 'Two', 'Duplicate');
  await expect.poll(() => titles(page)).toEqual(['Three', 'Two', 'Two (copy)', 'One']);
  await act(page, 'Two (copy)', 'Edit…');
  const dialog = page.getByRole('dialog', { name: 'Edit the chart' });
  await dialog.getByRole('combobox', { name: 'Drawn as' }).selectOption({ label: 'Table' });
  await dialog.getByRole('combobox', { name: 'By' }).selectOption({ label: 'Trace name' });
  await dialog.getByRole('textbox', { name: 'Title' }).fill('By name');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(chart(page, 'By name').getByRole('row', { name: /answer/ })).toContainText('900 ms');

  await act(page, 'Two', 'Remove');
  await expect.poll(() => titles(page)).toEqual(['Three', 'By name', 'One']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => titles(page)).toEqual(['Three', 'Two', 'By name', 'One']);
  await page.reload();
  await expect.poll(() => titles(page)).toEqual(['Three', 'Two', 'By name', 'One']);
});

test('a board is made and arranged by keys alone', async ({ page, project, api }) => {
  await sendSearches(api, project);
  await page.goto(`/projects/${project.id}/monitor?t=1h`);
  await page.getByRole('button', { name: 'Boards' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'New board…' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.type('By keys');
  await page.keyboard.press('Enter');
  const add = page.getByRole('button', { name: 'Add a chart…' });
  for (const title of ['First', 'Second']) {
    await expect(add).toBeVisible();
    await add.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Add a chart' });
    await dialog.getByRole('textbox', { name: 'Title' }).focus();
    await page.keyboard.type(title);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: `Move ${title}` }), 'one goes on with what was made').toBeFocused();
  }
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => titles(page)).toEqual(['Second', 'First']);
  await expect(page.getByRole('button', { name: 'Move Second' })).toBeFocused();
  await expect(page.getByRole('status').filter({ hasText: 'Second: place 1 of 2' })).toBeAttached();
  await page.keyboard.press('End');
  await expect.poll(() => titles(page)).toEqual(['First', 'Second']);
  await expect(page.getByRole('button', { name: 'Move Second' })).toBeFocused();
});

test('what two people change at once is kept, and what was typed is not lost', async ({ page, project, api, browser, server, problems }) => {
  await sendSearches(api, project);
  await makeBoard(page, project, 'Ours');
  await addChart(page, 'Shared');
  const context = await browser.newContext({ baseURL: server.url, timezoneId: 'UTC', locale: 'en-GB' });
  const other = await context.newPage();
  await other.goto(page.url());
  await addChart(other, 'Theirs');
  await addChart(page, 'Mine');
  await expect.poll(() => titles(page)).toEqual(['Shared', 'Theirs', 'Mine']);

  await act(page, 'Shared', 'Edit…');
  const dialog = page.getByRole('dialog', { name: 'Edit the chart' });
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Typed with care');
  await act(other, 'Shared', 'Remove');
  await expect(chart(other, 'Shared')).toBeHidden();
  await expect(other.getByText('Chart removed')).toBeVisible();
  await dialog.getByRole('button', { name: 'Save' }).click();
  const again = page.getByRole('dialog', { name: 'Add a chart' });
  await expect(again.getByRole('alert').last()).toContainText('Somebody else changed or removed this chart');
  await expect(again.getByRole('textbox', { name: 'Title' })).toHaveValue('Typed with care');
  await again.getByRole('button', { name: 'Save' }).click();
  await expect(chart(page, 'Typed with care')).toBeVisible();
  // The browser says in its console which first tries were refused.
  expect(problems.filter((problem) => !problem.includes('409'))).toEqual([]);
  problems.length = 0;
  await context.close();
});

test('a deleted board comes back under its link', async ({ page, project, api }) => {
  await sendSearches(api, project);
  await makeBoard(page, project, 'Short-lived');
  await addChart(page, 'Kept');
  const link = page.url();
  await page.getByRole('button', { name: 'Boards' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page).not.toHaveURL(/board=/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page).toHaveURL(link);
  await expect(chart(page, 'Kept')).toBeVisible();
  await page.goto(link.replace(/board=.{8}/, 'board=00000000'));
  await expect(page.getByRole('heading', { name: 'This board does not exist, or no longer' })).toBeVisible();
});

test('a board has no barrier, in either theme and on a small screen', async ({ page, project, api }) => {
  await sendSearches(api, project);
  await makeBoard(page, project, 'For all');
  await expectAccessible(page);
  await addChart(page, 'Lines');
  await addChart(page, 'Number', 'Number');
  await addChart(page, 'Table', 'Table');
  await expectAccessible(page);
  await act(page, 'Table', 'Edit…');
  await expect(page.getByRole('dialog', { name: 'Edit the chart' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 800 });
  await expectNoSidewaysScroll(page);
});
