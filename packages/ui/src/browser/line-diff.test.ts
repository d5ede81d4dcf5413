import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines, linesOf } from './line-diff.ts';

const offer = readFileSync(new URL('../fixtures/made-chrome-av-cand.sdp', import.meta.url), 'utf8');

describe('diffLines', () => {
  it('finds nothing between a description and itself', () => {
    const rows = diffLines(offer, offer);
    expect(rows).toHaveLength(linesOf(offer).length);
    expect(rows.every((row) => row.kind === 'same')).toBe(true);
  });

  it('lays a changed line beside the one it was, with both numbers', () => {
    const changed = offer.replace(/a=setup:actpass/, 'a=setup:active');
    const rows = diffLines(offer, changed).filter((row) => row.kind !== 'same');
    const line = linesOf(offer).indexOf('a=setup:actpass') + 1;
    expect(rows).toEqual([
      {
        kind: 'changed',
        left: { number: line, text: 'a=setup:actpass' },
        right: { number: line, text: 'a=setup:active' },
      },
    ]);
  });

  it('tells lines that came from lines that went', () => {
    expect(diffLines('a\nb\nc', 'b\nc\nd').map((row) => row.kind)).toEqual([
      'removed',
      'same',
      'same',
      'added',
    ]);
    expect(diffLines('', 'a').map((row) => row.kind)).toEqual(['added']);
    expect(diffLines('a\r\nb\r\n', 'a\nb\n').map((row) => row.kind)).toEqual(['same', 'same']);
  });

  it('holds every line of both sides once, in order, and the shortest difference of small texts', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (left, right) => {
        const rows = diffLines(left, right);
        expect(rows.flatMap((row) => row.left?.text ?? [])).toEqual(linesOf(left));
        expect(rows.flatMap((row) => row.right?.text ?? [])).toEqual(linesOf(right));
        expect(rows.flatMap((row) => row.left?.number ?? [])).toEqual(
          linesOf(left).map((_, index) => index + 1),
        );
        for (const row of rows) if (row.kind === 'same') expect(row.left!.text).toBe(row.right!.text);
        expect(rows.filter((row) => row.kind === 'same')).toHaveLength(
          longestCommon(linesOf(left), linesOf(right)),
        );
      }),
    );
  });
});

/** The definition, without cleverness. */
function longestCommon([a, ...as]: string[], b: string[]): number {
  if (a === undefined || b.length === 0) return 0;
  const at = b.indexOf(a);
  return Math.max(longestCommon(as, b), at < 0 ? 0 : 1 + longestCommon(as, b.slice(at + 1)));
}
