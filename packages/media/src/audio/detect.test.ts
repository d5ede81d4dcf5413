import { describe, expect, it } from 'vitest';
import { decodePcma, decodePcmu, encodePcma, encodePcmu } from '../codec/g711.ts';
import { type Pcm, toFloat32, toInt16 } from '../codec/pcm.ts';
import { seededRandom } from '../seeded-random.ts';
import { detectPattern, type HeardPattern } from './detect.ts';
import { PATTERN_COUNT, PATTERN_FREQUENCIES, renderPattern } from './pattern.ts';
import { musicLike, speechLike, whiteNoise } from './sound-material.ts';

const RATE = 8000;
const START = 1_760_000_000_137;

/** A second of a pattern as it was sent at START. */
const pattern = (id: number, { delayMs = 0, ms = 1000, sampleRate = RATE } = {}) =>
  renderPattern(id, {
    sampleRate,
    startWallClockMs: START - delayMs,
    frames: Math.round((sampleRate * ms) / 1000),
  });

const hear = (pcm: Pcm, sampleRate = RATE) =>
  detectPattern(pcm, sampleRate, { startWallClockMs: START }).heard;

const add = (a: Float32Array, b: Float32Array, decibels = 0) =>
  a.map((sample, at) => sample + 10 ** (decibels / 20) * b[at]!);

/** The one pattern that was heard; fails when there are none or more. */
const only = (heard: readonly HeardPattern[]): HeardPattern => {
  expect(heard.map(({ id }) => id)).toHaveLength(1);
  return heard[0]!;
};

/** Overlap-add of 20 ms grains, each laid where it fits best: what a jitter buffer does to catch up or to wait. */
function stretch(source: Float32Array, factor: number, frames: number): Float32Array {
  const [grain, hop] = [160, 80];
  const out = new Float32Array(frames + grain);
  for (let at = 0; at < frames; at += hop) {
    const wanted = Math.round(at / factor);
    let [best, highest] = [wanted, Number.NEGATIVE_INFINITY];
    for (let from = Math.max(0, wanted - 20); from <= wanted + 20; from += 1) {
      let likeness = 0;
      for (let n = 0; n < hop; n += 1) likeness += out[at + n]! * (source[from + n] ?? 0);
      if (likeness > highest) [best, highest] = [from, likeness];
    }
    for (let n = 0; n < grain; n += 1) {
      out[at + n]! += (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / grain)) * (source[best + n] ?? 0);
    }
  }
  return out.subarray(0, frames);
}

describe('a clean pattern', () => {
  it('is named for every id, whole, with its delay to 2 ms', () => {
    for (let id = 0; id < PATTERN_COUNT; id += 1) {
      const delayMs = (id * 61.7) % 2000;
      const heard = only(hear(pattern(id, { delayMs })));
      expect(heard.id).toBe(id);
      expect(heard.coverage).toBe(1);
      expect(heard.snrDb).toBeGreaterThan(30);
      expect(heard.levelDbfs).toBeCloseTo(-15, 0);
      expect(Math.abs(heard.delayMs - delayMs)).toBeLessThan(2);
    }
  });

  it('gives its delay over the whole range from a clock 300 ms ahead to 3.4 s', () => {
    for (let delayMs = -300; delayMs < 3400; delayMs += 137) {
      expect(Math.abs(only(hear(pattern(11, { delayMs }))).delayMs - delayMs)).toBeLessThan(2);
    }
  });

  it.each([16000, 44100, 48000])('is heard at %i Hz as well', (sampleRate) => {
    const heard = only(hear(pattern(7, { sampleRate, delayMs: 80 }), sampleRate));
    expect([heard.id, Math.round(heard.delayMs / 3)]).toEqual([7, 27]);
  });

  it('needs no more than 0.8 s', () => {
    for (let id = 0; id < PATTERN_COUNT; id += 1) expect(only(hear(pattern(id, { ms: 800 }))).id).toBe(id);
  });

  it('is judged second by second when there is more, and coverage tells a part that is missing', () => {
    const long = pattern(4, { ms: 4000, delayMs: 60 });
    expect(only(hear(long)).coverage).toBe(1);
    long.fill(0, 2 * RATE);
    const half = only(hear(long));
    expect(half.coverage).toBeCloseTo(0.5, 1);
    expect(Math.abs(half.delayMs - 60)).toBeLessThan(2);
  });

  it('is not reported to who did not ask for it, and not taken for another', () => {
    for (let id = 0; id < PATTERN_COUNT; id += 1) {
      const candidates = [(id + 1) % PATTERN_COUNT, (id + 9) % PATTERN_COUNT];
      expect(detectPattern(pattern(id), RATE, { startWallClockMs: START, candidates }).heard).toEqual([]);
    }
  });
});

