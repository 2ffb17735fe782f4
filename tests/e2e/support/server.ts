// A Fanlight that a test may stop and start again: the release binary, a free port, an empty data directory.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const BINARY = process.env.FANLIGHT_BINARY || resolve(import.meta.dirname, '../../../target/release/fanlight');

export class FanlightServer {
  private process?: ChildProcess;
  private log = '';

  private constructor(
    private readonly port: number,
    private readonly dataDir: string,
    private readonly options: string[],
  ) {}

  /** Starts a server with further command-line options and waits until it answers. */
  static async start(options: string[] = []): Promise<FanlightServer> {
    const dataDir = await mkdtemp(join(tmpdir(), 'fanlight-browser-'));
    const server = new FanlightServer(await freePort(), dataDir, options);
    await server.resume();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it again after `stop`, with the same port and the same data. */
  async resume(): Promise<void> {
    const process_ = spawn(BINARY, ['serve', '--addr', `127.0.0.1:${this.port}`, '--data', this.dataDir, ...this.options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = process_;
    for (const stream of [process_.stdout, process_.stderr]) {
      stream.on('data', (chunk) => (this.log += chunk));
    }
    for (let attempt = 0; attempt < 400; attempt++) {
      if (process_.exitCode !== null) break;
      const isReady = await fetch(`${this.url}/readyz`).then(
        (response) => response.ok,
        () => false,
      );
      if (isReady) return;
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`${BINARY} did not become ready. It said:\n${this.log}`);
  }

  /** Stops it as Ctrl-C does; the data stays. */
  async stop(): Promise<void> {
    const process_ = this.process;
    if (!process_ || process_.exitCode !== null) return;
    const ended = once(process_, 'exit');
    process_.kill('SIGTERM');
    await ended;
  }

  /** Stops it and removes its data. */
  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
