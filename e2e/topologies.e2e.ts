import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cell, Run } from '@crosspoint/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WEB = ['embedded', 'chromium', 'firefox'];
const PHONES = ['embedded-sip', 'baresip'];
const CHECKS = 28;
/** Those, and the ones that only a phone shows. */
const PHONE_CHECKS = CHECKS + 15;
/** Failures in one topology that two busy cores are forgiven; each is printed. None is the rule, and `broken` never is. */
const UNSTABLE = 3;

interface Played {
  readonly run: Run;
  readonly status: number | null;
  readonly said: string;
}

async function play(folder: string, ...args: string[]): Promise<Played> {
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

function expectSound(played: Played): void {
  const wrong = bad(played);
  for (const each of wrong) process.stderr.write(`${each}\n`);
  expect(wrong.filter((each) => each.startsWith('broken'))).toEqual([]);
  expect(wrong.length, played.said.slice(-3000)).toBeLessThanOrEqual(UNSTABLE);
  expect(played.status).toBe(wrong.length > 0 ? 1 : 0);
}

/** The whole of a cell, with the trace of its calls. */
function cellOf(folder: string, cell: Cell): Cell {
  return JSON.parse(readFileSync(join(folder, cell.folder, 'cell.json'), 'utf8')) as Cell;
}

describe('the topologies with SIP in them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-topologies-'));
  let trapezoid: Played;
  let sip: Played;

  beforeAll(async () => {
    trapezoid = await play(join(folder, 'trapezoid'), '--topology', 'trapezoid', '--peers', ...WEB);
    sip = await play(join(folder, 'sip'), '--topology', 'sip', '--peers', ...WEB, ...PHONES);
  }, 1_800_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('trapezoid: every ordered pair, a verdict for every check, nothing broken, and nothing failed but what is forgiven', () => {
    const pairs = WEB.flatMap((caller) => WEB.map((callee) => `trapezoid/ws/${caller}--${callee}`));
    pairs.push('trapezoid-embedded/ws/embedded--embedded');
    expect(trapezoid.run.cells.map(({ id }) => id).sort()).toEqual(pairs.sort());
    for (const cell of trapezoid.run.cells) expect([cell.id, cell.results.length]).toEqual([cell.id, CHECKS]);
    expectSound(trapezoid);
  });

  it('trapezoid: the two servers spoke SIP over TLS in every call that rang', () => {
    for (const each of trapezoid.run.cells) {
      const cell = cellOf(join(folder, 'trapezoid'), each);
      const call = cell.calls.find(({ scenario }) => scenario === 'call' || scenario === 'audio-call')!;
      const sipLines = call.trace.filter(({ protocol }) => protocol === 'sip/tls');
      expect(sipLines.filter(({ summary }) => summary === 'INVITE').length).toBeGreaterThanOrEqual(2);
      const nodes = [
        'server-a',
        'server-b',
        ...(cell.topology === 'trapezoid' ? [] : ['proxy-a', 'proxy-b']),
      ];
      expect(new Set(sipLines.map(({ node }) => node))).toEqual(new Set(nodes));
    }
  });

  it('sip: each browser and phone, both ways, a verdict for every check, nothing broken, and nothing failed but what is forgiven', () => {
    const pairs = WEB.flatMap((web) =>
      PHONES.flatMap((phone) => [`sip/ws/${web}--${phone}`, `sip/ws/${phone}--${web}`]),
    );
    expect(sip.run.cells.map(({ id }) => id).sort()).toEqual(pairs.sort());
    for (const cell of sip.run.cells) expect([cell.id, cell.results.length]).toEqual([cell.id, PHONE_CHECKS]);
    expectSound(sip);
  });

  it('sip: sound was measured on both ends of every cell', () => {
    const heard = sip.run.cells
      .map((cell) => cell.results.find(({ check }) => check === 'audio')!)
      .filter(({ verdict }) => verdict === 'passed');
    expect(heard.length).toBeGreaterThanOrEqual(sip.run.cells.length - UNSTABLE);
    for (const audio of heard) {
      expect(Number(audio.measured['media.caller.snrDb'])).toBeGreaterThan(0);
      expect(Number(audio.measured['media.callee.snrDb'])).toBeGreaterThan(0);
    }
  });
});
