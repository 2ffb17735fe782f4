// What every browser test may ask for. Import `test` and `expect` from here, never from Playwright.
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';
import { Api, type Project } from './api';
import { FanlightServer } from './server';

interface TestFixtures {
  api: Api;
  /** An empty project of this test's own. */
  project: Project;
  /** Problems that the browser reported while the test ran; a test that expects some empties the list. */
  problems: string[];
}

interface WorkerFixtures {
  server: FanlightServer;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await FanlightServer.start();
      await use(server);
      await server.dispose();
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  api: async ({ server }, use) => use(new Api(server.url)),

  project: async ({ api }, use, testInfo) => {
    await use(await api.createProject(`${testInfo.title.slice(0, 60)} ${testInfo.workerIndex}-${Date.now()}`));
  },

  // Whatever a test is about, nothing may go wrong behind its back.
  problems: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(`console: ${message.text()}`);
      });
      // Content of traces that manages to run something calls this.
      await page.exposeFunction('fanlightWasTricked', (how: string) => problems.push(`content ran: ${how}`));
      page.on('dialog', (dialog) => {
        problems.push(`content opened a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await use(problems);
      expect(problems, 'nothing goes wrong in the browser').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** The addresses that the dashboard gives to its pages. */
export const address = {
  projects: () => '/',
  traces: (project: Project) => `/projects/${project.id}/traces`,
  trace: (project: Project, traceId: string, runId?: string) =>
    `/projects/${project.id}/traces/${traceId}` + (runId ? `?s=${runId}` : ''),
  threads: (project: Project) => `/projects/${project.id}/threads`,
  /** For ids of letters, digits and dashes; the dashboard writes others in its own way. */
  thread: (project: Project, threadId: string) => `/projects/${project.id}/threads/${threadId}`,
  storage: () => '/settings/storage',
  prompts: () => '/prompts',
  prompt: (name: string, version?: string) => `/prompts/${name}` + (version ? `/${version}` : ''),
  prices: () => '/settings/prices',
};

/** Fails when axe finds a barrier on the page as it is now, in either theme. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const results = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    const barriers = results.violations.map((violation) => ({
      rule: `${violation.id}: ${violation.help}`,
      at: violation.nodes.map((node) => `${node.target.join(' ')} — ${node.failureSummary?.split('\n')[1]?.trim()}`),
    }));
    expect(barriers, `axe finds no barrier in the ${colorScheme} theme`).toEqual([]);
  }
}

/** Fails when the page is wider than its window, so that one would have to scroll sideways to read it. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => {
    const root = document.scrollingElement ?? document.documentElement;
    return root.scrollWidth - root.clientWidth;
  });
  expect(overflow, 'pixels that stick out to the right').toBeLessThanOrEqual(0);
}
