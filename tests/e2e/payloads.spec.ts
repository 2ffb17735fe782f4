// What a run said and cost: quoted documents, explained costs, the conversation, payloads of any size.
import { type RunSpec } from './support/api';
import { address, expect, expectAccessible, expectNoSidewaysScroll, test } from './support/fixtures';
import type { Page } from '@playwright/test';

const DRAFT =
  'DRAFT, not approved by Legal. Items may be returned within 14 days of delivery. A restocking fee of 15 % applies to opened boxes. ' +
  'Refunds are issued as store credit unless the item is defective on arrival.';
const WRONG = 'You can return it within **14 days** from delivery. A restocking fee of **15 %** applies.';

/** The refund that was answered from the wrong document. */
const refund = (): RunSpec => ({
  name: 'process_chat',
  duration: 1000,
  inputs: { question: 'What is your refund policy for clothing?' },
  outputs: { response: WRONG },
  children: [
    {
      name: 'knowledge_agent',
      type: 'retriever',
      after: 10,
      inputs: { query: 'refund clothing' },
      outputs: {
        documents: [
          { page_content: 'Clothing and shoes can be sent back for a full refund.', metadata: { title: 'Returns: clothing', score: 0.91 } },
          { page_content: DRAFT, metadata: { title: 'Return Policy for Electronics (Internal-Only Draft)', score: 0.89 } },
        ],
      },
    },
    {
      name: 'ChatOpenAI',
      type: 'llm',
      after: 300,
      duration: 600,
      extra: { metadata: { ls_model_name: 'gpt-6-sol' } },
      inputs: { messages: [{ role: 'user', content: 'What is your refund policy for clothing?' }] },
      outputs: {
        choices: [{ message: { role: 'assistant', content: WRONG } }],
        usage_metadata: {
          input_tokens: 1000,
          output_tokens: 100,
          total_tokens: 1100,
          input_token_details: { cache_read: 400 },
          output_token_details: { reasoning: 60 },
        },
      },
    },
  ],
});

