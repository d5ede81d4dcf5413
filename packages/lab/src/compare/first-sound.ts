import { audioPattern, detectPattern, SILENCE_DBFS, SLOT_MS } from '@crosspoint/media';

/** A window of what one side decoded. */
export interface SoundWindow {
  readonly sampleRate: number;
  /** Milliseconds since the Unix epoch, of the first sample. */
  readonly startedAt: number;
  readonly pcm: Int16Array;
}

/** When a pattern was first heard: between two moments, in milliseconds since the Unix epoch. */
export interface FirstSound {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The middle of a tone: what its rise and fall leave alone. */
const MIDDLE_MS = 20;
/** The step in which the beginning is looked for. */
const STEP_MS = 5;
/** A tone rises slowly: it may have begun so long before it is loud enough to be seen. */
const RISE_MS = 15;
/** A jitter buffer may still move the sound by so much after its beginning. */
const SHIFTS_MS = [0, -20, 20, -40, 40] as const;
/** Share of the energy that must lie in the tone that is due: noise puts a twentieth there. */
const LEAST_SHARE = 0.5;
const LEAST_POWER = 10 ** (SILENCE_DBFS / 10);
/** Of the power of the first whole tone. */
const LOUD_ENOUGH = 0.1;

/** Whether the pattern is recognised in a window (0.8 s and more). */
export function isHeard(window: SoundWindow, pattern: number): boolean {
  return delayIn(window, pattern) !== undefined;
}

function delayIn(window: SoundWindow, pattern: number): number | undefined {
  if (window.pcm.length === 0) return undefined;
  const { heard } = detectPattern(window.pcm, window.sampleRate, {
    startWallClockMs: window.startedAt,
    candidates: [pattern],
  });
  return heard[0]?.delayMs;
}

/**
 * When the far side's pattern began, from windows in the order in which they were taken. Recognising it takes 0.8 s; from
 * there it is followed back, tone by tone, and its beginning then looked for before the first. Where it sounds at a
 * window's very beginning it may have begun since the end of the window before, or since `since` where there is none.
 * `undefined` where no window holds the pattern.
 */
export function firstSound(
  windows: readonly SoundWindow[],
  pattern: number,
  since: number,
): FirstSound | undefined {
  let delayMs: number | undefined;
  for (const window of windows) delayMs ??= delayIn(window, pattern);
  if (delayMs === undefined) return undefined;
  let before = since;
  for (const window of windows) {
    const onset = onsetIn(window, pattern, delayMs);
    if (onset !== undefined) {
      const at = window.startedAt + onset;
      const notAfter = at + STEP_MS;
      return { notBefore: onset < RISE_MS ? Math.min(before, at) : at - RISE_MS, notAfter };
    }
    before = window.startedAt + (window.pcm.length * 1000) / window.sampleRate - SLOT_MS;
  }
  return undefined;
}

/** Milliseconds from the window's beginning to that of the pattern in it. */
function onsetIn(window: SoundWindow, pattern: number, delayMs: number): number | undefined {
  const { slots, frequencies } = audioPattern(pattern);
  const lengthMs = (window.pcm.length * 1000) / window.sampleRate;
  const first = Math.ceil((window.startedAt - delayMs) / SLOT_MS);
  const startOf = (slot: number): number => slot * SLOT_MS + delayMs - window.startedAt;
  const powerIn = (slot: number): number | undefined => {
    const tone = frequencies[slots[slot % slots.length]!]!;
    for (const shift of SHIFTS_MS) {
      const middle = piece(window, startOf(slot) + (SLOT_MS - MIDDLE_MS) / 2 + shift, MIDDLE_MS);
      const power = powerOf(middle);
      if (power >= LEAST_POWER && tonePower(middle, window.sampleRate, tone) >= LEAST_SHARE * power)
        return power;
    }
    return undefined;
  };
  for (let slot = first; startOf(slot) + SLOT_MS <= lengthMs; slot += 1) {
    const power = powerIn(slot);
    const followed = startOf(slot + 2) > lengthMs || powerIn(slot + 1) !== undefined;
    if (power === undefined || !followed) continue;
    let at = Math.max(0, startOf(slot) - SLOT_MS);
    while (at < lengthMs && powerOf(piece(window, at, STEP_MS)) < LOUD_ENOUGH * power) at += STEP_MS;
    return at;
  }
  return undefined;
}

function piece({ pcm, sampleRate }: SoundWindow, fromMs: number, ms: number): Int16Array {
  const from = Math.max(0, Math.round((fromMs * sampleRate) / 1000));
  return pcm.subarray(from, from + Math.round((ms * sampleRate) / 1000));
}

/** Mean square, of full scale. */
function powerOf(pcm: Int16Array): number {
  let power = 0;
  for (const sample of pcm) power += (sample / 32768) ** 2;
  return pcm.length === 0 ? 0 : power / pcm.length;
}

/** The part of the power that is at a frequency. */
function tonePower(pcm: Int16Array, sampleRate: number, frequency: number): number {
  let real = 0;
  let imaginary = 0;
  pcm.forEach((sample, at) => {
    const radians = (2 * Math.PI * frequency * at) / sampleRate;
    real += (sample / 32768) * Math.cos(radians);
    imaginary += (sample / 32768) * Math.sin(radians);
  });
  return (2 * (real * real + imaginary * imaginary)) / pcm.length ** 2;
}
