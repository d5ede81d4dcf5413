import { describe, expect, it } from 'vitest';
import {
  audioPattern,
  PATTERN_COUNT,
  PATTERN_PERIOD_MS,
  renderPattern,
  SLOTS_PER_PERIOD,
} from './pattern.ts';

describe('audioPattern', () => {
  it('keeps every two ids, and each id with itself, apart in any 800 ms', () => {
    const agreement = (a: readonly number[], b: readonly number[], shift: number): number => {
      const same = a.map((tone, at) => (tone === b[(at + shift) % SLOTS_PER_PERIOD] ? 1 : 0) as number);
      let inWindow = same.slice(0, 20).reduce((sum, one) => sum + one, 0);
      let most = 0;
      for (let at = 0; at < SLOTS_PER_PERIOD; at += 1) {
        most = Math.max(most, inWindow);
        inWindow += same[(at + 20) % SLOTS_PER_PERIOD]! - same[at]!;
      }
      return most;
    };
    let worst = 0;
    for (let a = 0; a < PATTERN_COUNT; a += 1) {
      for (let b = a; b < PATTERN_COUNT; b += 1) {
        for (let shift = a === b ? 1 : 0; shift < SLOTS_PER_PERIOD; shift += 1) {
          worst = Math.max(worst, agreement(audioPattern(a).slots, audioPattern(b).slots, shift));
        }
      }
    }
    expect(worst).toBe(8);
  });

  it('never has the same tone twice in a row, the seam of the period included', () => {
    for (let id = 0; id < PATTERN_COUNT; id += 1) {
      const { slots } = audioPattern(id);
      expect(slots.filter((tone, at) => tone === slots[(at + 1) % slots.length])).toEqual([]);
      expect(new Set(slots).size).toBe(10);
    }
  });

  it('refuses an id it has not', () => {
    expect(() => audioPattern(32)).toThrow(RangeError);
    expect(() => audioPattern(1.5)).toThrow(RangeError);
  });
});

describe('renderPattern', () => {
  it('is a function of the wall clock: pieces join, and the period returns', () => {
    const start = 1_760_000_000_123;
    const whole = renderPattern(5, { sampleRate: 8000, startWallClockMs: start, frames: 800 });
    const second = renderPattern(5, { sampleRate: 8000, startWallClockMs: start + 50, frames: 400 });
    const later = renderPattern(5, {
      sampleRate: 8000,
      startWallClockMs: start + 7 * PATTERN_PERIOD_MS,
      frames: 800,
    });
    const apart = (a: Float32Array, b: Float32Array) =>
      a.reduce((most, x, n) => Math.max(most, Math.abs(x - b[n]!)), 0);
    expect(apart(whole.subarray(400), second)).toBeLessThan(1e-5);
    expect(apart(whole, later)).toBeLessThan(1e-5);
    expect(Math.max(...whole)).toBeGreaterThan(0.24);
    expect(Math.max(...whole)).toBeLessThanOrEqual(0.25);
  });
});
