// A server to talk to, and clients that reach it as an application would.
//
// `cargo xtask test sdk-js` starts the server and names it in FANLIGHT_URL.
import { randomUUID } from 'node:crypto';
import { after } from 'node:test';

for (const name of Object.keys(process.env)) {
  if (/^LANG(SMITH|CHAIN)_/.test(name)) delete process.env[name];
}
process.env.LANGSMITH_TRACING = 'true';

// Imported only now: the SDK reads the environment when it loads.
const { Client } = await import('langsmith');

export const url = process.env.FANLIGHT_URL;
if (!url) throw new Error('FANLIGHT_URL must name a running server; `cargo xtask test sdk-js` starts one');

/** A client of the server under one of its base paths. */
export const connect = (basePath = '', options = {}) => new Client({ apiUrl: url + basePath, apiKey: 'any', ...options });

/** A project name of this file's own; what is sent there is deleted in the end. */
export function temporaryProject() {
  const name = `sdk-js-${randomUUID()}`;
  after(async () => {
    const client = connect();
    if (await client.hasProject({ projectName: name })) await client.deleteProject({ projectName: name });
  });
  return name;
}

export async function collect(iterable) {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
}

/** The runs of a project by name; flushes first. */
export async function runsOf(client, projectName) {
  await client.awaitPendingTraceBatches();
  const runs = await collect(client.listRuns({ projectName }));
  return Object.fromEntries(runs.map((run) => [run.name, run]));
}
