// Each page as axe sees it, in both themes; and each page on a phone.
import type { Page } from '@playwright/test';
import { address, expect, expectAccessible, expectNoSidewaysScroll, test } from './support/fixtures';
import type { Api, Project, RunSpec } from './support/api';
import { sendTurns, turn } from './support/threads';

const LLM: RunSpec = {
  name: 'model',
  type: 'llm',
  inputs: { messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Is a **refund** possible?' }] },
  outputs: { messages: [{ role: 'assistant', content: 'Yes, within 30 days:\n\n- with a receipt\n- unused' }] },
  extra: { metadata: { ls_provider: 'openai', ls_model_name: 'gpt-4o', usage_metadata: { input_tokens: 12, output_tokens: 9, total_tokens: 21 } } },
};

const TRACE: RunSpec = {
  name: 'answer a question with a name that is rather long for a narrow screen',
  inputs: { question: 'Is a refund possible? '.repeat(20) },
  outputs: { answer: 'Yes. '.repeat(40) },
  tags: ['beta', 'a-tag-that-is-longer-than-others'],
  children: [
    LLM,
    { name: 'documents', type: 'retriever', inputs: { query: 'refund' }, outputs: { documents: [{ page_content: 'Refunds are possible within 30 days.', metadata: { source: 'policy.md' } }] } },
    { name: 'broken tool', type: 'tool', inputs: { path: '/a' }, error: 'ValueError: no such file\nTraceback (most recent call last):\n  File "tool.py", line 3, in read' },
  ],
};

const THREAD = 'conversation-with-a-long-name-for-a-narrow-screen';

const CONVERSATION: RunSpec[] = [
  turn(THREAD, 'Is a refund possible? '.repeat(10), 'Yes. '.repeat(40)),
  turn(THREAD, 'How?', 'Like this.', {
    outputs: {
      messages: [
        { role: 'assistant', content: null, tool_calls: [{ id: 'c1', function: { name: 'look_up', arguments: '{"what": "refund"}' } }] },
        { role: 'tool', tool_call_id: 'c1', content: 'found' },
        { role: 'assistant', content: 'Like this.' },
      ],
    },
  }),
  turn(THREAD, 'Now?', '', { outputs: undefined, error: 'TimeoutError: the refund service did not answer' }),
];

/** Every page with something on it, and how to tell that it is there. */
const PAGES: Record<string, (page: Page, project: Project, api: Api) => Promise<void>> = {
  projects: async (page, project, api) => {
    await api.sendTrace(project, TRACE);
    await page.goto(address.projects());
    await expect(page.getByRole('link', { name: project.name }).first()).toBeVisible();
  },
  'empty project': async (page, project) => {
    await page.goto(address.traces(project));
    await expect(page.getByRole('heading', { name: 'No traces yet' })).toBeVisible();
  },
  traces: async (page, project, api) => {
    for (let idx = 0; idx < 3; idx++) await api.sendTrace(project, TRACE);
    await page.goto(address.traces(project));
    await expect(page.getByRole('row', { name: /answer a question/ }).first()).toBeVisible();
  },
  trace: async (page, project, api) => {
    const trace = await api.sendTrace(project, TRACE);
    await page.goto(address.trace(project, trace.id, trace.children[0]?.id));
    await expect(page.getByText('with a receipt')).toBeVisible();
  },
  'failed run': async (page, project, api) => {
    const trace = await api.sendTrace(project, TRACE);
    await page.goto(address.trace(project, trace.id, trace.children[2]?.id));
    await expect(page.getByText('no such file').first()).toBeVisible();
  },
  'retrieved documents': async (page, project, api) => {
    const trace = await api.sendTrace(project, TRACE);
    await page.goto(address.trace(project, trace.id, trace.children[1]?.id) + '&tab=documents');
    await expect(page.getByText('Refunds are possible within 30 days.').first()).toBeVisible();
  },
  'no threads': async (page, project) => {
    await page.goto(address.threads(project));
    await expect(page.getByRole('heading', { name: 'No threads yet' })).toBeVisible();
  },
  threads: async (page, project, api) => {
    await sendTurns(api, project, CONVERSATION);
    await page.goto(address.threads(project));
    await expect(page.getByRole('row', { name: /conversation-with-a-long-name/ })).toBeVisible();
  },
  thread: async (page, project, api) => {
    const turns = await sendTurns(api, project, CONVERSATION);
    await api.createFeedback(turns[0]?.id ?? '', { key: 'correctness', score: 0.5 });
    await page.goto(address.thread(project, THREAD));
    await expect(page.getByRole('article', { name: 'Turn 3', exact: true })).toContainText('refund service');
  },
  prompts: async (page, _project, api) => {
    const name = `accessible-${Date.now()}`;
    await api.pushPrompt(name, 'Be brief with {company}.', 'Be brief.');
    await page.goto(address.prompts());
    await expect(page.getByRole('row', { name: new RegExp(name) })).toBeVisible();
  },
  prompt: async (page, _project, api) => {
    const name = `accessible-${Date.now()}`;
    await api.pushPrompt(name, 'Be brief with {company}. '.repeat(20), 'Be brief, {company} {.');
    await page.goto(address.prompt(name));
    await expect(page.getByLabel('Text of message 1')).toHaveValue('Be brief, {company} {.');
  },
  storage: async (page, project, api) => {
    await api.sendTrace(project, TRACE);
    await page.goto(address.storage());
    await expect(page.getByRole('row', { name: new RegExp(project.name) })).toBeVisible();
  },
  'limiting a project': async (page, project, api) => {
    await api.sendTrace(project, TRACE);
    await page.goto(address.projects());
    await page.getByRole('button', { name: `Actions for ${project.name}` }).click();
    await page.getByRole('menuitem', { name: 'Retention' }).click();
    await page.getByRole('dialog').getByRole('radio', { name: 'Keep for', exact: true }).check();
    await expect(page.getByRole('dialog').getByRole('button', { name: 'Keep for 30 days' })).toBeEnabled();
  },
  'deleting a project': async (page, project, api) => {
    await api.sendTrace(project, TRACE);
    await page.goto(address.projects());
    await page.getByRole('button', { name: `Actions for ${project.name}` }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(page.getByRole('dialog').getByText('on disk')).toBeVisible();
  },
  'a page that does not exist': async (page) => {
    await page.goto('/nowhere');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  },
};

for (const [name, open] of Object.entries(PAGES)) {
  test(`${name}: axe finds no barrier in either theme`, async ({ page, project, api }) => {
    await open(page, project, api);
    await expectAccessible(page);
  });

  test(`${name}: 390 pixels are wide enough`, async ({ page, project, api }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, project, api);
    await expectNoSidewaysScroll(page);
  });
}

test('on a phone the navigation opens, leads on and closes', async ({ page, project }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(address.traces(project));
  await page.getByRole('button', { name: 'Navigation', exact: true }).click();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Projects' }).click();
  await expect(page.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Navigation', exact: true })).toHaveAttribute('aria-expanded', 'false');
});
