import { describe, expect, it } from 'vitest';
import { interarrivalJitterMs } from './jitter.ts';
import { countLoss, sequenceUnwrapper, timestampUnwrapper } from './sequence.ts';

describe('unwrapping', () => {
  it('goes on over the wrap and comes back over it for a late packet', () => {
    const unwrap = sequenceUnwrapper();
    expect([65534, 65535, 0, 65533, 2].map(unwrap)).toEqual([65534, 65535, 65536, 65533, 65538]);
  });

  it('does the same for timestamps of 32 bits', () => {
    const unwrap = timestampUnwrapper();
    expect([0xffffff60, 0, 160].map(unwrap)).toEqual([0xffffff60, 0x100000000, 0x1000000a0]);
  });
});

describe('countLoss', () => {
  it('counts lost, doubled and late packets over the wrap', () => {
    expect(countLoss([65533, 65535, 65534, 0, 0, 3])).toEqual({
      received: 6,
      expected: 7,
      lost: 2,
      duplicates: 1,
      reordered: 1,
      lossRatio: 2 / 7,
    });
  });

  it('expects nothing of nothing', () => {
    expect(countLoss([])).toEqual({
      received: 0,
      expected: 0,
      lost: 0,
      duplicates: 0,
      reordered: 0,
      lossRatio: 0,
    });
  });
});

describe('interarrivalJitterMs', () => {
  it('is zero for an even stream and grows by a sixteenth of a single deviation', () => {
    const even = [0, 1, 2, 3].map((n) => ({ timestamp: (0xffffff60 + 160 * n) >>> 0, arrivedAtMs: 20 * n }));
    expect(interarrivalJitterMs(even, 8000)).toBe(0);
    const late = [...even.slice(0, 3), { ...even[3]!, arrivedAtMs: 76 }];
    expect(interarrivalJitterMs(late, 8000)).toBe(1);
  });
});
