import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell } from '@crosspoint/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSound, type Played, play, UNSTABLE } from './played-matrix.ts';

const WEB = ['embedded', 'chromium', 'firefox'];
const CLIENT = 'embedded-jingle';
/** The other server is a real one, and the two web servers federate by Jingle: a few pairs of each. */
const VARIANTS = [
  'jingle-prosody/ws/chromium--embedded-jingle',
  'jingle-ejabberd/ws/embedded-jingle--embedded',
  'trapezoid-jingle/ws/embedded--embedded',
  'trapezoid-jingle/ws/chromium--firefox',
];
/** What is said of them is that calls go, and how they end; the rest is judged on the embedded server. */
const VARIANT_CHECKS = [
  'audio',
  'data',
  'trickle',
  'hang-up-caller',
  'hang-up-callee',
  'decline',
  'unknown-name',
];

function cellOf(folder: string, cell: Cell): Cell {
  return JSON.parse(readFileSync(join(folder, cell.folder, 'cell.json'), 'utf8')) as Cell;
}

describe('the topologies with Jingle in them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-jingle-'));
  let jingle: Played;
  let variants: Played;

  beforeAll(async () => {
    jingle = await play(join(folder, 'jingle'), '--topology', 'jingle', '--peers', ...WEB, CLIENT);
    const cells = VARIANTS.flatMap((cell) => ['--cell', cell]);
    const checks = VARIANT_CHECKS.flatMap((check) => ['--check', check]);
    variants = await play(join(folder, 'variants'), ...cells, ...checks);
  }, 1_200_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('jingle: each browser and the Jingle client, both ways, nothing broken, and nothing failed but what is forgiven', () => {
    const pairs = WEB.flatMap((web) => [`jingle/ws/${web}--${CLIENT}`, `jingle/ws/${CLIENT}--${web}`]);
    expect(jingle.run.cells.map(({ id }) => id).sort()).toEqual(pairs.sort());
    for (const cell of jingle.run.cells) expect([cell.id, cell.results.length]).toEqual([cell.id, 28]);
    expectSound(jingle);
  });

  it('jingle: sound was measured on both ends of every cell', () => {
    const heard = jingle.run.cells
      .map((cell) => cell.results.find(({ check }) => check === 'audio')!)
      .filter(({ verdict }) => verdict === 'passed');
    expect(heard.length).toBeGreaterThanOrEqual(jingle.run.cells.length - UNSTABLE);
    for (const audio of heard) {
      expect(Number(audio.measured['media.caller.snrDb'])).toBeGreaterThan(0);
      expect(Number(audio.measured['media.callee.snrDb'])).toBeGreaterThan(0);
    }
  });

  it('jingle: both servers saw the session begin', () => {
    for (const each of jingle.run.cells) {
      const cell = cellOf(join(folder, 'jingle'), each);
      const call = cell.calls.find(({ scenario }) => scenario === 'call' || scenario === 'audio-call')!;
      const seen = call.trace.filter(({ summary }) => summary === 'session-initiate');
      expect(new Set(seen.map(({ node }) => node))).toEqual(new Set(['server', 'xmpp']));
    }
  });

  it('Prosody, ejabberd and the federated web servers carry calls', () => {
    expect(variants.run.cells.map(({ id }) => id).sort()).toEqual([...VARIANTS].sort());
    for (const cell of variants.run.cells)
      expect([cell.id, cell.results.length]).toEqual([cell.id, VARIANT_CHECKS.length]);
    expectSound(variants);
  });
});
