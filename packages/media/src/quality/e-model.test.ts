import { describe, expect, it } from 'vitest';
import { delayImpairment, eModel, equipmentImpairment, mosFromRating } from './e-model.ts';

describe('mosFromRating', () => {
  it('gives the table of G.107 annex B', () => {
    const limits = [90, 80, 70, 60, 50].map((rating) => Number(mosFromRating(rating).toFixed(2)));
    expect(limits).toEqual([4.34, 4.02, 3.6, 3.1, 2.58]);
    expect([mosFromRating(-3), mosFromRating(0), mosFromRating(3), mosFromRating(101)]).toEqual([
      1, 1, 1, 4.5,
    ]);
  });
});

describe('eModel', () => {
  it('rates a call without delay and loss at the default of G.107, 93.2', () => {
    const best = eModel({ delayMs: 0, lossRatio: 0, codec: 'g711' });
    expect(best.rating).toBe(93.2);
    expect(best.mos).toBeCloseTo(4.41, 2);
  });

  it('takes nothing for 100 ms and ever more beyond', () => {
    expect(delayImpairment(100)).toBe(0);
    const [at200, at400] = [delayImpairment(200), delayImpairment(400)];
    // Clause 7.4 with X = 1: 25 (2^(1/6) - 3 (1 + 3^-6)^(1/6) + 2).
    expect(at200).toBeCloseTo(3.04, 2);
    expect(at400).toBeGreaterThan(20);
  });

  it('takes half of 95 when the loss in percent equals Bpl', () => {
    expect(equipmentImpairment({ ie: 0, bpl: 4.3 }, 0.043)).toBeCloseTo(47.5, 6);
    expect(equipmentImpairment({ ie: 0, bpl: 4.3 }, 0.043, 2)).toBeGreaterThan(47.5);
  });

  it('prefers concealment, and every loss costs', () => {
    const bare = eModel({ delayMs: 50, lossRatio: 0.03, codec: 'g711' });
    const concealed = eModel({ delayMs: 50, lossRatio: 0.03, codec: 'g711-plc' });
    expect(concealed.mos).toBeGreaterThan(bare.mos + 0.8);
    expect(eModel({ delayMs: 50, lossRatio: 0, codec: 'opus' }).mos).toBeGreaterThan(concealed.mos);
  });
});
