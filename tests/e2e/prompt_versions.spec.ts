// Two versions of a prompt: what differs, read by keyboard; which one wins in production, and when nobody does.
import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectNoSidewaysScroll, test } from './support/fixtures';
import type { Api, Project } from './support/api';

interface Version {
  hash: string;
  system: string;
}

const EQUAL = Array.from({ length: 12 }, (_, idx) => `Rule ${idx + 1} is as it was.`).join('\n');
const MOVED = 'Never promise a refund before you have read the policy.\nAlways quote the passage you rely on.';

const OLD = `You help {company}.\nHelp the customer efficiently.\n${MOVED}\n${EQUAL}\nUse the context below if you can.\n{context}`;
const NEW = `You help {company}.\nOwn the customer's problem.\n${EQUAL}\n${MOVED}\nUse only the context below.\n{passages}`;

/** A prompt in LangChain's serialisation, bound to a model, as the SDK pushes it. */
function manifest(system: string, temperature: number) {
  const object = (id: string[], kwargs: Record<string, unknown>) => ({ lc: 1, type: 'constructor', id, kwargs });
  const message = (kind: string, template: string) =>
    object(['langchain', 'prompts', 'chat', `${kind}MessagePromptTemplate`], {
      prompt: object(['langchain', 'prompts', 'prompt', 'PromptTemplate'], {
        template,
        input_variables: [],
        template_format: 'f-string',
      }),
    });
  const messages = [message('System', system), message('Human', '{question}')];
  return object(['langchain_core', 'runnables', 'RunnableSequence'], {
    first: object(['langchain', 'prompts', 'chat', 'ChatPromptTemplate'], { input_variables: [], messages }),
    last: object(['langchain', 'chat_models', 'openai', 'ChatOpenAI'], { model: 'gpt-4o', temperature }),
  });
}

async function push(api: Api, name: string, system: string, temperature: number, parent: string | null): Promise<Version> {
  const headers = { 'content-type': 'application/json' };
  if (!parent) {
    const body = JSON.stringify({ repo_handle: name, is_public: false });
    expect((await fetch(`${api.url}/api/v1/repos`, { method: 'POST', headers, body })).ok).toBe(true);
  }
  const body = JSON.stringify({ manifest: manifest(system, temperature), parent_commit: parent });
  const answer = await fetch(`${api.url}/api/v1/commits/-/${name}`, { method: 'POST', headers, body });
  expect(answer.ok, await answer.clone().text()).toBe(true);
  const { commit } = (await answer.json()) as { commit: { commit_hash: string } };
  return { hash: commit.commit_hash, system };
}

/** 200 traced calls of a version, sixty of them scored. Every twentieth fails; latency varies above `latencyMs`. */
async function call(api: Api, project: Project, name: string, version: Version, latencyMs: number, score: number) {
  const metadata = { lc_hub_owner: '-', lc_hub_repo: name, lc_hub_commit_hash: version.hash };
  const start = Date.now() - 3_600_000;
  const one = async (idx: number) => {
    const spec = {
      name: 'answer',
      inputs: { question: 'Refund?' },
      outputs: { answer: 'Yes.' },
      error: idx % 20 === 0 ? 'Timeout' : undefined,
      duration: latencyMs + ((idx * 37) % 100) * 4,
      extra: { metadata },
    };
    const run = await api.sendTrace(project, spec, start + idx * 1000);
    if (idx < 60) await api.createFeedback(run.id, { key: 'tone', score: score + (idx % 5) * 0.02 });
  };
  for (let from = 0; from < 200; from += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, idx) => one(from + idx)));
  }
}

const lines = (page: Page) => page.getByRole('region', { name: 'What changed' });
const production = (page: Page) => page.getByRole('region', { name: 'In production' });
const measure = (page: Page, name: string) => production(page).getByRole('row', { name: new RegExp(`^${name}`) });

