// Sends projects and traces to a Fanlight as applications do, through the public API.
import { randomUUID } from 'node:crypto';

export interface Project {
  id: string;
  name: string;
}

/** A run to send; what is left out is made up. Children begin when their parent does, unless they say otherwise. */
export interface RunSpec {
  name: string;
  type?: 'chain' | 'llm' | 'tool' | 'retriever' | 'embedding' | 'prompt' | 'parser';
  inputs?: unknown;
  outputs?: unknown;
  error?: string;
  extra?: Record<string, unknown>;
  events?: unknown[];
  tags?: string[];
  /** Milliseconds after the parent's start, or after the trace's for the root. */
  after?: number;
  /** Milliseconds; without it a run takes 100. `null` for a run that has not ended. */
  duration?: number | null;
  children?: RunSpec[];
}

export interface SentRun {
  id: string;
  name: string;
  children: SentRun[];
  /** What was sent, with all that was made up. */
  body: Record<string, unknown>;
}

export class Api {
  constructor(readonly url: string) {}

  async createProject(name: string): Promise<Project> {
    return (await this.send('POST', '/api/v1/sessions', { name })) as Project;
  }

  async listProjects(): Promise<Project[]> {
    return (await this.send('GET', '/api/v1/sessions?limit=100')) as Project[];
  }

  /** Sends one trace as a batch and returns its runs, the root first. `startedAt` is in milliseconds since 1970. */
  async sendTrace(project: Project, spec: RunSpec, startedAt = Date.now() - 60_000): Promise<SentRun> {
    const root = layOut(project, spec, startedAt);
    await this.sendBatch({ post: flatten(root).map((run) => run.body) });
    return root;
  }

  /** Sends `count` traces in one go, a second apart, the last one the newest. */
  async sendTraces(project: Project, count: number, spec: (idx: number) => RunSpec): Promise<void> {
    const firstStart = Date.now() - count * 1000;
    const runs = Array.from({ length: count }, (_, idx) => layOut(project, spec(idx), firstStart + idx * 1000));
    for (let start = 0; start < runs.length; start += 100) {
      await this.sendBatch({ post: runs.slice(start, start + 100).flatMap(flatten).map((run) => run.body) });
    }
  }

  /** Sends one more run below `parent`, which may still be running. */
  async sendChild(project: Project, root: SentRun, parent: SentRun, spec: RunSpec): Promise<SentRun> {
    const start = Date.parse(parent.body.start_time as string) + (spec.after ?? 0);
    const child = layOut(project, spec, start, { root, parent });
    await this.sendBatch({ post: flatten(child).map((run) => run.body) });
    return child;
  }

  /** Changes a run, as an SDK does when it ends. */
  async patchRun(run: SentRun, change: Record<string, unknown>): Promise<void> {
    const { id, trace_id, dotted_order, parent_run_id, session_name } = run.body;
    await this.sendBatch({ patch: [{ id, trace_id, dotted_order, parent_run_id, session_name, ...change }] });
  }

  async listFeedback(runId: string): Promise<Record<string, unknown>[]> {
    return (await this.send('GET', `/api/v1/feedback?run=${runId}`)) as Record<string, unknown>[];
  }

  async createFeedback(runId: string, feedback: Record<string, unknown>): Promise<void> {
    await this.send('POST', '/api/v1/feedback', { id: randomUUID(), run_id: runId, ...feedback });
  }

  /** Saves versions of a prompt, one on top of the other, as an SDK does; the prompt is made first. */
  async pushPrompt(name: string, ...texts: string[]): Promise<void> {
    const known = await fetch(`${this.url}/api/v1/repos/-/${name}`);
    if (!known.ok) await this.send('POST', '/api/v1/repos', { repo_handle: name, is_public: false });
    for (const text of texts) {
      await this.send('POST', `/api/v1/commits/-/${name}`, { manifest: chatPrompt(text), description: `Saying ${text}` });
    }
  }

  private async sendBatch(batch: object): Promise<void> {
    await this.send('POST', '/api/v1/runs/batch', batch);
  }

  private async send(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json', 'x-api-key': 'browser-tests' },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}

const constructor = (name: string, kwargs: object) => ({ lc: 1, type: 'constructor', id: ['langchain', 'prompts', 'chat', name], kwargs });

/** A chat prompt as LangChain serialises it: a system message with the text, and the question. */
function chatPrompt(text: string): object {
  const message = (kind: string, template: string) =>
    constructor(`${kind}MessagePromptTemplate`, { prompt: constructor('PromptTemplate', { template, template_format: 'f-string' }) });
  return constructor('ChatPromptTemplate', { messages: [message('System', text), message('Human', '{question}')] });
}

function layOut(
  project: Project,
  spec: RunSpec,
  start: number,
  above?: { root: SentRun; parent: SentRun },
): SentRun {
  const id = randomUUID();
  const segment = new Date(start).toISOString().replace(/[-:]/g, '').replace('.', '').replace('Z', '000Z') + id;
  const run: SentRun = {
    id,
    name: spec.name,
    children: [],
    body: {
      id,
      name: spec.name,
      run_type: spec.type ?? 'chain',
      trace_id: above?.root.id ?? id,
      parent_run_id: above?.parent.id,
      dotted_order: above ? `${above.parent.body.dotted_order}.${segment}` : segment,
      session_name: project.name,
      start_time: new Date(start).toISOString(),
      end_time: spec.duration === null ? undefined : new Date(start + (spec.duration ?? 100)).toISOString(),
      inputs: spec.inputs ?? {},
      outputs: spec.outputs,
      error: spec.error,
      extra: spec.extra,
      events: spec.events,
      tags: spec.tags,
    },
  };
  const root = above?.root ?? run;
  run.children = (spec.children ?? []).map((child) =>
    layOut(project, child, start + (child.after ?? 0), { root, parent: run }),
  );
  return run;
}

function flatten(run: SentRun): SentRun[] {
  return [run, ...run.children.flatMap(flatten)];
}
