import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeCanonicalHead } from './canonical-head.ts';
import { clientHeadSchema } from './client-head.ts';
import { clientMessageSchema } from './protocol.ts';

const odd = fc.oneof(
  fc.constantFrom(null, true, '', 'a b', 0, -1, 1.5, 1e21, 1024, 'x'.repeat(65), 'x'.repeat(1025), [], {}),
  fc.jsonValue({ maxDepth: 2 }),
);
const often = <T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary: right }, { weight: 1, arbitrary: odd });
const number = fc.integer({ min: 0, max: 2 ** 40 });
const candidate = fc.record(
  {
    candidate: often(fc.constantFrom('', 'candidate:1 1 udp 1 127.0.0.1 9 typ host')),
    sdpMid: often(fc.constantFrom('0', 'audio')),
    sdpMLineIndex: often(fc.integer({ min: 0, max: 1023 })),
    usernameFragment: often(fc.string({ maxLength: 8 })),
    more: odd,
  },
  { requiredKeys: [] },
);
const head = fc.record(
  {
    type: often(fc.constantFrom('offer', 'answer', 'accept', 'ringing', 'candidates', 'end', 'call', 'ack')),
    call: often(fc.constantFrom('c1', 'A_-z', 'x'.repeat(64))),
    seq: often(number),
    ack: often(number),
    candidates: often(fc.array(often(candidate), { maxLength: 3 })),
    more: odd,
  },
  { requiredKeys: ['type'] },
);

describe('the way past the schema', () => {
  it('takes and refuses what the schema does, and gives the same', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 20, arbitrary: head }, odd), (value) => {
        const want = clientMessageSchema.safeParse(value);
        const got = clientHeadSchema.safeParse(value);
        expect(got.success).toBe(want.success);
        if (got.success && want.success) {
          taken++;
          expect(got.data).toEqual(want.data);
        }
      }),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  it('reads a canonical head as JSON and the schema would, or leaves it to them', () => {
    const number = fc.oneof(
      fc.nat().map(String),
      fc.constantFrom('0', '01', '-1', '1e3', '1.0', '', '9'.repeat(15), '9'.repeat(16)),
    );
    const call = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_-]{0,70}$/), fc.string({ maxLength: 5 }));
    const type = fc.constantFrom('offer', 'answer', 'accept', 'ringing', 'candidates', 'offers');
    const rest = fc.constantFrom('', ' ', ',"x":1', '}');
    let read = 0;
    fc.assert(
      fc.property(type, call, number, number, rest, (type, call, seq, ack, rest) => {
        const text = `{"type":"${type}","call":"${call}","seq":${seq},"ack":${ack}${rest}}`;
        const got = clientHeadSchema.readText!(text, text.length);
        if (got === undefined) return;
        read++;
        expect(got).toEqual(clientMessageSchema.parse(JSON.parse(text)));
      }),
      { numRuns: 12_000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('writes a numbered head as JSON does, or leaves it to that', () => {
    const call = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9_-]{0,70}$/),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    const type = fc.constantFrom('offer', 'answer', 'accept', 'ringing', 'transfer', 'offers');
    const more = fc.oneof(fc.constant({}), fc.record({ target: fc.string() }));
    let written = 0;
    fc.assert(
      fc.property(type, call, more, fc.nat(), fc.nat(), (type, call, more, seq, ack) => {
        const got = writeCanonicalHead({ type, call, ...more }, seq, ack);
        if (got === undefined) return;
        written++;
        expect(got).toBe(JSON.stringify({ type, call, ...more, seq, ack }));
      }),
      { numRuns: 2000 },
    );
    expect(written).toBeGreaterThan(100);
    expect(writeCanonicalHead({ type: 'offer' }, 1, 0)).toBeUndefined();
  });
});
