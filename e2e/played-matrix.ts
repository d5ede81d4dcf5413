import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Run } from '@crosspoint/report';
import { expect } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Failures in one topology that two busy cores are forgiven; each is printed. None is the rule, and `broken` never is. */
export const UNSTABLE = 3;

/** A matrix that was played, as people play it. */
export interface Played {
  readonly run: Run;
  readonly status: number | null;
  readonly said: string;
}

export async function play(folder: string, ...args: string[]): Promise<Played> {
  const lab = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      'packages/lab/src/node/main.ts',
      'matrix',
      '--parallel',
      '2',
      '--transport',
      'ws',
      ...args,
      '--out',
      folder,
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [lab.stdout, lab.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => lab.once('exit', resolve));
  return { run: JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Run, status, said };
}

const bad = ({ run }: Played): string[] =>
  run.cells.flatMap((cell) =>
    cell.results
      .filter(({ verdict }) => verdict === 'failed' || verdict === 'broken')
      .map((result) => `${result.verdict} ${cell.id} ${result.check}: ${result.reason}`),
  );

/** Nothing broken, and nothing failed but what is forgiven. */
export function expectSound(played: Played): void {
  const wrong = bad(played);
  for (const each of wrong) process.stderr.write(`${each}\n`);
  expect(wrong.filter((each) => each.startsWith('broken'))).toEqual([]);
  expect(wrong.length, played.said.slice(-3000)).toBeLessThanOrEqual(UNSTABLE);
  expect(played.status).toBe(wrong.length > 0 ? 1 : 0);
}
