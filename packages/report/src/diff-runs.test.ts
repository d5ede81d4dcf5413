import { describe, expect, it } from 'vitest';
import { failedResult, hostileRun, sampleCell, sampleResult, sampleRun } from './fixtures/sample-run.ts';
import { type Cell, type CheckResult, diffRuns, type Run, toTerminalDiff } from './index.ts';

const runOf = (id: string, ...cells: Cell[]): Run => ({ ...sampleRun, id, cells });
const cellOf = (...results: CheckResult[]): Cell => sampleCell('a', 'b', { results });

describe('diffRuns', () => {
  it('finds no change between a run and itself', () => {
    expect(diffRuns(sampleRun, sampleRun)).toMatchObject({
      addedCells: [],
      removedCells: [],
      changes: [],
      peers: [],
      same: 8,
    });
  });

  it('does not call another delay a change', () => {
    const later = cellOf(sampleResult('audio', { measured: { 'delay ms': 99 }, durationMs: 3 }));
    expect(diffRuns(runOf('1', cellOf(sampleResult('audio'))), runOf('2', later)).changes).toEqual([]);
  });

  it('sorts what got worse first and names every kind', () => {
    const unsupported = (check: string) => sampleResult(check, { verdict: 'unsupported' });
    const before = cellOf(
      { ...failedResult, check: 'mended' },
      { ...failedResult, check: 'other-cause' },
      sampleResult('gone'),
      sampleResult('fell'),
      sampleResult('lost'),
      unsupported('gained'),
      unsupported('same'),
    );
    const after = cellOf(
      sampleResult('mended'),
      { ...failedResult, check: 'other-cause', diagnosis: [] },
      { ...failedResult, check: 'fell' },
      unsupported('lost'),
      sampleResult('gained'),
      unsupported('same'),
      sampleResult('new'),
    );
    const diff = diffRuns(runOf('1', before), runOf('2', after));
    expect(diff.changes.map(({ check, kind }) => [check, kind])).toEqual([
      ['fell', 'worse'],
      ['lost', 'worse'],
      ['gone', 'removed'],
      ['other-cause', 'other'],
      ['mended', 'better'],
      ['gained', 'better'],
      ['new', 'added'],
    ]);
    expect(diff.same).toBe(1);
  });

  it('names cells and peers that came and went', () => {
    const [chromium, embedded] = sampleRun.peers;
    const before = {
      ...runOf('1', sampleCell('a', 'a'), sampleCell('b', 'b')),
      peers: [chromium!, embedded!],
    };
    const after = {
      ...runOf('2', sampleCell('b', 'b'), sampleCell('c', 'c')),
      peers: [{ ...chromium!, version: '157' }],
    };
    const diff = diffRuns(before, after);
    expect(diff.removedCells).toEqual(['triangle/ws/a--a']);
    expect(diff.addedCells).toEqual(['triangle/ws/c--c']);
    expect(diff.peers).toEqual([
      { id: 'chromium', before: '156.0', after: '157' },
      { id: 'embedded', before: '0.32' },
    ]);
  });
});

describe('toTerminalDiff', () => {
  it('shows the change, why, and the sum', () => {
    const diff = diffRuns(runOf('1', cellOf(sampleResult('audio'))), runOf('2', cellOf(failedResult)));
    expect(toTerminalDiff(diff, { color: false, width: 80 })).toBe(`1 → 2

✓ → ✗  audio  triangle/ws/a--b  worse
       why    no tone was decoded at the callee within 5 s
       cause  dtls-fingerprint-wrong: the answer carries a fingerprint that is
              not that of the certificate used

1 worse, 0 better, 0 otherwise changed, 0 added, 0 removed; 0 checks the same
`);
  });

  it('lets no control character of a peer through', () => {
    const text = toTerminalDiff(diffRuns(sampleRun, hostileRun), { color: false, width: 80 });
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});
