import { describe, expect, it } from 'vitest';
import { isSame } from './diff-command.ts';

describe('isSame', () => {
  const nothing = { changes: [], addedCells: [], removedCells: [], peers: [] };

  it('holds where nothing changed', () => {
    expect(isSame(nothing)).toBe(true);
  });

  it('does not hold for any kind of change', () => {
    const result = { before: undefined, after: undefined };
    for (const change of [
      { changes: [{ cell: 'c', check: 'audio', kind: 'worse' as const, ...result }] },
      { addedCells: ['c'] },
      { removedCells: ['c'] },
      { peers: [{ id: 'chromium', before: '1', after: '2' }] },
    ])
      expect(isSame({ ...nothing, ...change })).toBe(false);
  });
});
