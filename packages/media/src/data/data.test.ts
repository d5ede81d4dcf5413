import { describe, expect, it } from 'vitest';
import { judgeData, type ReceivedDataMessage } from './judge.ts';
import { dataProbeAnswer, dataProbeMessages, readDataProbe } from './messages.ts';

const plan = { count: 8, sizes: [16, 100, 1200, 262_144], seed: 7 };
const messages = dataProbeMessages(plan);
const sent = messages.map(({ length }, index) => ({ size: length, sentAtMs: index }));
const echo = (index: number): ReceivedDataMessage => ({
  bytes: dataProbeAnswer(messages[index]!)!,
  receivedAtMs: index + 5 + (index % 3),
});
const all = messages.map((_, index) => echo(index));

describe('dataProbeMessages', () => {
  it('are the same for the same seed and others for another', () => {
    expect(dataProbeMessages(plan)).toEqual(messages);
    expect(dataProbeMessages({ ...plan, seed: 8 })[2]).not.toEqual(messages[2]);
    expect(messages.map(({ length }) => length)).toEqual([16, 100, 1200, 262_144, 16, 100, 1200, 262_144]);
    expect(() => dataProbeMessages({ ...plan, sizes: [262_145] })).toThrow(RangeError);
    expect(() => dataProbeMessages({ ...plan, sizes: [15] })).toThrow(RangeError);
  });

  it('say what they are, and an echo is not echoed', () => {
    expect(readDataProbe(messages[3]!)).toEqual({ kind: 'question', index: 3, size: 262_144, intact: true });
    expect(readDataProbe(echo(3).bytes)).toEqual({ kind: 'answer', index: 3, size: 262_144, intact: true });
    expect(dataProbeAnswer(echo(3).bytes)).toBeUndefined();
    expect(readDataProbe(new TextEncoder().encode('a chat message of a person'))).toBeUndefined();
  });
});

describe('judgeData', () => {
  it('finds an echo of everything perfect, with its round trips', () => {
    expect(judgeData(sent, all)).toEqual({
      sent: 8,
      returned: 8,
      lost: 0,
      duplicates: 0,
      reordered: 0,
      corrupted: 0,
      foreign: 0,
      largest: 262_144,
      roundTripMs: { min: 5, median: 6, max: 7 },
      perfect: true,
    });
  });

  it('finds each kind of fault, and none of them perfect', () => {
    const damaged = echo(2);
    damaged.bytes[500]! ^= 1;
    const cut = { ...echo(3), bytes: echo(3).bytes.subarray(0, 65_536) };
    const cases: [ReceivedDataMessage[], object][] = [
      [all.slice(0, 6), { lost: 2, returned: 6 }],
      [[...all, echo(5)], { duplicates: 1, lost: 0 }],
      [all.toSpliced(1, 2, echo(2), echo(1)), { reordered: 1, lost: 0 }],
      [all.with(2, damaged), { corrupted: 1, lost: 1 }],
      [all.with(3, cut), { corrupted: 1, lost: 1 }],
      [[...all, { bytes: messages[0]!, receivedAtMs: 9 }], { foreign: 1, lost: 0 }],
      [[], { lost: 8, roundTripMs: undefined, largest: 0 }],
    ];
    for (const [received, fault] of cases) {
      expect(judgeData(sent, received)).toMatchObject({ ...fault, perfect: false });
    }
    expect(judgeData([], []).perfect).toBe(false);
  });
});
