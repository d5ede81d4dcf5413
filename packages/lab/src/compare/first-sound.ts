import { audioPattern, detectPattern, SILENCE_DBFS } from '@crosspoint/media';

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

/** The sound is looked at in blocks of one RTP packet's usual length. */
export const BLOCK_MS = 20;
const HOP_MS = 10;
/** Share of a block's energy that must lie in the tones that are due: white noise puts a tenth there. */
const LEAST_SHARE = 0.6;
const LEAST_POWER = 10 ** (SILENCE_DBFS / 10);
/** A jitter buffer may still move the sound by so much after its beginning. */
const SHIFTS_MS = [-40, 0, 40] as const;

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
 * there it is followed back, block by block, to its first tone. Where it sounds at a window's very beginning it may
 * have begun after the end of the window before, or after `since` where there is none.
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
    const found = onsetIn(window, pattern, delayMs);
    if (found !== undefined) {
      const from = window.startedAt + found;
      // A tone of a few milliseconds at the end of a block is too short to be told: it may be in the block before.
      return { notBefore: found === 0 ? Math.min(before, from) : from - HOP_MS, notAfter: from + BLOCK_MS };
    }
    if (window.pcm.length > 0)
      before = window.startedAt + (window.pcm.length * 1000) / window.sampleRate - BLOCK_MS;
  }
  return undefined;
}

/** Milliseconds from the window's beginning to the first block of the pattern that another follows. */
function onsetIn(window: SoundWindow, pattern: number, delayMs: number): number | undefined {
  const { slots, slotMs, periodMs, frequencies } = audioPattern(pattern);
  const { pcm, sampleRate, startedAt } = window;
  const length = Math.round((sampleRate * BLOCK_MS) / 1000);
  let run = 0;
  for (let ms = 0; ; ms += HOP_MS) {
    const from = Math.round((sampleRate * ms) / 1000);
    if (from + length > pcm.length) return undefined;
    const sentAt = startedAt + ms + BLOCK_MS / 2 - delayMs;
    const due = new Set(
      SHIFTS_MS.map((shift) => {
        const phase = (((sentAt + shift) % periodMs) + periodMs) % periodMs;
        return frequencies[slots[Math.floor(phase / slotMs)]!]!;
      }),
    );
    run = isDue(pcm.subarray(from, from + length), sampleRate, due) ? run + 1 : 0;
    if (run === 3) return ms - 2 * HOP_MS;
  }
}

/** Whether a block's energy lies in these tones. */
function isDue(block: Int16Array, sampleRate: number, tones: ReadonlySet<number>): boolean {
  let power = 0;
  for (const sample of block) power += (sample / 32768) ** 2;
  power /= block.length;
  if (power < LEAST_POWER) return false;
  let share = 0;
  for (const tone of tones) share += tonePower(block, sampleRate, tone) / power;
  return share >= LEAST_SHARE;
}

function tonePower(block: Int16Array, sampleRate: number, frequency: number): number {
  let real = 0;
  let imaginary = 0;
  block.forEach((sample, at) => {
    const radians = (2 * Math.PI * frequency * at) / sampleRate;
    real += (sample / 32768) * Math.cos(radians);
    imaginary += (sample / 32768) * Math.sin(radians);
  });
  return (2 * (real * real + imaginary * imaginary)) / block.length ** 2;
}
