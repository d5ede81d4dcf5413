import { renderPattern, toInt16 } from '@crosspoint/media';
import { describe, expect, it } from 'vitest';
import { firstSound, isHeard, type SoundWindow } from './first-sound.ts';

const RATE = 8000;
const T0 = 1_795_378_946_000;

/** What is heard between two times where a pattern begins at `onset`, `delayMs` after it was sent. */
function window(fromMs: number, ms: number, onset: number, id: number, delayMs = 20, noise = 0): SoundWindow {
  const frames = (ms * RATE) / 1000;
  const startedAt = T0 + fromMs;
  const sound = renderPattern(id, { sampleRate: RATE, startWallClockMs: startedAt - delayMs, frames });
  const silent = Math.max(0, Math.round(((onset - fromMs) * RATE) / 1000));
  sound.fill(0, 0, Math.min(silent, frames));
  let seed = 7;
  for (let at = 0; at < frames; at += 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    sound[at]! += noise * (seed / 2 ** 30 - 1);
  }
  return { sampleRate: RATE, startedAt, pcm: toInt16(sound) };
}

describe('firstSound', () => {
  // Every place of the beginning within a tone, and of the window within the pattern.
  const onsets = Array.from({ length: 41 }, (_, at) => 60 + at * 3);
  it.each([0, 0.003])('holds the true beginning between its two moments, with noise %d', (noise) => {
    for (const [at, onset] of onsets.entries()) {
      const from = at * 37;
      const windows = [window(from, 1000, from + onset, at % 32, 20 + (at % 7), noise)];
      const first = firstSound(windows, at % 32, T0 + from)!;
      const words = `beginning at ${onset}: ${first?.notBefore - T0 - from} to ${first?.notAfter - T0 - from}`;
      // The edge of a tone has no energy: one that begins there is heard up to a rise later.
      expect(first.notBefore, words).toBeLessThanOrEqual(T0 + from + onset + 10);
      expect(first.notAfter, words).toBeGreaterThanOrEqual(T0 + from + onset);
      expect(first.notAfter - first.notBefore, words).toBeLessThanOrEqual(20);
    }
  });

  it('follows the pattern back into a window that was too short of it to recognise it', () => {
    const windows = [window(0, 1000, 700, 3), window(1040, 1000, 700, 3)];
    expect(windows.map((each) => isHeard(each, 3))).toEqual([false, true]);
    const first = firstSound(windows, 3, T0)!;
    expect(first.notAfter - T0).toBeGreaterThanOrEqual(700);
    expect(first.notAfter - T0).toBeLessThanOrEqual(715);
  });

  it('says how much it does not know where the pattern sounds from the beginning', () => {
    const alone = firstSound([window(50, 1000, 0, 3)], 3, T0)!;
    expect(alone.notBefore).toBe(T0);
    expect(alone.notAfter - T0).toBeGreaterThanOrEqual(50);
    const second = firstSound([window(0, 1000, 9999, 3), window(1200, 1000, 1100, 3)], 3, T0)!;
    expect(second.notBefore - T0).toBe(960);
    expect(second.notAfter - T0).toBeGreaterThanOrEqual(1200);
  });

  it('hears neither silence nor another pattern', () => {
    expect(firstSound([], 3, T0)).toBeUndefined();
    expect(firstSound([{ sampleRate: RATE, startedAt: T0, pcm: new Int16Array(0) }], 3, T0)).toBeUndefined();
    expect(firstSound([window(0, 1000, 9999, 3)], 3, T0)).toBeUndefined();
    expect(firstSound([window(0, 1000, 0, 4)], 3, T0)).toBeUndefined();
  });

  it('does not take noise before it for its beginning', () => {
    const noisy = window(0, 1000, 400, 3, 20, 0.02);
    const first = firstSound([noisy], 3, T0)!;
    expect(first.notAfter - T0).toBeGreaterThanOrEqual(395);
    expect(first.notAfter - T0).toBeLessThanOrEqual(420);
  });
});
