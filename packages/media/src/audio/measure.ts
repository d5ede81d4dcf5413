import { audioPattern, PATTERN_FREQUENCIES, PATTERN_PERIOD_MS, SLOT_MS } from './pattern.ts';
import { ANALYSIS_RATE, TONES, toneEnergy, WINDOW_MS } from './tone-energies.ts';

const PER_MS = ANALYSIS_RATE / 1000;
const WINDOW = WINDOW_MS * PER_MS;
/** The part of a tone that is measured for its level: the Hann window's ends cover what its ramps change. */
const FIT = 20 * PER_MS;
const FIT_HANN = Float64Array.from(
  { length: FIT },
  (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / FIT),
);
const SEARCH_MS = [-20, -15, -10, -5, 0, 5, 10, 15, 20] as const;

/** A slot of the pattern that lies whole in the window. */
export interface Slot {
  readonly tone: number;
  /** First sample. */
  readonly from: number;
}

/** The slots that lie whole in a piece of sound whose first sample stands at `phaseMs` of the pattern. */
export function slotsWithin(id: number, phaseMs: number, length: number): Slot[] {
  const { slots } = audioPattern(id);
  const found: Slot[] = [];
  const start = phaseMs + PATTERN_PERIOD_MS;
  for (let index = Math.ceil(start / SLOT_MS); ; index += 1) {
    const from = Math.round((index * SLOT_MS - start) * PER_MS);
    if (from + SLOT_MS * PER_MS > length) return found;
    found.push({ tone: slots[index % slots.length]!, from });
  }
}

/**
 * Refines the place of a pattern to about a millisecond: the summed amplitude of its tones, each in its own slot, is
 * greatest where the slots lie right; a parabola through the logarithms of the three highest gives the top.
 */
export function refinePhase(
  samples: Float32Array,
  id: number,
  phaseMs: number,
  isExplained: (sample: number, tone: number) => boolean,
): number {
  const sums = SEARCH_MS.map((shift) => {
    let sum = 0;
    let counted = 0;
    for (const { tone, from } of slotsWithin(id, phaseMs + shift, samples.length)) {
      if (isExplained(from + WINDOW / 2, tone)) continue;
      // The amplitude and not the energy: one click or one leftover of a louder pattern must not decide.
      sum += Math.sqrt(toneEnergy(samples, from, tone));
      counted += 1;
    }
    return counted === 0 ? 0 : sum / counted;
  });
  let top = 1;
  for (let at = 1; at < sums.length - 1; at += 1) if (sums[at]! > sums[top]!) top = at;
  const [before, here, after] = [sums[top - 1]!, sums[top]!, sums[top + 1]!].map((sum) =>
    Math.log(sum + 1e-30),
  ) as [number, number, number];
  const bend = before - 2 * here + after;
  const offset = bend < 0 ? Math.max(-1, Math.min(1, (before - after) / (2 * bend))) : 0;
  return phaseMs + SEARCH_MS[top]! + offset * 5;
}

/** How a pattern stands in the sound. */
export interface Presence {
  /** Share of the whole slots in which its tone is the strongest of those that nothing else explains. */
  readonly coverage: number;
  readonly slots: number;
  /** Power of its tones against everything else while they sound. */
  readonly snrDb: number;
  readonly levelDbfs: number;
}

/**
 * Measures a pattern at its refined place. `isExplained(sample, tone)` says whether a tone belongs to a louder
 * pattern at that sample: such slots are left out.
 */
export function measurePresence(
  samples: Float32Array,
  id: number,
  phaseMs: number,
  isExplained: (sample: number, tone: number) => boolean,
): Presence {
  let [slots, hits, signal, noise] = [0, 0, 0, 0];
  for (const { tone, from } of slotsWithin(id, phaseMs, samples.length)) {
    const centre = from + WINDOW / 2;
    if (isExplained(centre, tone)) continue;
    slots += 1;
    const own = toneEnergy(samples, from, tone);
    let strongest = own > 1e-10;
    for (let other = 0; other < TONES && strongest; other += 1) {
      if (other === tone || isExplained(centre, other)) continue;
      strongest = toneEnergy(samples, from, other) < own;
    }
    if (!strongest) continue;
    hits += 1;
    const fit = fitTone(samples, centre - FIT / 2, tone);
    signal += fit.signal;
    noise += fit.noise;
  }
  const power = hits === 0 ? 0 : signal / hits;
  return {
    coverage: slots === 0 ? 0 : hits / slots,
    slots,
    snrDb: Math.min(60, 10 * Math.log10((signal + 1e-15) / (noise + 1e-15))),
    levelDbfs: 10 * Math.log10(power + 1e-15),
  };
}

/** Splits a stretch into the tone (weighted least squares) and the rest; both as mean power. */
function fitTone(samples: Float32Array, from: number, tone: number): { signal: number; noise: number } {
  const step = (2 * Math.PI * PATTERN_FREQUENCIES[tone]!) / ANALYSIS_RATE;
  let [cc, ss, cs, xc, xs, xx, weight] = [0, 0, 0, 0, 0, 0, 0];
  for (let n = 0; n < FIT; n += 1) {
    const x = samples[from + n] ?? 0;
    const w = FIT_HANN[n]!;
    const c = Math.cos(step * n);
    const s = Math.sin(step * n);
    weight += w;
    cc += w * c * c;
    ss += w * s * s;
    cs += w * c * s;
    xc += w * x * c;
    xs += w * x * s;
    xx += w * x * x;
  }
  const determinant = cc * ss - cs * cs;
  const a = (xc * ss - xs * cs) / determinant;
  const b = (xs * cc - xc * cs) / determinant;
  const signal = a * xc + b * xs;
  return { signal: signal / weight, noise: Math.max(0, xx - signal) / weight };
}
