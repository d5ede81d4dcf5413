import { audioPattern, PATTERN_COUNT, PATTERN_PERIOD_MS, SLOT_MS } from './pattern.ts';
import { HOP_MS, TONES, type ToneEnergies, WINDOW_MS } from './tone-energies.ts';

const PLACES = PATTERN_PERIOD_MS / HOP_MS;

/** The tone due at each 10 ms of the period, twice over so that a window needs no modulo. */
const TONE_AT = Array.from({ length: PATTERN_COUNT }, (_, id) => {
  const { slots } = audioPattern(id);
  return Uint8Array.from({ length: 2 * PLACES }, (_, place) => {
    const ms = ((place % PLACES) + 0.5) * HOP_MS;
    return slots[Math.floor(ms / SLOT_MS)]!;
  });
});

/** Where a pattern fits best. */
export interface Fit {
  readonly id: number;
  /** Place in the pattern's period, in ms, of the centre of the first hop. */
  readonly phaseMs: number;
  /** Mean share of the energy that lies where the pattern has its tone: about 0.1 by chance, near 1 when clean. */
  readonly score: number;
  /** How far the score stands above those of the same pattern at all other places, in their standard deviations. */
  readonly distinctness: number;
}

/** The tones that are explained already: `mask[hop * TONES + tone]` is 1. */
export type ToneMask = Uint8Array;

/** Searches every pattern at every place of the period. Undefined when no hop has energy left. */
export function searchPatterns(
  { hops, energies }: ToneEnergies,
  mask: ToneMask,
  skip: ReadonlySet<number>,
): Fit | undefined {
  const shares = new Float32Array(hops * TONES);
  const active = markActive(hops, energies, mask, shares);
  if (active.length === 0) return undefined;
  let best: Fit | undefined;
  for (let id = 0; id < PATTERN_COUNT; id += 1) {
    if (skip.has(id)) continue;
    const toneAt = TONE_AT[id]!;
    let [sum, squares, highest, place] = [0, 0, -1, 0];
    for (let candidate = 0; candidate < PLACES; candidate += 1) {
      let share = 0;
      let counted = 0;
      for (let index = 0; index < active.length; index += 1) {
        const hop = active[index]!;
        const at = hop * TONES + toneAt[candidate + (hop % PLACES)]!;
        if (mask[at] === 1) continue;
        share += shares[at]!;
        counted += 1;
      }
      // Too few free places say nothing; chance alone fills them.
      const score = counted * 2 > active.length ? share / counted : 0;
      sum += score;
      squares += score * score;
      if (score > highest) {
        highest = score;
        place = candidate;
      }
    }
    if (best && highest <= best.score) continue;
    const mean = sum / PLACES;
    const deviation = Math.sqrt(Math.max(1e-9, squares / PLACES - mean * mean));
    best = {
      id,
      phaseMs: (place + 0.5) * HOP_MS,
      score: highest,
      distinctness: (highest - mean) / deviation,
    };
  }
  return best;
}

/** Fills in each hop's shares of its unmasked energy; gives the hops that are no gap. */
function markActive(hops: number, energies: Float64Array, mask: ToneMask, shares: Float32Array): number[] {
  const totals = new Float64Array(hops);
  let loudest = 0;
  for (let hop = 0; hop < hops; hop += 1) {
    let total = 0;
    for (let tone = 0; tone < TONES; tone += 1) {
      const at = hop * TONES + tone;
      if (mask[at] === 0) total += energies[at]!;
    }
    totals[hop] = total;
    loudest = Math.max(loudest, total);
  }
  const active: number[] = [];
  for (let hop = 0; hop < hops; hop += 1) {
    // 40 dB below the loudest is a gap (a lost packet, comfort noise), not a tone that missed.
    if (totals[hop]! <= loudest * 1e-4 || totals[hop]! < 1e-12) continue;
    active.push(hop);
    for (let tone = 0; tone < TONES; tone += 1) {
      const at = hop * TONES + tone;
      if (mask[at] === 0) shares[at] = energies[at]! / totals[hop]!;
    }
  }
  return active;
}

/** Masks the tones of a found pattern in every hop whose window they reach into. */
export function maskPattern(mask: ToneMask, hops: number, id: number, firstHopPhaseMs: number): void {
  const { slots } = audioPattern(id);
  // A little more than the window: what a decoder smears and a jitter buffer shifts.
  const reachMs = WINDOW_MS / 2 + 6;
  for (let hop = 0; hop < hops; hop += 1) {
    const centre = firstHopPhaseMs + hop * HOP_MS + PATTERN_PERIOD_MS;
    const first = Math.floor((centre - reachMs) / SLOT_MS);
    const last = Math.floor((centre + reachMs) / SLOT_MS);
    for (let slot = first; slot <= last; slot += 1) mask[hop * TONES + slots[slot % slots.length]!] = 1;
  }
}
