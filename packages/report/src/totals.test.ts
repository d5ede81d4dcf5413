import { describe, expect, it } from 'vitest';
import { sampleCell, sampleResult, sampleRun } from './fixtures/sample-run.ts';
import { exitStatus, totalsOf, type Verdict, worstVerdict, writeCounts } from './index.ts';

const cellOf = (...verdicts: Verdict[]) =>
  sampleCell('a', 'b', { results: verdicts.map((verdict, index) => sampleResult(`c${index}`, { verdict })) });

describe('totalsOf', () => {
  it('counts every verdict apart', () => {
    expect(totalsOf(sampleRun)).toEqual({ passed: 4, failed: 1, unsupported: 2, broken: 1 });
    expect(writeCounts(totalsOf(sampleRun))).toBe('4✓ 1✗ 2– 1!');
  });
});

describe('exitStatus', () => {
  const cases: [words: string, cells: ReturnType<typeof cellOf>[], status: number][] = [
    ['all passed', [cellOf('passed'), cellOf('passed', 'unsupported')], 0],
    ['one failed', [cellOf('passed', 'failed')], 1],
    ['one broken', [cellOf('passed', 'broken')], 3],
    ['broken beside failed: the lab cannot vouch for the rest', [cellOf('failed', 'broken')], 3],
    ['nothing ran', [], 3],
    ['a cell in which nothing was checked', [cellOf('passed'), cellOf()], 3],
    ['only unsupported: nothing was shown to work', [cellOf('unsupported')], 3],
  ];
  it.each(cases)('%s', (_, cells, status) => {
    expect(exitStatus({ cells })).toBe(status);
  });

  it('an interrupted run is not a success', () => {
    expect(exitStatus({ cells: [cellOf('passed')], interrupted: true })).toBe(3);
  });

  it('does not trust the totals written', () => {
    const run = { ...sampleRun, totals: { passed: 9, failed: 0, unsupported: 0, broken: 0 } };
    expect(exitStatus(run)).toBe(3);
  });
});

describe('worstVerdict', () => {
  it('shows the worst, and never green for nothing', () => {
    expect(worstVerdict({ passed: 9, failed: 1, unsupported: 1, broken: 0 })).toBe('failed');
    expect(worstVerdict({ passed: 9, failed: 1, unsupported: 1, broken: 1 })).toBe('broken');
    expect(worstVerdict({ passed: 0, failed: 0, unsupported: 3, broken: 0 })).toBe('unsupported');
    expect(worstVerdict({ passed: 0, failed: 0, unsupported: 0, broken: 0 })).toBe('broken');
  });
});
