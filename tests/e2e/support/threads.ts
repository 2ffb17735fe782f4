// Conversations as applications send them: one trace a turn, all with the same thread id.
import { type Api, type Project, type RunSpec, type SentRun } from './api';

/** One turn; what is left out is made up. */
export function turn(thread: string, question: string, answer: string, more: Partial<RunSpec> = {}): RunSpec {
  return {
    name: 'answer',
    inputs: { messages: [{ role: 'user', content: question }] },
    outputs: { messages: [{ role: 'assistant', content: answer }] },
    extra: { metadata: { thread_id: thread } },
    duration: 1_200,
    ...more,
  };
}

/** Sends turns of one conversation, a minute apart, the last one a minute ago. */
export async function sendTurns(api: Api, project: Project, turns: RunSpec[]): Promise<SentRun[]> {
  const sent: SentRun[] = [];
  for (const [idx, spec] of turns.entries()) {
    sent.push(await api.sendTrace(project, spec, Date.now() - (turns.length - idx) * 60_000));
  }
  return sent;
}

/** Sends a conversation of many turns in a few requests, a second apart. */
export async function sendLongThread(api: Api, project: Project, thread: string, count: number): Promise<void> {
  await api.sendTraces(project, count, (idx) => turn(thread, `question ${idx + 1}`, `answer ${idx + 1}`));
}
