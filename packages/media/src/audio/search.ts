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

/** What the search looks at: per hop and tone the share of the unexplained energy. */
interface Shares {
  /** 0 where masked. */
  readonly share: Float32Array;
  /** 1 where not masked. */
  readonly free: Uint8Array;
  /** The hops that are worth looking at. */
  readonly active: readonly number[];
}

/** The search walks in steps of 20 ms, half a slot; the best is then looked at in steps of 10. */
const COARSE = 2;

/**
 * Searches every pattern at every place of the period. `isSteady` says which hops count: all, or those in which the
 * patterns found before do not change their tone. Undefined when no hop has energy left.
 */
export function searchPatterns(
  { hops, energies }: ToneEnergies,
  mask: ToneMask,
  skip: ReadonlySet<number>,
  isSteady: (hop: number) => boolean,
): Fit | undefined {
  const shares = shareEnergy(hops, energies, mask, isSteady);
  if (shares.active.length === 0) return undefined;
  // Windows overlap by three quarters, so every second says nearly as much; steady ones are few already.
  const coarse = skip.size > 0 ? shares : { ...shares, active: shares.active.filter((hop) => hop % 2 === 0) };
  let best: Fit | undefined;
  for (let id = 0; id < PATTERN_COUNT; id += 1) {
    if (skip.has(id)) continue;
    let [sum, squares, highest, top] = [0, 0, -1, 0];
    for (let place = 0; place < PLACES; place += COARSE) {
      const score = scoreAt(coarse, id, place);
      sum += score;
      squares += score * score;
      if (score > highest) {
        highest = score;
        top = place;
      }
    }
    if (best && highest <= best.score - 0.1) continue;
    const mean = (sum * COARSE) / PLACES;
    const deviation = Math.sqrt(Math.max(1e-9, (squares * COARSE) / PLACES - mean * mean));
    for (const place of [top, (top + 1) % PLACES, (top + PLACES - 1) % PLACES]) {
      const score = scoreAt(shares, id, place);
      if (best && score <= best.score) continue;
      best = { id, phaseMs: (place + 0.5) * HOP_MS, score, distinctness: (highest - mean) / deviation };
    }
  }
  return best;
}

function scoreAt({ share, free, active }: Shares, id: number, place: number): number {
  const toneAt = TONE_AT[id]!;
  let sum = 0;
  let counted = 0;
  for (let index = 0; index < active.length; index += 1) {
    const hop = active[index]!;
    const at = hop * TONES + toneAt[place + (hop % PLACES)]!;
    sum += share[at]!;
    counted += free[at]!;
  }
  // Too few free places say nothing; chance alone fills them.
  return counted * 2 > active.length ? sum / counted : 0;
}

/** Fills in each hop's shares of its unmasked energy; active are the hops that are no gap. */
function shareEnergy(
  hops: number,
  energies: Float64Array,
  mask: ToneMask,
  isSteady: (hop: number) => boolean,
): Shares {
  const share = new Float32Array(hops * TONES);
  const free = new Uint8Array(hops * TONES);
  const totals = new Float64Array(hops);
  let loudest = 0;
  for (let hop = 0; hop < hops; hop += 1) {
    if (!isSteady(hop)) continue;
    for (let at = hop * TONES; at < (hop + 1) * TONES; at += 1) {
      free[at] = 1 - mask[at]!;
      totals[hop]! += free[at]! * energies[at]!;
    }
    loudest = Math.max(loudest, totals[hop]!);
  }
  const active: number[] = [];
  for (let hop = 0; hop < hops; hop += 1) {
    // 40 dB below the loudest is a gap (a lost packet, comfort noise), not a tone that missed.
    if (totals[hop]! <= loudest * 1e-4 || totals[hop]! < 1e-12) continue;
    active.push(hop);
    for (let at = hop * TONES; at < (hop + 1) * TONES; at += 1) {
      share[at] = (free[at]! * energies[at]!) / totals[hop]!;
    }
  }
  return { share, free, active };
}

/** Masks the tones of a found pattern in every hop whose window they reach into. */
export function maskPattern(mask: ToneMask, hops: number, id: number, firstHopPhaseMs: number): void {
  const { slots } = audioPattern(id);
  // A little more than the window: what a decoder smears and a jitter buffer shifts.
  const reachMs = WINDOW_MS / 2 + 6;
  for (let hop = 0; hop < hops; hop += 1) {
    const centre = firstHopPhaseMs + hop * HOP_MS;
    const first = Math.floor((centre - reachMs) / SLOT_MS);
    const last = Math.floor((centre + reachMs) / SLOT_MS);
    for (let slot = first; slot <= last; slot += 1) mask[hop * TONES + slots[slot % slots.length]!] = 1;
  }
}
