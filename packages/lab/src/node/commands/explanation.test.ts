import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell, CheckResult } from '@crosspoint/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evidenceFiles } from './evidence-files.ts';
import { type Explanation, resultsToExplain, writeExplanation } from './explanation.ts';

const GOOD: CheckResult = {
  check: 'decline',
  title: 'It declines.',
  verdict: 'passed',
  reason: 'it did',
  measured: {},
  durationMs: 1,
};
const BAD: CheckResult = {
  ...GOOD,
  check: 'audio',
  title: 'Each hears the other.',
  verdict: 'failed',
  reason: 'the callee heard silence',
  clause: 'RFC 8834 section 4',
  call: 'call',
  diagnosis: [
    {
      cause: 'dtls-fingerprint-wrong',
      words: 'the fingerprint was changed',
      clause: 'RFC 8122 section 5',
      hop: 'server -> callee',
      seen: ['line 12 of 1-caller-offer-out'],
    },
  ],
};
const LACKING: CheckResult = {
  ...GOOD,
  check: 'video',
  verdict: 'unsupported',
  reason: 'not declared',
  proof: 'asked for video it answers: no \u001b[2J',
};
const CELL: Cell = {
  id: 'triangle/ws/a--b',
  topology: 'triangle',
  transport: 'ws',
  caller: 'a',
  callee: 'b',
  startedAt: '2026-02-02T02:40:00.000Z',
  durationMs: 1,
  folder: 'triangle/a--b-ws',
  rerun: 'npm run lab -- matrix --cell triangle/ws/a--b',
  results: [GOOD, BAD, LACKING],
  calls: [
    {
      id: 'call',
      scenario: 'call',
      startedAtMs: 0,
      durationMs: 1,
      trace: [],
      descriptions: [
        { name: '1-offer', at: 0, node: 'server', direction: 'in', role: 'offer', text: '', findings: [] },
        { name: '2-lost', at: 0, node: 'server', direction: 'in', role: 'answer', text: '', findings: [] },
      ],
      changes: [],
    },
  ],
};

function words(results: readonly CheckResult[], check?: string): string {
  const cell = { ...CELL, results };
  const explanation: Explanation = {
    run: 'r1',
    folder: '/runs/r1/x',
    cell,
    checks: resultsToExplain(cell, check).map((result) => ({ result, evidence: ['evidence/call.json'] })),
    replay: 'npm run lab -- replay triangle/ws/a--b',
  };
  return writeExplanation(explanation);
}

describe('writeExplanation', () => {
  it('names reason, rule, cause, clause, hop, what was seen, the evidence and the ways on', () => {
    const said = words(CELL.results);
    for (const part of [
      '✗ audio failed: Each hears the other.',
      'why       the callee heard silence',
      'rule      RFC 8834 section 4',
      'cause 1   dtls-fingerprint-wrong: the fingerprint was changed',
      'clause: RFC 8122 section 5',
      'hop: server -> callee',
      'seen: line 12 of 1-caller-offer-out',
      'evidence  evidence/call.json',
      '– video unsupported',
      'judge it again  npm run lab -- replay triangle/ws/a--b',
      'run it again    npm run lab -- matrix --cell triangle/ws/a--b',
    ])
      expect(said).toContain(part);
    expect(said).not.toContain('✓ decline');
    expect(said).not.toContain('Healthy');
  });

  it('lets no peer write to the terminal', () => {
    expect(words([LACKING])).toContain('\\u{1b}[2J');
  });

  it('says that a cell is healthy only where all passed', () => {
    expect(words([GOOD])).toContain('Healthy: its one check passed.');
    expect(words([])).toContain('Nothing was checked');
    expect(words([GOOD, LACKING])).not.toContain('Healthy');
  });

  it('says that no cause is known', () => {
    const { diagnosis: _, ...unexplained } = BAD;
    expect(words([unexplained])).toContain('none that the lab knows');
  });

  it('shows the one check that is asked for, passed or not', () => {
    const said = words(CELL.results, 'decline');
    expect(said).toContain('✓ decline passed');
    expect(said).not.toContain('✗ audio');
  });
});

describe('evidenceFiles', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'crosspoint-cell-'));
    for (const sub of ['evidence', 'sdp', 'media', 'peers']) mkdirSync(join(folder, sub));
    const observations = [
      { kind: 'heard', heard: { file: 'media/call-media-caller.wav' } },
      { kind: 'done' },
    ];
    writeFileSync(join(folder, 'evidence', 'call.json'), JSON.stringify({ observations }));
    for (const file of ['sdp/call-1-offer.sdp', 'media/call-media-caller.wav', 'server.log', 'peers/a.log'])
      writeFileSync(join(folder, file), '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('lists what a failed check rests on, as far as it is there', () => {
    expect(evidenceFiles(CELL, folder, BAD)).toEqual([
      'evidence/call.json',
      'sdp/call-1-offer.sdp',
      'media/call-media-caller.wav',
    ]);
  });

  it('lists the logs where no call was made, and where the lab broke', () => {
    expect(evidenceFiles(CELL, folder, LACKING)).toEqual(['server.log', 'peers/a.log']);
    expect(evidenceFiles(CELL, folder, { ...BAD, verdict: 'broken' })).toContain('server.log');
  });
});
