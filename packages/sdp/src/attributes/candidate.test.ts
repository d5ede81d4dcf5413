import { type IceCandidate, parseCandidate } from '@crosspoint/ice';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corpus } from '../fuzz/corpus.ts';
import { scratchSink } from '../sink.ts';
import { sourceOf } from '../source.ts';
import { candidateAt, candidateValue, writeCandidateValue } from './candidate.ts';

const WORDS = [
  '1',
  '01',
  '0',
  '257',
  'udp',
  'UDP',
  'tcp',
  '2122194687',
  '99999999999',
  '10.0.0.1',
  '::1',
  '9',
  '70000',
];
const MORE = [
  'typ',
  'host',
  'srflx',
  'raddr',
  'rport',
  'tcptype',
  'active',
  'generation',
  'ufrag',
  'a=',
  'candidate:',
  '',
];

function reference(value: string): unknown {
  if (value.startsWith('candidate:') || value.startsWith('a=')) return undefined;
  try {
    return parseCandidate(value);
  } catch {
    return undefined;
  }
}

function read(value: string): IceCandidate | undefined {
  // A surrounding that would be taken in by a reader that passes its end.
  return candidateAt(sourceOf(`x ${value} y`), 2, 2 + value.length);
}

function written(candidate: IceCandidate): string {
  const out = scratchSink();
  writeCandidateValue(out, candidate);
  return out.take();
}

describe('candidateAt', () => {
  it('says what the reader of ICE says, on every recorded candidate', () => {
    const values = corpus().flatMap(({ text }) =>
      text
        .split('\r\n')
        .filter((line) => line.startsWith('a=candidate:'))
        .map((line) => line.slice('a=candidate:'.length)),
    );
    expect(values.length).toBe(414);
    for (const value of values) {
      expect(read(value)).toEqual(reference(value));
      const candidate = parseCandidate(`candidate:${value}`);
      expect(candidateValue(candidate)).toBe(value);
      expect(written(candidate)).toBe(value);
    }
  });

  it('says what the reader of ICE says, on damaged candidates', () => {
    const word = fc.constantFrom(...WORDS, ...MORE);
    const tail = fc.array(word, { maxLength: 6 });
    const shaped = fc
      .tuple(word, word, word, word, word, word, tail)
      .map(([a, b, c, d, e, f, rest]) => [a, b, c, d, e, f, 'typ', 'host', ...rest].join(' '));
    const damaged = fc.oneof(
      shaped,
      fc.array(word, { maxLength: 14 }).map((words) => words.join(' ')),
    );
    const good = fc.tuple(tail, fc.constantFrom(' ', '  ', '\t')).map(([rest, space]) => {
      return `7 1 udp 2122194687 10.0.0.1 9 typ srflx raddr 10.0.0.2 rport 9${space}${rest.join(' ')}`;
    });
    fc.assert(
      fc.property(fc.oneof(damaged, good), (value) => {
        const candidate = read(value);
        expect(candidate).toEqual(reference(value));
        if (candidate === undefined) return;
        expect(written(candidate)).toBe(value);
        expect(written({ ...candidate, port: 1 })).toBe(candidateValue({ ...candidate, port: 1 }));
      }),
      { numRuns: 5000, seed: 20261122 },
    );
  });
});
