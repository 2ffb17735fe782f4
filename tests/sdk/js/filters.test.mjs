// Runs found by filters, and conversations, through the client's own methods.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { collect, connect, temporaryProject } from './support.mjs';

const client = connect();
const projectName = temporaryProject();
const names = async (conditions) => (await collect(client.listRuns({ projectName, ...conditions }))).map((run) => run.name).sort();

/** Sends one finished run; `parent` is what an earlier call returned. */
async function send(name, { parent, seconds = 1, ...more } = {}) {
  const id = randomUUID();
  const start = Date.now() - 60_000;
  const stamp = `${new Date(start).toISOString().replace(/[-:.Z]/g, '')}000Z${id}`;
  const run = {
    id, name, run_type: 'chain', inputs: { question: name }, outputs: { answer: name }, project_name: projectName,
    start_time: start, end_time: start + seconds * 1000, trace_id: parent?.trace_id ?? id, parent_run_id: parent?.id,
    dotted_order: parent ? `${parent.dotted_order}.${stamp}` : stamp, ...more,
  };
  await client.createRun(run);
  return run;
}

before(async () => {
  const slow = await send('slow', { seconds: 20, tags: ['beta'], extra: { metadata: { env: 'prod' } } });
  await send('model', { parent: slow, run_type: 'llm', outputs: { usage_metadata: { input_tokens: 10, output_tokens: 20, total_tokens: 30 } } });
  await send('failed', { error: 'Timeout: too slow', outputs: undefined });
  for (const turn of [1, 2]) await send(`turn ${turn}`, { extra: { metadata: { thread_id: 't/1 "x"' } } });
  await client.createFeedback(slow.id, 'user_score', { score: 1 });
  await client.awaitPendingTraceBatches();
});

test('filters on the run, its root and its tree find what they say', async () => {
  assert.deepEqual(await names({ filter: 'and(eq(run_type, "chain"), gt(latency, 10), gt(total_tokens, 5))' }), ['slow']);
  assert.deepEqual(await names({ filter: 'and(or(has(tags, "experimental"), has(tags, "beta")), gt(latency, 2))' }), ['slow']);
  assert.deepEqual(await names({ filter: 'eq(run_type, "llm")', traceFilter: 'and(eq(feedback_key, "user_score"), eq(feedback_score, 1))' }), ['model']);
  assert.deepEqual(await names({ isRoot: true, treeFilter: 'eq(name, "model")' }), ['slow']);
  assert.deepEqual(await names({ filter: 'search("timeout")' }), ['failed']);
  assert.deepEqual(await names({ filter: `has(metadata, '{"env": "prod"}')` }), ['slow']);
});

test('a filter that cannot be read is refused with its place', async () => {
  await assert.rejects(names({ filter: 'eq(colour, "red")' }), /filter, character 4/);
});

test('statistics are over what a filter finds', async () => {
  const stats = await client.getRunStats({ projectNames: [projectName], filter: 'eq(is_root, true)' });
  assert.deepEqual([stats.run_count, stats.error_rate, stats.total_tokens], [4, 0.25, 30]);
});

test('a conversation is listed and read', async () => {
  const [thread] = await client.listThreads({ projectName });
  assert.deepEqual([thread.thread_id, thread.count], ['t/1 "x"', 2]);
  const turns = await collect(client.readThread({ threadId: thread.thread_id, projectName }));
  assert.deepEqual(turns.map((run) => run.name).sort(), ['turn 1', 'turn 2']);
});

test('the generated client reads runs, traces and threads', async () => {
  const project_id = (await client.readProject({ projectName })).id;
  const runs = await collect(client.runs.query({ project_ids: [project_id], run_type: 'LLM', selects: ['NAME', 'TOTAL_TOKENS', 'STATUS'] }));
  assert.deepEqual(runs.map((run) => [run.name, run.total_tokens, run.status]), [['model', 30, 'SUCCESS']]);
  const paged = await collect(client.runs.query({ project_ids: [project_id], is_root: true, page_size: 1, selects: ['NAME'] }));
  assert.deepEqual(paged.map((run) => run.name).sort(), ['failed', 'slow', 'turn 1', 'turn 2']);
  const streamed = await collect(client.runs.streaming.queryV2Items({ project_ids: [project_id], is_root: true, page_size: 3, selects: ['NAME'] }));
  assert.deepEqual(streamed.map((run) => run.name).sort(), ['failed', 'slow', 'turn 1', 'turn 2']);
  const [trace] = await collect(client.traces.query({ project_id, tree_filter: 'eq(name, "model")', selects: ['ID', 'NAME', 'TOTAL_TOKENS'] }));
  assert.deepEqual([trace.root_run.name, trace.trace_aggregates.total_tokens], ['slow', 30]);
  const ofTrace = await client.traces.listRuns(trace.root_run.id, { project_id, selects: ['NAME'] });
  assert.deepEqual(ofTrace.items.map((run) => run.name).sort(), ['model', 'slow']);
  const [thread] = await collect(client.threads.query({ project_id }));
  assert.deepEqual([thread.thread_id, thread.count], ['t/1 "x"', 2]);
  const turns = await collect(client.threads.listTraces(thread.thread_id, { project_id, selects: ['NAME'], page_size: 1 }));
  assert.deepEqual(turns.map((turn) => turn.name).sort(), ['turn 1', 'turn 2']);
  const stats = await client.threads.stats(thread.thread_id, { session_id: project_id, selects: ['TURNS'] });
  assert.equal(stats.turns, 2);
  const run = await client.runs.retrieve(trace.root_run.id, { project_id, selects: ['NAME', 'FEEDBACK_STATS'] });
  assert.deepEqual([run.name, run.feedback_stats.user_score.n], ['slow', 1]);
});
