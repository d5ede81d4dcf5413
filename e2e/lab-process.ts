import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

export interface Done {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real command line, as a program of its own that runs on. */
export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const main = join(ROOT, 'packages', 'lab', 'src', 'node', 'main.ts');
  return spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });
}

/** The real command line, to its end. */
export async function lab(
  args: readonly string[],
  more: { input?: string | Buffer; env?: Record<string, string> } = {},
) {
  const child = start(args, more.env);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      said[stream] += chunk;
    });
  child.stdin.on('error', () => {});
  child.stdin.end(more.input ?? '');
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...said } satisfies Done;
}

/** Bad usage: status 2, nothing on standard output, one line on standard error that names what is wrong. */
export function expectRefusal(done: Done, words: string | RegExp): void {
  expect(done).toMatchObject({ status: 2, stdout: '' });
  const lines = done.stderr.trimEnd().split('\n');
  expect(lines.at(-1)).toMatch(words);
  expect(lines.at(-1)).toMatch(/^error: /);
  // The matrix says first where it runs.
  expect(lines.filter((line) => !line.startsWith('Crosspoint runs in '))).toHaveLength(1);
}
