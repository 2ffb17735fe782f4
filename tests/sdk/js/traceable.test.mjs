// What `traceable` and RunTree record: trees, streams, errors, attachments, usage.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, runsOf, temporaryProject, url } from './support.mjs';

const { traceable } = await import('langsmith/traceable');
const { RunTree } = await import('langsmith');

test('nested calls become a tree', async () => {
  const client = connect();
  const project_name = temporaryProject();
  const search = traceable(async (query) => [{ page_content: `about ${query}` }], { name: 'search', run_type: 'retriever' });
  const model = traceable(async () => ({ role: 'assistant', content: 'Five days.' }), { name: 'model', run_type: 'llm' });
  const answer = traceable(
    async (question) => {
      await Promise.all([search(question), model(question)]);
      return 'Five days.';
    },
    { name: 'answer', client, project_name, tags: ['chat'], metadata: { session_id: 'thread-7' } },
  );
  await answer('How long does a refund take?');

  const { answer: root, search: retriever, model: llm } = await runsOf(client, project_name);
  assert.deepEqual([root.run_type, retriever.run_type, llm.run_type], ['chain', 'retriever', 'llm']);
  assert.equal(root.parent_run_id, null);
  assert.ok([retriever, llm].every((run) => run.parent_run_id === root.id && run.trace_id === root.id));
  assert.ok(llm.dotted_order.startsWith(`${root.dotted_order}.`));
  assert.deepEqual(root.inputs, { input: 'How long does a refund take?' });
  assert.deepEqual(root.outputs, { outputs: 'Five days.' });
  assert.deepEqual(root.tags, ['chat']);
  assert.equal(root.thread_id, 'thread-7');
  assert.ok([root, retriever, llm].every((run) => run.status === 'success'));
});

test("a streamed answer has its first token's time", async () => {
  const client = connect();
  const project_name = temporaryProject();
  const stream = traceable(
    async function* () {
      await new Promise((done) => setTimeout(done, 40));
      for (const word of ['Fan', 'light']) yield word;
    },
    { name: 'stream', run_type: 'llm', client, project_name, aggregator: (words) => words.join('') },
  );
  let text = '';
  for await (const word of stream()) text += word;
  assert.equal(text, 'Fanlight');

  const { stream: run } = await runsOf(client, project_name);
  assert.deepEqual(run.outputs, { outputs: 'Fanlight' });
  const waited_ms = new Date(run.first_token_time) - new Date(run.start_time);
  assert.ok(waited_ms >= 30 && run.first_token_time <= run.end_time, `${waited_ms} ms`);
});

test('an exception marks its run and every caller that lets it pass', async () => {
  const client = connect();
  const project_name = temporaryProject();
  const tool = traceable(
    async () => {
      throw new TypeError('no such order');
    },
    { name: 'tool', run_type: 'tool' },
  );
  const agent = traceable(async () => tool(), { name: 'agent', client, project_name });
  await assert.rejects(agent(), /no such order/);

  const runs = await runsOf(client, project_name);
  assert.deepEqual([runs.agent.status, runs.tool.status], ['error', 'error']);
  assert.match(runs.tool.error, /no such order/);
});

test('usage is counted once, priced exactly and summed up the tree', async () => {
  const client = connect();
  const project_name = temporaryProject();
  const usage_metadata = { input_tokens: 1000, output_tokens: 100, total_tokens: 1100, input_token_details: { cache_read: 600 } };
  const model = traceable(async () => ({ content: 'ok', usage_metadata }), {
    name: 'model',
    run_type: 'llm',
    metadata: { ls_provider: 'openai', ls_model_name: 'gpt-4.1' },
  });
  // The wrapper returns what the model returned, usage and all.
  await traceable(() => model(), { name: 'chain', client, project_name })();

  const runs = await runsOf(client, project_name);
  for (const run of [runs.model, runs.chain]) {
    assert.deepEqual([run.prompt_tokens, run.completion_tokens, run.total_tokens], [1000, 100, 1100]);
    assert.deepEqual([run.prompt_cost, run.completion_cost, run.total_cost], ['0.0011', '0.0008', '0.0019']);
    assert.equal(run.prompt_token_details.cache_read, 600);
  }
});

test('attachments come back with their type and bytes', async () => {
  const client = connect();
  const project_name = temporaryProject();
  const bytes = new Uint8Array([0, 1, 2, 250]);
  const describe = traceable(async () => 'a picture', {
    name: 'describe',
    client,
    project_name,
    extractAttachments: (input) => [{ picture: ['image/png', bytes] }, input],
  });
  await describe({ question: 'What is it?' });

  const { describe: run } = await runsOf(client, project_name);
  const file = run.s3_urls['attachment.picture'];
  assert.equal(file.mime_type, 'image/png');
  const answer = await fetch(new URL(file.presigned_url, url));
  assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), bytes);
  assert.equal(answer.headers.get('content-type'), 'image/png');
});

test('a RunTree is posted first and completed later', async () => {
  const client = connect();
  const project_name = temporaryProject();
  const root = new RunTree({ name: 'job', inputs: { x: 1 }, client, project_name });
  await root.postRun();
  const child = root.createChild({ name: 'step', run_type: 'tool', inputs: {} });
  await child.postRun();
  const before = await runsOf(client, project_name);
  assert.deepEqual([before.job.status, before.step.status], ['pending', 'pending']);

  await child.end({ y: 2 });
  await child.patchRun();
  await root.end({ z: 3 });
  await root.patchRun();
  const after = await runsOf(client, project_name);
  assert.deepEqual([after.job.outputs, after.step.outputs], [{ z: 3 }, { y: 2 }]);
  assert.deepEqual(after.job.inputs, { x: 1 });
});

test('text that is no valid Unicode is kept as far as it can be', async () => {
  const client = connect();
  const project_name = temporaryProject();
  await traceable(async () => 'bad \ud800 half, zero \u0000, whole 🎉', { name: 'odd', client, project_name })();
  const { odd } = await runsOf(client, project_name);
  assert.equal(odd.outputs.outputs, 'bad \ufffd half, zero \u0000, whole 🎉');
});
