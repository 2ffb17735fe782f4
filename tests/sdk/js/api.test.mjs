// Reading, feedback and projects through the client's own methods.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { collect, connect, temporaryProject } from './support.mjs';

/** A finished run as `createRun` takes it. */
const plainRun = (project_name, n) => ({
  id: randomUUID(),
  name: `run ${n}`,
  run_type: 'chain',
  inputs: { n },
  outputs: { n },
  start_time: Date.now() - 1000 + n,
  end_time: Date.now(),
  project_name,
});

for (const basePath of ['', '/api', '/api/v1']) {
  test(`the base path "${basePath}" works, without batches too`, async () => {
    const client = connect(basePath, { autoBatchTracing: false });
    const run = plainRun(temporaryProject(), 1);
    await client.createRun(run);
    await client.updateRun(run.id, { outputs: { done: true }, end_time: Date.now() });
    const read = await client.readRun(run.id);
    assert.deepEqual([read.name, read.inputs, read.outputs], ['run 1', { n: 1 }, { done: true }]);
    assert.equal(read.trace_id, run.id);
  });
}

test('a long list is read page by page, newest first, each run once', async () => {
  const client = connect();
  const projectName = temporaryProject();
  for (let n = 0; n < 230; n++) await client.createRun(plainRun(projectName, n));
  await client.awaitPendingTraceBatches();
  const names = (await collect(client.listRuns({ projectName }))).map((run) => run.name);
  assert.deepEqual(names, Array.from({ length: 230 }, (_, n) => `run ${229 - n}`));
  assert.equal((await collect(client.listRuns({ projectName, limit: 7 }))).length, 7);
});

test('a run is read with its children', async () => {
  const { RunTree } = await import('langsmith');
  const client = connect();
  const root = new RunTree({ name: 'root', inputs: {}, client, project_name: temporaryProject() });
  await root.postRun();
  const child = root.createChild({ name: 'child', inputs: {} });
  const grandchild = child.createChild({ name: 'grandchild', inputs: {} });
  for (const run of [child, grandchild]) await run.postRun();
  for (const run of [grandchild, child, root]) {
    await run.end({});
    await run.patchRun();
  }
  await client.awaitPendingTraceBatches();
  const read = await client.readRun(root.id, { loadChildRuns: true });
  assert.deepEqual(read.child_runs.map((run) => run.name), ['child']);
  assert.deepEqual(read.child_runs[0].child_runs.map((run) => run.name), ['grandchild']);
});

test('feedback is created, listed, updated and deleted', async () => {
  const client = connect();
  const run = plainRun(temporaryProject(), 1);
  await client.createRun(run);
  await client.awaitPendingTraceBatches();
  const created = await client.createFeedback(run.id, 'correctness', { score: 0.5, comment: 'half right', correction: { answer: 42 } });
  await client.updateFeedback(created.id, { score: 1, comment: 'right after all' });
  const [listed] = await collect(client.listFeedback({ runIds: [run.id] }));
  assert.deepEqual([listed.key, listed.score, listed.comment], ['correctness', 1, 'right after all']);
  assert.deepEqual(listed.correction, { answer: 42 });
  assert.equal((await client.readRun(run.id)).feedback_stats.correctness.n, 1);
  await client.deleteFeedback(created.id);
  assert.deepEqual(await collect(client.listFeedback({ runIds: [run.id] })), []);
});

test('feedback on a run that has not arrived is accepted', async () => {
  const client = connect();
  const run = plainRun(temporaryProject(), 1);
  await client.createFeedback(run.id, 'early', { score: 1 });
  await client.createRun(run);
  await client.awaitPendingTraceBatches();
  assert.equal((await client.readRun(run.id)).feedback_stats.early.avg, 1);
});

test('projects are created once, read, listed, changed and deleted', async () => {
  const client = connect();
  const projectName = temporaryProject();
  const created = await client.createProject({ projectName, description: 'first', metadata: { team: 'a' } });
  await assert.rejects(client.createProject({ projectName }), /409|already exists|[Cc]onflict/);
  const again = await client.createProject({ projectName, upsert: true, description: 'second' });
  assert.equal(again.id, created.id);
  assert.equal((await client.readProject({ projectName })).description, 'second');
  await client.updateProject(created.id, { name: `${projectName}-renamed` });
  const listed = await collect(client.listProjects({ nameContains: projectName }));
  assert.deepEqual(listed.map((project) => project.name), [`${projectName}-renamed`]);
  await client.deleteProject({ projectId: created.id });
  assert.equal(await client.hasProject({ projectName: `${projectName}-renamed` }), false);
});

test('what does not exist is said to be missing', async () => {
  const client = connect();
  await assert.rejects(client.readRun(randomUUID()), /404/);
  assert.deepEqual(await collect(client.listProjects({ name: `nobody-${randomUUID()}` })), []);
});
