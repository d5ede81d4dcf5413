import { seededRandom } from '../seeded-random.ts';

/** Pattern ids are 0 .. PATTERN_COUNT - 1. */
export const PATTERN_COUNT = 32;

/** Length of one tone. */
export const SLOT_MS = 40;

/** After so many milliseconds the sequence begins again; it begins at wall clock 0 modulo this. */
export const PATTERN_PERIOD_MS = 4000;

export const SLOTS_PER_PERIOD = PATTERN_PERIOD_MS / SLOT_MS;

/**
 * Inside the telephone band (300-3400 Hz), at least 180 Hz apart so that a 40 ms window tells neighbours from each
 * other, and off the frequencies of DTMF and of the E.180 tones.
 */
export const PATTERN_FREQUENCIES: readonly number[] = [
  530, 730, 1030, 1270, 1550, 1790, 2030, 2290, 2570, 2870,
];

const TONE_AMPLITUDE = 0.25;
/** Raised-cosine rise and fall of each tone: without them each change splatters over the whole band. */
const RAMP_MS = 14;

/**
 * Found by search: with these no 800 ms of one id agree with any 800 ms of another id, or with another place of the
 * same, in more than 8 of 20 slots. The test counts it again.
 */
const SEED_OF_ID: readonly number[] = [
  1, 2, 4, 6, 7, 19, 26, 41, 56, 84, 135, 264, 294, 358, 502, 527, 1157, 2406, 3002, 5987, 6533, 11501, 13987,
  22626, 23337, 54852, 76201, 118557, 141832, 184684, 232979, 335960,
];

/** What an endpoint plays: the tone of each slot of the period, as an index into the frequencies. */
export interface AudioPattern {
  readonly id: number;
  readonly slots: readonly number[];
  readonly slotMs: number;
  readonly periodMs: number;
  readonly frequencies: readonly number[];
}

/**
 * The slots that a seed gives: ten permutations of the ten tones in a row. Any 800 ms therefore hold each tone
 * about twice, and a steady tone of any frequency can agree with at most one slot in ten.
 */
export function slotsOfSeed(seed: number): number[] {
  const random = seededRandom(seed);
  const tones = PATTERN_FREQUENCIES.length;
  const slots: number[] = [];
  while (slots.length < SLOTS_PER_PERIOD) {
    const order = Array.from({ length: tones }, (_, tone) => tone);
    for (let last = tones - 1; last > 0; last -= 1) {
      const other = random() % (last + 1);
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    // Two equal slots in a row would hide a change, and changes are what the delay is read from.
    const before = slots.at(-1);
    const closing = slots.length + tones === SLOTS_PER_PERIOD ? slots[0] : undefined;
    if (order[0] !== before && order[tones - 1] !== closing) slots.push(...order);
  }
  return slots;
}

const PATTERNS: readonly AudioPattern[] = SEED_OF_ID.map((seed, id) => ({
  id,
  slots: slotsOfSeed(seed),
  slotMs: SLOT_MS,
  periodMs: PATTERN_PERIOD_MS,
  frequencies: PATTERN_FREQUENCIES,
}));

/**
 * The pattern of an endpoint.
 * @throws RangeError when `id` is not an integer in 0..31.
 */
export function audioPattern(id: number): AudioPattern {
  const pattern = PATTERNS[id];
  if (pattern === undefined)
    throw new RangeError(`audio pattern ${id} is not an integer in 0..${PATTERN_COUNT - 1}`);
  return pattern;
}

/** The place of a wall-clock time in the period, in 0 .. PATTERN_PERIOD_MS. */
export function periodPhaseMs(wallClockMs: number): number {
  return ((wallClockMs % PATTERN_PERIOD_MS) + PATTERN_PERIOD_MS) % PATTERN_PERIOD_MS;
}

/**
 * The sound of a pattern from a wall-clock time on: mono, -1..1, at most 0.25. The sound is a function of the wall
 * clock alone: two calls with adjoining times give adjoining sound, and one period looped is the pattern for ever.
 */
export function renderPattern(
  id: number,
  options: { readonly sampleRate: number; readonly startWallClockMs: number; readonly frames: number },
): Float32Array {
  const { slots } = audioPattern(id);
  const { sampleRate, frames } = options;
  const startMs = periodPhaseMs(options.startWallClockMs);
  const samples = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame += 1) {
    const ms = (startMs + (frame * 1000) / sampleRate) % PATTERN_PERIOD_MS;
    const slot = Math.floor(ms / SLOT_MS);
    const inSlot = ms - slot * SLOT_MS;
    const edge = Math.min(inSlot, SLOT_MS - inSlot);
    const ramp = edge >= RAMP_MS ? 1 : 0.5 - 0.5 * Math.cos((Math.PI * edge) / RAMP_MS);
    const frequency = PATTERN_FREQUENCIES[slots[slot]!]!;
    samples[frame] = TONE_AMPLITUDE * ramp * Math.sin((2 * Math.PI * frequency * inSlot) / 1000);
  }
  return samples;
}
