// Sends traces through the real LangSmith SDK for Python, as the application of somebody who never heard of Fanlight.
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const PYTHON = process.env.FANLIGHT_PYTHON || 'python3';

/** Runs a program of `applications/` with the three variables that Fanlight asks people to set, and waits for it. */
export async function runApplication(program: string, server: string, project: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(PYTHON, [resolve(import.meta.dirname, '../applications', program), ...args], {
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      LANGSMITH_TRACING: 'true',
      LANGSMITH_ENDPOINT: server,
      LANGSMITH_API_KEY: 'any',
      LANGSMITH_PROJECT: project,
    },
  });
  return stdout;
}
