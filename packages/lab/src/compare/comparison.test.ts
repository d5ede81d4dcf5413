import { readFileSync } from 'node:fs';
import type { TraceEntry } from '@crosspoint/signaling';
import { topologyById } from '@crosspoint/topology';
import { describe, expect, it } from 'vitest';
import {
  COMPARISON_SCHEMA,
  type ComparedCall,
  type ComparedTopology,
  type Comparison,
  comparisonStatus,
  summaryOf,
} from './comparison.ts';
import { comparisonRows, writeSpread } from './comparison-rows.ts';
import { measureCall } from './measured-call.ts';
import { spreadOf } from './spread.ts';
import { toMarkdownComparison, toTerminalComparison } from './write-comparison.ts';

const embedded = { id: 'embedded', name: 'Embedded peer', version: '1.0' };

function played(topology: string, round: number, ringMs: number | undefined): ComparedCall {
  const text = readFileSync(new URL(`./fixtures/${topology}.jsonl`, import.meta.url), 'utf8');
  const trace = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TraceEntry);
  const times = {
    answerMs: 5,
    soundAtCalleeMs: 80,
    soundAtCalleeWithinMs: 19.2,
    soundAtCallerMs: 90,
    soundAtCallerWithinMs: 41,
  };
  return {
    round,
    outcome: 'done',
    startedAt: '2026-11-22T20:00:00.000Z',
    times: ringMs === undefined ? times : { ...times, ringMs },
    ...measureCall(topologyById(topology)!, trace, {}),
  };
}

function compared(topology: string, calls: readonly ComparedCall[]): ComparedTopology {
  const summary = summaryOf(calls);
  const title = topologyById(topology)!.title;
  return {
    topology,
    title,
    caller: embedded,
    callee: embedded,
    calls,
    ...(summary === undefined ? {} : { summary }),
  };
}

const failed: ComparedCall = {
  round: 2,
  outcome: 'failed',
  words: 'ring: no event | incoming *ever*',
  startedAt: '2026-11-22T20:00:01.000Z',
};
const comparison: Comparison = {
  schema: COMPARISON_SCHEMA,
  id: '20261122-200000-compare-0001',
  startedAt: '2026-11-22T20:00:00.000Z',
  durationMs: 1000,
  command: 'npm run lab -- compare',
  transport: 'ws',
  rounds: 3,
  network: 'a network',
  topologies: [
    compared(
      'triangle',
      [900, 10, 30, 20].map((ms, round) => played('triangle', round, ms)),
    ),
    compared('trapezoid', [played('trapezoid', 1, undefined), failed, played('trapezoid', 3, undefined)]),
    compared('sip', [failed]),
  ],
  absent: [{ topology: 'pstn', why: 'nobody plays it' }],
};

describe('spreadOf', () => {
  it('gives median, least and most of what there is', () => {
    expect(spreadOf([3, undefined, 1, 2])).toEqual({ median: 2, min: 1, max: 3, count: 3 });
    expect(spreadOf([4, 1])).toEqual({ median: 2.5, min: 1, max: 4, count: 2 });
    expect(spreadOf([undefined])).toBeUndefined();
  });

  it('is written with its unit, and once where all are the same', () => {
    expect(writeSpread(spreadOf([1234.4, 9, 12_000]), ' ms')).toBe('1,234 ms (9–12,000)');
    expect(writeSpread(spreadOf([15, 15]))).toBe('15');
    expect(writeSpread(undefined)).toBe('–');
  });
});

describe('summaryOf', () => {
  it('leaves out the round that warms up, and the calls that were not done', () => {
    const [triangle, trapezoid, sip] = comparison.topologies;
    expect(triangle!.summary).toMatchObject({
      rounds: 3,
      times: { ringMs: { median: 20, min: 10, max: 30 } },
    });
    expect(trapezoid!.summary).toMatchObject({ rounds: 2, hops: { median: 3 }, messages: { median: 27 } });
    expect(trapezoid!.summary!.times).not.toHaveProperty('ringMs');
    expect(sip!.summary).toBeUndefined();
  });

  it('says whether the rounds were alike in kind', () => {
    const one = played('triangle', 1, 1);
    expect(summaryOf([one, played('triangle', 2, 2)])!.sameInAllRounds).toBe(true);
    const other = { ...played('triangle', 2, 2), media: { ...one.media!, kind: 'turn' as const } };
    expect(summaryOf([one, other])!.sameInAllRounds).toBe(false);
  });
});

describe('comparisonStatus', () => {
  it('is 0, 1 for a failed call, 3 for a broken one or an interruption', () => {
    const status = (outcome: ComparedCall['outcome']) =>
      comparisonStatus({ topologies: [compared('triangle', [{ ...failed, outcome }])] });
    expect([status('done'), status('failed'), status('broken')]).toEqual([0, 1, 3]);
    expect(comparisonStatus({ topologies: [], interrupted: true })).toBe(3);
  });
});

describe('the table', () => {
  it('has a cell for every topology in every line', () => {
    const rows = comparisonRows(comparison);
    for (const { cells } of rows) expect(cells).toHaveLength(3);
    const of = (label: string) => rows.find((row) => row.label === label)?.cells;
    expect(of('calls that count')).toEqual(['3 of 3', '2 of 3', '0 of 1']);
    expect(of('time to ring')).toEqual(['20 ms (10–30)', '–', '–']);
    expect(of('first sound at callee')).toEqual(['80 ms', '80 ms', '–']);
    expect(of('first sound at caller')).toEqual(['≤ 90 ms', '≤ 90 ms', '–']);
    expect(of('signaling hops')).toEqual(['2', '3', '–']);
    expect(of('encrypted')).toEqual(['every hop', 'every hop', '–']);
  });

  it('stands in columns in a terminal, with what was not done and what the figures mean', () => {
    const text = toTerminalComparison(comparison);
    const lines = text.split('\n');
    const column = lines[0]!.indexOf('trapezoid');
    expect(lines.find((line) => line.startsWith('signaling hops'))!.slice(column)).toMatch(/^3\b/);
    expect(text).toContain('round 2: failed, ring: no event');
    expect(text).toContain('first sound at callee: known to 20 ms, at worst 20 ms');
    expect(text).toContain('pstn was not played: nobody plays it.');
    expect(text).not.toContain('interrupted');
    expect(toTerminalComparison({ ...comparison, interrupted: true })).toContain('It was interrupted');
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('is Markdown that no word of a peer breaks', () => {
    const text = toMarkdownComparison(comparison);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.match(/\|/g)).toHaveLength(5);
    expect(text).toContain('| signaling messages | 15 | 27 | – |');
    expect(text).toContain('no event | incoming \\*ever\\*');
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});
