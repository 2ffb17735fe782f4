// Two traces side by side: finding where they part, by keyboard; the ways there; what is said of what is missing.
import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectNoSidewaysScroll, test } from './support/fixtures';
import type { Project, RunSpec, SentRun } from './support/api';

const compare = (project: Project, a: SentRun, b: { id: string }) => `/projects/${project.id}/traces/${a.id}/compare/${b.id}`;

/** The same question answered from one document or another: the retriever is where the answers part. */
function refund(document: string, answer: string, searchMs: number): RunSpec {
  const question = { question: 'What is your refund policy for clothing?' };
  const context = { context: document, ...question };
  return {
    name: 'process_chat',
    inputs: question,
    outputs: { answer },
    duration: searchMs + 600,
    children: [
      { name: 'router', type: 'llm', inputs: question, outputs: { intent: 'returns' }, duration: 100 },
      {
        name: 'knowledge_agent',
        type: 'retriever',
        inputs: question,
        outputs: { documents: [{ page_content: document, metadata: { index: 'kb-v3' } }] },
        after: 100,
        duration: searchMs,
        children: [{ name: 'embed_query', type: 'embedding', inputs: question, outputs: { dimensions: 3 }, duration: 40 }],
      },
      { name: 'aggregator', type: 'llm', inputs: context, outputs: { text: answer }, after: 100 + searchMs, duration: 400 },
    ],
  };
}

const WRONG = refund('Electronics can be returned within 14 days.', 'You can return it within 14 days for store credit.', 310);
const RIGHT = refund('Clothing can be returned within 30 days.', 'You can return it within 30 days for a full refund.', 1_200);

const tree = (page: Page) => page.getByRole('treegrid', { name: 'Runs' });
const row = (page: Page, name: RegExp) => tree(page).getByRole('row', { name });

