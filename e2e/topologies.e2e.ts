import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell } from '@crosspoint/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSound, type Played, play, UNSTABLE } from './played-matrix.ts';

const WEB = ['embedded', 'chromium', 'firefox'];
const PHONES = ['embedded-sip', 'baresip'];
const CHECKS = 28;
/** Those, and the ones that only a phone shows. */
const PHONE_CHECKS = CHECKS + 18;
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
