// Prompts through the client's own methods: pushed, pulled, tagged, liked; conflicts.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { collect, connect } from './support.mjs';

const constructor = (name, kwargs) => ({ lc: 1, type: 'constructor', id: ['langchain', 'prompts', 'chat', name], kwargs });

/** A chat prompt of one message, as LangChain serialises it. */
const chat = (text) => {
  const prompt = constructor('PromptTemplate', { template: text, input_variables: [], template_format: 'f-string' });
  return constructor('ChatPromptTemplate', { input_variables: [], messages: [constructor('SystemMessagePromptTemplate', { prompt })] });
};

const textOf = (commit) => commit.manifest.kwargs.messages[0].kwargs.prompt.kwargs.template;

/** A prompt name of this test's own; what is pushed there is deleted. */
function temporaryPrompt() {
  const name = `sdk-js-${randomUUID()}`;
  after(async () => {
    const client = connect();
    if (await client.promptExists(name)) await client.deletePrompt(name);
  });
  return name;
}

for (const basePath of ['', '/api', '/api/v1']) {
  test(`versions are pushed and pulled below "${basePath}"`, async () => {
    const client = connect(basePath, { disablePromptCache: true });
    const name = temporaryPrompt();
    const url = await client.pushPrompt(name, { object: chat('one'), description: 'about', commitTags: ['production', 'v1'] });
    assert.match(url, new RegExp(`/prompts/${name}/`));
    await client.pushPrompt(name, { object: chat('two') });
    assert.equal(textOf(await client.pullPromptCommit(name)), 'two');
    for (const version of ['production', 'v1']) {
      assert.equal(textOf(await client.pullPromptCommit(`${name}:${version}`)), 'one');
    }
    const commits = await collect(client.listCommits(name));
    assert.deepEqual(commits.map((commit) => commit.parent_commit_hash), [commits[1].commit_hash, null]);
    assert.equal(textOf(await client.pullPromptCommit(`${name}:${commits[1].commit_hash.slice(0, 8)}`)), 'one');
    await client.pushPrompt(name, { description: 'new words' });
    const read = await client.getPrompt(name);
    assert.deepEqual([read.num_commits, read.description], [2, 'new words']);
  });
}

test('a prompt is created, listed, updated, liked and deleted', async () => {
  const client = connect();
  const name = temporaryPrompt();
  const created = await client.createPrompt(name, { description: 'first', tags: ['a'], isPublic: true });
  assert.deepEqual([created.repo_handle, created.owner, created.tags], [name, 'fanlight', ['a']]);
  await assert.rejects(client.createPrompt(name), /409|already exists/);
  const listed = await collect(client.listPrompts({ query: name, isPublic: true }));
  assert.deepEqual(listed.map((prompt) => prompt.id), [created.id]);
  await client.updatePrompt(name, { description: 'second' });
  assert.equal((await client.getPrompt(name)).description, 'second');
  assert.equal((await client.likePrompt(name)).likes, 1);
  assert.equal((await client.unlikePrompt(name)).likes, 0);
  await client.deletePrompt(name);
  assert.equal(await client.promptExists(name), false);
  assert.equal(await client.getPrompt(name), null);
});

test('a stale parent is a conflict, and what is no prompt is refused', async () => {
  const client = connect();
  const name = temporaryPrompt();
  await client.pushPrompt(name, { object: chat('one') });
  const [first] = await collect(client.listCommits(name));
  await client.createCommit(name, chat('two'), { parentCommitHash: first.commit_hash });
  await assert.rejects(client.createCommit(name, chat('three'), { parentCommitHash: first.commit_hash }), /newest version/);
  await assert.rejects(client.createCommit(name, { id: ['hi'] }), /Manifest type hi is not supported/);
});

test('the model comes along only when it is asked for', async () => {
  const client = connect('', { disablePromptCache: true });
  const name = temporaryPrompt();
  const model = constructor('ChatOpenAI', { model: 'gpt-4o' });
  const both = { ...constructor('x', { first: chat('one'), last: model }), id: ['langchain_core', 'runnables', 'RunnableSequence'] };
  await client.pushPrompt(name, { object: both });
  assert.equal((await client.pullPromptCommit(name)).manifest.id.at(-1), 'ChatPromptTemplate');
  const whole = await client.pullPromptCommit(name, { includeModel: true });
  assert.deepEqual([whole.manifest, whole.hub_model_provider], [both, 'ChatOpenAI']);
});