/** Leaves a mark that a page load would wipe away. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { isMarked: true }));
const isSamePage = (page: Page) => page.evaluate(() => 'isMarked' in window);

test('from the list to the document that misled the model, by keyboard only', async ({ page, project, api }) => {
  await api.sendTrace(project, WRONG, Date.now() - 120_000);
  await api.sendTrace(project, RIGHT);
  await page.goto(`/projects/${project.id}/traces`);
  await expect(page.getByRole('row', { name: /process_chat/ })).toHaveCount(2);

  // The older one first: it becomes A.
  for (const key of ['j', 'j', 'x', 'k', 'x', 'c']) await page.keyboard.press(key);
  await expect(page).toHaveURL(/\/compare\//);
  const retriever = row(page, /^knowledge_agent retriever, A 310 ms, B 1\.20 s, slower by 890 ms, output differs, first divergence$/);
  await expect(retriever).toBeFocused();
  await expect(retriever).toHaveAttribute('aria-selected', 'true');
  await expect(retriever).toHaveAttribute('aria-level', '2');
  const outputs = page.getByRole('region', { name: 'Outputs' });
  await expect(outputs).toContainText('documents › 0 › page_content');
  await expect(outputs.locator('del')).toHaveText(['Electronics', '14']);
  await expect(outputs.locator('ins')).toHaveText(['Clothing', '30']);
  await expect(page.getByRole('region', { name: 'Inputs' })).toContainText('Same in both');

  await page.keyboard.press('.');
  await expect(row(page, /^aggregator LLM.*input differs, output differs$/)).toBeFocused();
  await expect(page.getByRole('status').filter({ hasText: 'Difference, 3 of 3' })).toBeAttached();
  await page.keyboard.press('<');
  await expect(retriever).toBeFocused();
  await page.keyboard.press(',');
  await expect(row(page, /^process_chat chain/)).toBeFocused();

  await page.keyboard.press('Shift+H');
  await expect(row(page, /^router/)).toBeHidden();
  await expect(page.getByText('2 equal rows hidden')).toBeVisible();
  await expect(page).toHaveURL(/only=differences/);
  await page.keyboard.press('Shift+H');
  await expect(row(page, /^router LLM, A 100 ms, B 100 ms, equal$/)).toBeVisible();

  await page.keyboard.press('<');
  await page.keyboard.press('Shift+X');
  await expect(row(page, /^knowledge_agent retriever, A 1\.20 s, B 310 ms, faster by 890 ms, output differs, first divergence$/)).toBeVisible();
});

test('a trace is compared with another of its name, or with a pasted link', async ({ page, project, api }) => {
  const wrong = await api.sendTrace(project, WRONG, Date.now() - 120_000);
  const right = await api.sendTrace(project, RIGHT);
  await page.goto(`/projects/${project.id}/traces/${wrong.id}`);
  await expect(page.getByRole('treegrid', { name: 'Runs' })).toBeVisible();
  await mark(page);
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'Compare with another trace' });
  const field = dialog.getByRole('textbox', { name: 'Link or id of the other trace' });
  await field.fill('refund');
  await field.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('neither a link to a trace nor an id');
  await expect(dialog.getByRole('link', { name: /What is your refund policy/ })).toHaveCount(1);
  await field.fill(`https://fanlight.example/projects/${project.id}/traces/${right.id}?s=${right.children[0]?.id}`);
  await field.press('Enter');
  await expect(page).toHaveURL(new RegExp(`${wrong.id}/compare/${right.id}`));
  const verdict = page.getByRole('button', { name: /First divergence: knowledge_agent, output differs/ });
  await expect(verdict).toBeVisible();
  expect(await isSamePage(page), 'the page is not loaded again').toBe(true);

  // Back, and the same by a link of the dialog.
  await page.goBack();
  await expect(page.getByRole('treegrid', { name: 'Runs' })).toBeVisible();
  await page.keyboard.press('c');
  await dialog.getByRole('link', { name: /What is your refund policy/ }).click();
  await expect(verdict).toBeVisible();
  await expect(dialog).toBeHidden();
  expect(await isSamePage(page), 'the page is not loaded again').toBe(true);
});

test('runs of both traces are found, and a zoom is undone', async ({ page, project, api }) => {
  const wrong = await api.sendTrace(project, WRONG);
  const right = await api.sendTrace(project, RIGHT);
  await page.goto(compare(project, wrong, right));
  await expect(row(page, /^knowledge_agent/)).toBeFocused();
  await page.keyboard.press('/');
  await page.keyboard.type('type:llm');
  await page.keyboard.press('Enter');
  await expect(row(page, /^aggregator LLM/)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(row(page, /^router LLM/)).toHaveAttribute('aria-selected', 'true');
  await expect(page).toHaveURL(/[?&]q=type:llm/);
  await page.keyboard.press('Escape');
  await expect(row(page, /^router LLM/)).toBeFocused();
  await expect(page).not.toHaveURL(/[?&]q=/);

  await page.keyboard.press('f');
  await expect(page).toHaveURL(/[?&]t=/);
  await page.keyboard.press('Shift+F');
  await expect(page).not.toHaveURL(/[?&]t=/);
});

test('a link shows a colleague the same run and the same columns', async ({ page, project, api }) => {
  const wrong = await api.sendTrace(project, WRONG);
  const right = await api.sendTrace(project, RIGHT);
  await page.goto(`${compare(project, wrong, right)}?s=${right.children[2]?.id}&m=tokens&only=differences`);
  await expect(row(page, /^aggregator LLM, A 0 tokens, B 0 tokens/)).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('radio', { name: 'Tokens' })).toBeChecked();
  await expect(page.getByRole('button', { name: 'Only differences' })).toHaveAttribute('aria-pressed', 'true');
  await page.goto(`/projects/${project.id}/traces/${wrong.id}?cmp=${right.id}`);
  await expect(page).toHaveURL(new RegExp(`${wrong.id}/compare/${right.id}`));
});

test('runs without a counterpart keep their place', async ({ page, project, api }) => {
  const before = await api.sendTrace(project, { ...RIGHT, children: RIGHT.children?.slice(0, 2) });
  const after = await api.sendTrace(project, RIGHT);
  await page.goto(compare(project, before, after));
  await expect(row(page, /^aggregator LLM, B 400 ms, only in B, first divergence$/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Outputs' })).toContainText('within 30 days');
  await expect(page.getByRole('link', { name: 'Open in B' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open in A' })).toHaveCount(0);
});

test('equal traces have no differences, and a trace that does not exist is named', async ({ page, project, api, problems }) => {
  const one = await api.sendTrace(project, RIGHT);
  const other = await api.sendTrace(project, RIGHT);
  await page.goto(compare(project, one, other));
  await expect(page.getByText('No differences', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Only differences' })).toBeDisabled();

  await page.goto(compare(project, one, { id: '01938f00-0000-7000-8000-000000000009' }));
  await expect(page.getByRole('heading', { name: 'There is no trace B' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open the other trace' })).toHaveAttribute('href', new RegExp(one.id));
  // The browser notes every 404.
  problems.length = 0;
});

test('a slow trace is judged by what is usual, and the baseline can be narrowed', async ({ page, project, api }) => {
  const answer = 'You can return it within 30 days for a full refund.';
  for (let nth = 0; nth < 12; nth++) {
    await api.sendTrace(project, refund('Clothing can be returned within 30 days.', answer, 300 + 2 * nth), Date.now() - (nth + 2) * 60_000);
  }
  const slow = await api.sendTrace(project, refund('Clothing can be returned within 30 days.', answer, 3_000), Date.now() - 30_000);
  await page.goto(`/projects/${project.id}/traces/${slow.id}`);
  await expect(tree(page)).toBeVisible();
  await page.keyboard.press('c');
  await page.getByRole('dialog', { name: 'Compare with another trace' }).getByRole('link', { name: /With what is usual/ }).click();
  await expect(page).toHaveURL(new RegExp(`${slow.id}/compare/baseline`));
  const search = row(page, /^knowledge_agent retriever, usually 311 ms, here 3\.00 s, slower by 2\.69 s, percentile 99 of 12, time is unusual, first that is unusual$/);
  await expect(search).toBeFocused();
  await expect(row(page, /^router LLM, usually 100 ms, here 100 ms, percentile 50 of 12, nothing unusual$/)).toBeVisible();
  await expect(page.getByRole('button', { name: /First: knowledge_agent, time is unusual/ })).toBeVisible();

  await page.getByRole('button', { name: 'Median of 12 earlier traces' }).click();
  const traces = page.getByRole('dialog', { name: 'Traces of the baseline' });
  await traces.getByRole('checkbox', { name: /Take part/ }).first().click();
  await expect(page).toHaveURL(/without=/);
  await expect(page.getByRole('button', { name: 'Median of 11 earlier traces' })).toBeVisible();
  await expect(row(page, /^knowledge_agent.*percentile 99 of 11/)).toBeVisible();
  await expectAccessible(page);

  await page.goto(`/projects/${project.id}/traces/${slow.id}?cmp=baseline`);
  await expect(page).toHaveURL(new RegExp(`${slow.id}/compare/baseline`));
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(row(page, /^process_chat/)).toBeVisible();
  await expectNoSidewaysScroll(page);
});

test('what is usual cannot be told from two traces', async ({ page, project, api }) => {
  const one = await api.sendTrace(project, RIGHT, Date.now() - 120_000);
  await api.sendTrace(project, RIGHT);
  await page.goto(`/projects/${project.id}/traces/${one.id}/compare/baseline`);
  await expect(page.getByRole('heading', { name: 'Too few traces to tell what is usual' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open the trace' })).toHaveAttribute('href', new RegExp(one.id));
});

test('a thousand runs on both sides are few elements', async ({ page, project, api }) => {
  const wide = (word: string): RunSpec => ({
    name: 'batch',
    duration: 2_000,
    children: Array.from({ length: 1000 }, (_, idx) => ({ name: `step ${idx}`, type: 'tool', inputs: { idx }, outputs: { word: idx === 700 ? word : 'same' }, after: idx, duration: 1 })),
  });
  const one = await api.sendTrace(project, wide('one'));
  const other = await api.sendTrace(project, wide('other'));
  await page.goto(compare(project, one, other));
  await expect(row(page, /^step 700 tool.*output differs, first divergence$/)).toBeVisible();
  await expect(tree(page)).toHaveAttribute('aria-rowcount', '1001');
  await expect(row(page, /^step 700 tool/)).toBeFocused();
  await page.keyboard.press('End');
  await expect(row(page, /^step 999 tool/)).toBeFocused();
  await page.keyboard.press('PageUp');
  await page.keyboard.press('PageUp');
  await expect(tree(page).getByRole('row', { selected: true })).toBeFocused();
  await page.keyboard.press('Home');
  await expect(row(page, /^batch chain/)).toBeFocused();
  expect(await page.evaluate(() => document.querySelectorAll('*').length), 'elements on the page').toBeLessThanOrEqual(1400);
});

test('axe finds no barrier in either theme, and 390 pixels are wide enough', async ({ page, project, api }) => {
  const wrong = await api.sendTrace(project, WRONG);
  const right = await api.sendTrace(project, RIGHT);
  await page.goto(compare(project, wrong, right));
  await expect(page.getByRole('region', { name: 'Outputs' }).locator('ins').first()).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(compare(project, wrong, right));
  await expect(row(page, /^process_chat/)).toBeVisible();
  await expectNoSidewaysScroll(page);
});