/** Presses Tab until what has the focus is named so; fails when it never is. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
    if (name.test(focused) && focused.length < 200) return;
  }
  throw new Error(`Tab never came to ${name}`);
}

const countNodes = (page: Page) => page.evaluate(() => document.querySelectorAll('*').length);

test('the document that misled the model is found by keyboard alone', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, refund());
  await page.goto(address.trace(project, trace.id));
  await expect(page.getByRole('region', { name: 'Documents that the answer quotes' })).toBeVisible();
  await expect(page.getByRole('row', { name: /process_chat/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, /Internal-Only Draft/);
  await page.keyboard.press('Enter');

  await expect(page.getByRole('tab', { name: /Documents/, selected: true })).toBeVisible();
  const first = page.getByRole('listitem').filter({ has: page.getByLabel('Rank 2') });
  await expect(first.getByRole('heading')).toHaveText('Return Policy for Electronics (Internal-Only Draft)');
  await expect(first.getByText(/% quoted/)).toBeVisible();
  await expect(first.locator('mark').first()).toHaveText('within 14 days of delivery. A restocking fee of 15 % applies');
  // The most used stands first, and what was not used says so.
  await expect(page.getByRole('heading', { level: 3 })).toHaveText([/Internal-Only Draft/, /Returns: clothing/]);
  await expect(page.getByText('Not quoted in the answer')).toBeVisible();
  await expectAccessible(page);

  // And back to the answer, and Back again.
  await page.getByRole('button', { name: 'process_chat' }).click();
  await expect(page.getByRole('tab', { name: 'Messages', selected: true })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('tab', { name: /Documents/, selected: true })).toBeVisible();
});

test('a cost explains itself, and a parent leads to what cost most', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, refund());
  await page.goto(address.trace(project, trace.id));
  await page.getByRole('button', { name: /explain this cost/ }).click();
  await expect(page).toHaveURL(/tab=cost/);
  const largest = page.getByRole('list', { name: 'The largest costs below this run' });
  await largest.getByRole('button', { name: /ChatOpenAI/ }).click();

  await expect(page.getByRole('heading', { name: 'ChatOpenAI' })).toBeVisible();
  const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name} `) });
  await expect(row('Cached input')).toContainText('400 × $0.2 per million');
  await expect(row('Input')).toContainText('600 × $2 per million');
  await expect(row('Reasoning')).toContainText('60 × $10 per million');
  await expect(row('Output')).toContainText('40 × $10 per million');
  await expect(row('Sum')).toContainText('$0.00228');
  await expect(page.getByText('2026-11-23')).toBeVisible();
  await expectAccessible(page);
});

test('a model without a price says so, and its cost is unknown', async ({ page, project, api }) => {
  const spec = refund();
  const llm = spec.children?.[1];
  if (llm) llm.extra = { metadata: { ls_model_name: 'my-own-llama' } };
  const trace = await api.sendTrace(project, spec);
  await page.goto(address.trace(project, trace.id, trace.children[1]?.id) + '&tab=cost');
  await expect(page.getByText('No price for model my-own-llama')).toBeVisible();
  await expect(page.getByText('Total cost unknown')).toBeVisible();
});

test('a trace is read as a conversation, with the runs behind it in the margin', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, refund());
  await page.goto(address.trace(project, trace.id));
  await expect(page.getByRole('row', { name: /process_chat/ })).toBeVisible();
  await page.keyboard.press('4');
  await expect(page).toHaveURL(/view=messages/);
  const conversation = page.getByRole('region', { name: 'Conversation' });
  await expect(conversation.getByRole('article')).toHaveCount(2);
  await expect(conversation.getByRole('article').first()).toContainText('What is your refund policy for clothing?');
  await expect(conversation.getByRole('button', { name: /knowledge_agent found 2 documents/ })).toBeVisible();
  const note = conversation.getByRole('button', { name: /gpt-6-sol/ });
  await note.click();
  await expect(note).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('region', { name: 'Details' }).getByRole('heading', { name: 'ChatOpenAI' })).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
});

test('a chat of 2,000 messages stays light and can be searched', async ({ page, project, api }) => {
  const messages = Array.from({ length: 2000 }, (_, n) => ({
    role: n % 2 ? 'assistant' : 'user',
    content: n === 700 ? 'Where is the zebra crossing?' : `Message number ${n}, with a few words more than that.`,
  }));
  const trace = await api.sendTrace(project, { name: 'chat', type: 'llm', inputs: { messages }, outputs: { role: 'assistant', content: 'The end.' } });
  await page.goto(address.trace(project, trace.id));
  const details = page.getByRole('region', { name: 'Details' });
  // Opens where the run added to it.
  await expect(details.getByText('The end.')).toBeInViewport();
  expect(await countNodes(page)).toBeLessThanOrEqual(1400);

  await details.getByText('The end.').click();
  await page.keyboard.press('Control+f');
  const find = details.getByRole('searchbox', { name: 'Find in messages' });
  await expect(find).toBeFocused();
  await find.fill('ZEBRA');
  await expect(details.getByText('In 1 message')).toBeVisible();
  await find.press('Enter');
  await expect(details.locator('mark', { hasText: 'zebra' })).toBeInViewport();
  expect(await countNodes(page)).toBeLessThanOrEqual(1400);

  await page.keyboard.press('Escape');
  await details.getByRole('heading', { name: 'chat' }).click();
  await page.keyboard.press('4');
  await expect(page.getByRole('region', { name: 'Conversation' }).getByText('Message number 0,')).toBeVisible();
  expect(await countNodes(page)).toBeLessThanOrEqual(1400);
});

test('a payload of 20 MB opens at once and is searched to its end', async ({ page, project, api }, testInfo) => {
  test.slow();
  const rows = Array.from({ length: 200_000 }, (_, id) => ({ id, title: `A record of a large payload, number ${id}`, tags: ['a', 'b'], score: 0.25 }));
  const large = 'x'.repeat(1_500_000);
  await api.sendTrace(project, { name: 'large', type: 'tool', inputs: { rows, large }, outputs: { ok: true } });
  await page.goto(address.traces(project));
  const link = page.getByRole('grid', { name: 'Traces' }).getByRole('link', { name: 'large' });
  await expect(link).toBeVisible();
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => tasks.push(entry.duration))).observe({ type: 'longtask' });
    Object.assign(window, { longTasks: tasks });
  });
  await link.click();
  const tree = page.getByRole('tree', { name: 'Input' });
  await expect(tree.getByRole('treeitem', { name: /rows/ })).toBeVisible({ timeout: 20_000 });
  const first = await page.evaluate(() => {
    const answer = performance.getEntriesByType('resource').find((entry) => /\/api\/v1\/runs\/[0-9a-f-]{36}$/.test(entry.name)) as PerformanceResourceTiming;
    return { received: Math.round(answer.responseEnd - answer.responseStart), since: Math.round(performance.now() - answer.responseEnd) };
  });
  expect(await countNodes(page)).toBeLessThanOrEqual(1400);

  // A text of 1.5 MB stays closed, with its size and a way to save it.
  await tree.getByRole('treeitem', { name: /^large/ }).click();
  await expect(tree.getByRole('button', { name: /Download \(1\.50 MB\)/ })).toBeVisible();

  await tree.getByRole('treeitem', { name: /^rows/ }).click();
  // A page of children is there, and of its rows those in view are on the page.
  await expect(tree.getByRole('treeitem', { name: /^0: 4 fields/ })).toBeVisible();
  expect(await countNodes(page)).toBeLessThanOrEqual(1400);
  await page.keyboard.press('Control+f');
  const find = page.getByRole('searchbox', { name: 'Find in input' });
  await expect(find).toBeFocused();
  await find.fill('number 198765');
  await expect(page.getByText('1 found')).toBeVisible({ timeout: 15_000 });
  await find.press('Enter');
  await expect(page.getByText('rows[198765].title')).toBeVisible();
  await expect(tree.getByText('A record of a large payload, number 198765')).toBeInViewport();
  expect(await countNodes(page)).toBeLessThanOrEqual(1400);
  const tasks = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks.map(Math.round));
  testInfo.annotations.push({ type: 'time', description: `received in ${first.received} ms, rows after ${first.since} ms more; tasks over 50 ms: ${tasks.join(', ') || 'none'}` });
  console.log(testInfo.annotations.at(-1)?.description);
});

test('a run under the pointer is fetched before it is selected, and only if the pointer stays', async ({ page, project, api }) => {
  const trace = await api.sendTrace(project, refund());
  const asked: string[] = [];
  page.on('request', (request) => {
    const id = /\/api\/v1\/runs\/([0-9a-f-]{36})$/.exec(request.url())?.[1];
    if (id) asked.push(id);
  });
  await page.goto(address.trace(project, trace.id) + '?tab=data');
  await expect(page.getByRole('tree', { name: 'Output' })).toBeVisible();
  const llm = trace.children[1];
  const row = page.getByRole('row', { name: /ChatOpenAI/ });
  asked.length = 0;
  await row.hover();
  await expect.poll(() => asked.filter((id) => id === llm?.id).length).toBe(1);
  await row.click();
  await expect(page.getByRole('region', { name: 'Details' }).getByRole('heading', { name: 'ChatOpenAI' })).toBeVisible();
  expect(asked.filter((id) => id === llm?.id)).toHaveLength(1);
});
