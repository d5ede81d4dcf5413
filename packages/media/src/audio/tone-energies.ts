import { PATTERN_FREQUENCIES } from './pattern.ts';

/** Everything is analysed at the telephone's rate: all tones are below 3 kHz. */
export const ANALYSIS_RATE = 8000;
export const HOP_MS = 10;
export const WINDOW_MS = 40;

const HOP = (ANALYSIS_RATE * HOP_MS) / 1000;
const WINDOW = (ANALYSIS_RATE * WINDOW_MS) / 1000;
export const TONES = PATTERN_FREQUENCIES.length;

/** Energy at each tone over time: `energies[hop * TONES + tone]`, hop h centred at h * 10 + 20 ms. */
export interface ToneEnergies {
  readonly hops: number;
  /** Power of a sinusoid of that frequency (0.5 for full scale). */
  readonly energies: Float64Array;
}

// Hann: a loud tone must not show in its neighbours, or a faint echo beside it could not be seen.
const HANN = Float64Array.from(
  { length: WINDOW },
  (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / WINDOW),
);
const SCALE = 2 / (WINDOW / 2) ** 2;
const wave = (shape: (radians: number) => number) =>
  PATTERN_FREQUENCIES.map((frequency) =>
    Float64Array.from(
      { length: WINDOW },
      (_, n) => HANN[n]! * shape((2 * Math.PI * frequency * n) / ANALYSIS_RATE),
    ),
  );
const COSINES = wave(Math.cos);
const SINES = wave(Math.sin);

/** Measures the tones every 10 ms in windows of 40 ms; `samples` are at ANALYSIS_RATE. */
export function measureTones(samples: Float32Array): ToneEnergies {
  const hops = Math.max(0, Math.floor((samples.length - WINDOW) / HOP) + 1);
  const energies = new Float64Array(hops * TONES);
  for (let hop = 0; hop < hops; hop += 1) {
    for (let tone = 0; tone < TONES; tone += 1)
      energies[hop * TONES + tone] = toneEnergy(samples, hop * HOP, tone);
  }
  return { hops, energies };
}

/** Power of one tone in the window that begins at sample `from`; the window must lie inside. */
export function toneEnergy(samples: Float32Array, from: number, tone: number): number {
  const cosine = COSINES[tone]!;
  const sine = SINES[tone]!;
  let real = 0;
  let imaginary = 0;
  for (let n = 0; n < WINDOW; n += 1) {
    const sample = samples[from + n]!;
    real += sample * cosine[n]!;
    imaginary += sample * sine[n]!;
  }
  return (real * real + imaginary * imaginary) * SCALE;
}
