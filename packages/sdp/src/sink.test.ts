import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sink, scratchSink } from './sink.ts';
import { sourceOf } from './source.ts';

type Piece = string | number | Uint8Array;

function written(pieces: readonly Piece[]): string {
  const out = new Sink();
  for (const piece of pieces) {
    if (typeof piece === 'string') out.text(piece);
    else if (typeof piece === 'number') out.number(piece);
    else out.codes(piece);
  }
  return out.take();
}

function joined(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (piece instanceof Uint8Array ? String.fromCharCode(...piece) : piece))
    .join('');
}

describe('Sink', () => {
  it('writes what joining the pieces would give', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.string({ unit: 'binary', maxLength: 80 }),
      // Half a surrogate pair is no Unicode, but must not become anything else.
      fc.constantFrom('', '\ud800', 'é', `${'x'.repeat(40)}\udfff`, `${'x'.repeat(31)}ü`),
    );
    const codes = fc.constantFrom('a=mid:', 'a=rtcp-mux').map((word) => sourceOf(word).codes);
    const number = fc.oneof(fc.nat(), fc.maxSafeInteger(), fc.double());
    const piece = fc.oneof<fc.Arbitrary<Piece>[]>(text, number, codes);
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(written(pieces)).toBe(joined(pieces));
      }),
      { numRuns: 300, seed: 20261122 },
    );
  });

  it.each([0, 9, 10, 99, 100, 2_147_483_647, 2_147_483_648, 4_294_967_295, 4_294_967_296, -1, 29.97])(
    'writes the number %d as String does',
    (number) => {
      expect(written([number])).toBe(String(number));
    },
  );

  it.each(['x', 'a=mid:', 'x'.repeat(33), 'é', 'x'.repeat(20_000)])(
    'takes more than its array holds, in pieces of %.10j',
    (piece) => {
      const pieces = Array.from({ length: Math.ceil(50_000 / piece.length) }, () => piece);
      expect(written(pieces)).toBe(joined(pieces));
    },
  );

  it('takes more than its array holds, in single characters and in codes', () => {
    const out = new Sink();
    for (let at = 0; at < 40_000; at++) out.code(97 + (at % 26));
    for (let at = 0; at < 5_000; at++) out.codes(sourceOf('a=mid:').codes);
    const letters = 'abcdefghijklmnopqrstuvwxyz'.repeat(1539).slice(0, 40_000);
    expect(out.take()).toBe(letters + 'a=mid:'.repeat(5_000));
  });

  it('forgets what a caller left behind', () => {
    scratchSink().text('left by one that threw, é');
    expect(scratchSink().take()).toBe('');
  });
});