test('the changes of two versions are read by keyboard, and the better one is named', async ({ page, project, api }) => {
  const name = `support-${Date.now()}`;
  const a = await push(api, name, OLD, 0.7, null);
  const b = await push(api, name, NEW, 0.2, a.hash);
  await call(api, project, name, a, 1_400, 0.6);
  await call(api, project, name, b, 1_000, 0.8);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`/prompts/${name}/compare/${a.hash.slice(0, 8)}..${b.hash.slice(0, 8)}`);

  await expect(lines(page).getByRole('heading', { name: 'system' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Variables that changed' })).toHaveText('renamed context → passages');
  await expect(lines(page)).toContainText('moved to line');
  await expect(lines(page).getByText('Show 6 unchanged lines')).toBeVisible();
  await expect(page.getByRole('toolbar', { name: 'Changes' })).toContainText('3 changes');

  // Through the changes, and to the next message that has one.
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/c=1/);
  await expect(page.getByText('Change 1 of 3, system')).toBeAttached();
  await page.keyboard.press('n');
  await page.keyboard.press('p');
  await expect(page.getByRole('toolbar', { name: 'Changes' })).toContainText('1 of 3');
  await page.keyboard.press('Enter');
  await expect(lines(page).getByText('Show 6 unchanged lines')).toBeHidden();
  await page.keyboard.press('u');
  await expect(page.getByRole('radio', { name: 'Unified' })).toBeChecked();
  await page.keyboard.press('w');
  await expect(page.getByRole('button', { name: 'Ignore space' })).toHaveAttribute('aria-pressed', 'true');

  // A link to a change shows it, in the layout that was chosen last.
  await page.goto(`/prompts/${name}/compare/${a.hash}..${b.hash}?c=3`);
  await expect(page.getByRole('toolbar', { name: 'Changes' })).toContainText('3 of 3');
  await expect(page.getByRole('radio', { name: 'Unified' })).toBeChecked();
  await expect(lines(page)).toContainText('temperature');

  await expect(production(page)).toContainText(`${b.hash.slice(0, 8)} wins: better in p50 latency, p95 latency and tone`);
  await expect(measure(page, 'tone')).toContainText('Better');
  await expect(measure(page, 'Error rate')).toContainText('No difference');
  await expectAccessible(page);

  await measure(page, 'Traces').getByRole('link', { name: '200' }).first().click();
  await expect(page).toHaveURL(/\/traces\?.*lc_hub_commit_hash/);
  await expect(page.getByRole('row', { name: /answer/ }).first()).toBeVisible();
});

test('on a phone the lines are one below the other, and two that are alike have no winner', async ({ page, project, api }) => {
  const name = `alike-${Date.now()}`;
  const a = await push(api, name, OLD, 0.7, null);
  const b = await push(api, name, `${OLD}\nBe brief.`, 0.7, a.hash);
  await call(api, project, name, a, 1_000, 0.6);
  await call(api, project, name, b, 1_000, 0.6);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/prompts/${name}/compare/${a.hash}..${b.hash}`);
  await expect(production(page)).toContainText('No winner');
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

test('a version that is not there says so, and leads to those that are', async ({ page, api, problems }) => {
  const name = `lonely-${Date.now()}`;
  const a = await push(api, name, OLD, 0.7, null);
  await page.goto(`/prompts/${name}/compare/${a.hash}..ffffffff`);
  await expect(page.getByRole('heading', { name: `There is no version ffffffff of ${name}` })).toBeVisible();
  // The browser reports the answer that there is none.
  problems.length = 0;
  await expect(page.getByRole('link', { name: 'See its history' })).toHaveAttribute('href', `/prompts/${name}`);
  await page.goto(`/prompts/${name}/compare/${a.hash}..${a.hash}`);
  await expect(page.getByText('Both versions say the same.')).toBeVisible();
  await expect(production(page)).toContainText('No trace of either version');
});