describe('a degraded pattern', () => {
  it.each([
    ['u-law', (pcm: Int16Array) => decodePcmu(encodePcmu(pcm))],
    ['A-law', (pcm: Int16Array) => decodePcma(encodePcma(pcm))],
  ])('comes through %s', (_, through) => {
    const heard = only(hear(through(toInt16(pattern(21, { delayMs: 44 })))));
    expect([heard.id, heard.coverage]).toEqual([21, 1]);
    expect(Math.abs(heard.delayMs - 44)).toBeLessThan(3);
  });

  it.each([15, 5, 0])('is heard %i dB above white noise, with the ratio said', (ratio) => {
    for (let id = 0; id < 20; id += 1) {
      const rms = Math.sqrt(0.25 ** 2 / 2) / 10 ** (ratio / 20);
      const heard = only(hear(add(pattern(id, { delayMs: 120 }), whiteNoise(id + 1, RATE, rms))));
      expect(heard.id).toBe(id);
      expect(Math.abs(heard.snrDb - ratio)).toBeLessThan(3);
      expect(Math.abs(heard.delayMs - 120)).toBeLessThan(10);
    }
  });

  it.each([0.1, 0.3])('survives gaps of 20 ms at a loss of %d', (loss) => {
    const random = seededRandom(9);
    for (let id = 0; id < 20; id += 1) {
      const sound = pattern(id, { delayMs: 250 });
      for (let at = 0; at < RATE; at += 160) if (random() / 2 ** 32 < loss) sound.fill(0, at, at + 160);
      const heard = only(hear(sound));
      expect(heard.id).toBe(id);
      expect(Math.abs(heard.delayMs - 250)).toBeLessThan(20);
    }
  });

  it.each([0.97, 1.03])('survives being stretched by %d', (factor) => {
    for (let id = 0; id < 20; id += 1) {
      const heard = only(hear(stretch(pattern(id, { delayMs: 100, ms: 1200 }), factor, RATE)));
      expect(heard.id).toBe(id);
      // Over the second the true delay moves by 30 ms; half of it is in the middle.
      expect(Math.abs(heard.delayMs - 100 - 500 * (factor - 1))).toBeLessThan(20);
    }
  });

  it.each([-30, 30])('does not depend on the gain: %i dB, clipping included', (decibels) => {
    const heard = only(hear(toInt16(pattern(8).map((sample) => sample * 10 ** (decibels / 20)))));
    expect([heard.id, heard.coverage]).toEqual([8, 1]);
  });
});

describe('an echo', () => {
  it.each([-6, -15, -24])(
    'of the own pattern at %i dB stands behind the far one with its level and delay',
    (decibels) => {
      let right = 0;
      for (let own = 0; own < PATTERN_COUNT; own += 1) {
        const far = (own * 7 + 5) % PATTERN_COUNT;
        if (far === own) continue;
        const mixed = add(pattern(far, { delayMs: 60 }), pattern(own, { delayMs: 60 + own * 9.3 }), decibels);
        const heard = hear(decodePcmu(encodePcmu(toInt16(mixed))));
        expect(heard.map(({ id }) => id)).toEqual([far, own]);
        expect(Math.abs(heard[1]!.levelDbfs - heard[0]!.levelDbfs - decibels)).toBeLessThan(3);
        expect(Math.abs(heard[1]!.delayMs - 60 - own * 9.3)).toBeLessThan(15);
        right += 1;
      }
      expect(right).toBeGreaterThan(25);
    },
  );

  it('is not found where there is none: 256 windows, clean, noisy and through u-law', () => {
    for (let trial = 0; trial < 256; trial += 1) {
      const id = trial % PATTERN_COUNT;
      const noise = whiteNoise(trial, RATE, [0, 0.003, 0.02, 0.08][trial >> 6]!);
      const sound = add(pattern(id, { delayMs: trial * 17.3 }), noise);
      const heard = hear(trial % 2 === 0 ? sound : decodePcmu(encodePcmu(toInt16(sound))));
      expect(only(heard).id).toBe(id);
    }
  });
});

describe('what is no pattern', () => {
  it('is silence below -60 dBFS', () => {
    expect(detectPattern(new Int16Array(RATE), RATE, { startWallClockMs: 0 })).toEqual({
      heard: [],
      rms: 0,
      peak: 0,
      silent: true,
    });
    expect(detectPattern(whiteNoise(1, RATE, 0.0009), RATE, { startWallClockMs: 0 }).silent).toBe(true);
    expect(detectPattern(whiteNoise(1, RATE, 0.0012), RATE, { startWallClockMs: 0 }).silent).toBe(false);
  });

  const tonesAtRandom = (seed: number) => {
    const random = seededRandom(seed);
    const frequencies = Array.from({ length: 20 }, () => PATTERN_FREQUENCIES[random() % 10]!);
    return Float32Array.from({ length: RATE }, (_, n) => {
      return 0.2 * Math.sin((2 * Math.PI * frequencies[Math.floor(n / 400)]! * n) / RATE);
    });
  };
  const sine = (frequency: number) =>
    Float32Array.from({ length: RATE }, (_, n) => 0.3 * Math.sin((2 * Math.PI * frequency * n) / RATE));

  it.each<[string, number, (seed: number) => Float32Array]>([
    ['white noise', 200, (seed) => whiteNoise(seed, RATE)],
    ['white noise of 0.8 s', 100, (seed) => whiteNoise(seed, 6400)],
    ['speech', 200, (seed) => speechLike(seed, RATE, RATE)],
    ['music', 200, (seed) => musicLike(seed, RATE, RATE)],
    ['hasty music', 100, (seed) => musicLike(seed, RATE, RATE, 40)],
    ['the very tones in another time', 100, tonesAtRandom],
    ['sines from 300 to 3000 Hz', 100, (seed) => sine(300 + 27 * seed)],
    ['the tuning fork', 1, () => sine(440)],
  ])('%s: %i seeded windows, none heard', (_, trials, make) => {
    const wrong: number[] = [];
    for (let seed = 1; seed <= trials; seed += 1) if (hear(make(seed)).length > 0) wrong.push(seed);
    expect(wrong).toEqual([]);
  });

  it('would be found in the same noise if it were there', () => {
    const found = Array.from({ length: 50 }, (_, seed) =>
      hear(add(pattern(6), speechLike(seed + 1, RATE, RATE))),
    );
    expect(found.filter((heard) => heard.some(({ id }) => id === 6)).length).toBeGreaterThanOrEqual(48);
  });
});

describe('the form of the samples', () => {
  it('makes no difference: 16 bits or floating point', () => {
    const pcm = toInt16(pattern(30));
    expect(hear(toFloat32(pcm))).toEqual(hear(pcm));
  });
});
