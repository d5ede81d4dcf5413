import type { VideoCode } from './code.ts';

/** A picture as the receiver saw it. */
export interface SeenVideoFrame extends VideoCode {
  /** Wall clock in milliseconds. */
  readonly seenAtMs: number;
}

export interface VideoJudgement {
  /** Every id seen, in the order of first sight. */
  readonly ids: readonly number[];
  /** Distinct frame numbers of the judged id. */
  readonly framesSeen: number;
  /** Frame numbers between the first and the last seen that never came. */
  readonly framesLost: number;
  /** Pictures that showed a number already seen. */
  readonly duplicates: number;
  /** Pictures that showed a lower number than one before them. */
  readonly reordered: number;
  /** Pictures kept coming and their number stood still up to the end for `freezeMs`. */
  readonly frozen: boolean;
  /** Longest time without a new number, up to `endMs` where given. */
  readonly longestFreezeMs: number;
  /** Median of seen minus drawn over the first sight of each number; undefined without frames. */
  readonly delayMs: number | undefined;
  /** New numbers a second of watching. */
  readonly framesPerSecond: number;
}

export interface VideoJudgeOptions {
  /** The id that ought to be seen; by default the one seen most often. */
  readonly id?: number;
  /** Standing still for so long is frozen; 500 ms by default. */
  readonly freezeMs?: number;
  /** When the watching began and ended; by default the first and last picture. */
  readonly startMs?: number;
  readonly endMs?: number;
}

const HALF_FRAME_SPAN = 2 ** 23;

/** Judges pictures in the order in which they were seen. */
export function judgeVideo(
  frames: readonly SeenVideoFrame[],
  options: VideoJudgeOptions = {},
): VideoJudgement {
  const { freezeMs = 500 } = options;
  const counts = new Map<number, number>();
  for (const { id } of frames) counts.set(id, (counts.get(id) ?? 0) + 1);
  const id = options.id ?? [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  const mine = frames.filter((frame) => frame.id === id);
  const startMs = options.startMs ?? mine[0]?.seenAtMs ?? 0;
  const endMs = options.endMs ?? mine.at(-1)?.seenAtMs ?? startMs;

  const seen = new Set<number>();
  const delays: number[] = [];
  let highest: number | undefined;
  let [duplicates, reordered, longestFreezeMs] = [0, 0, 0];
  let lastNewMs = startMs;
  let duplicatesSinceNew = 0;
  for (const { frame, sentAtMs, seenAtMs } of mine) {
    if (seen.has(frame)) {
      duplicates += 1;
      duplicatesSinceNew += 1;
      continue;
    }
    // Modulo 2^24, where the number wraps.
    const behind = highest !== undefined && ((highest - frame) & 0xffffff) < HALF_FRAME_SPAN;
    if (behind) reordered += 1;
    else highest = frame;
    seen.add(frame);
    delays.push(seenAtMs - sentAtMs);
    longestFreezeMs = Math.max(longestFreezeMs, seenAtMs - lastNewMs);
    lastNewMs = seenAtMs;
    duplicatesSinceNew = 0;
  }
  longestFreezeMs = Math.max(longestFreezeMs, endMs - lastNewMs);
  const watchedMs = endMs - startMs;
  return {
    ids: [...counts.keys()],
    framesSeen: seen.size,
    framesLost: framesMissing(seen),
    duplicates,
    reordered,
    frozen: duplicatesSinceNew > 0 && endMs - lastNewMs >= freezeMs,
    longestFreezeMs,
    delayMs: median(delays),
    framesPerSecond: watchedMs > 0 ? (seen.size * 1000) / watchedMs : 0,
  };
}

function framesMissing(seen: ReadonlySet<number>): number {
  const first = seen.values().next().value;
  if (first === undefined) return 0;
  // Relative to the first seen, so that a wrap in between is no gap.
  const relative = [...seen].map((frame) => ((frame - first) << 8) >> 8);
  return Math.max(...relative) - Math.min(...relative) + 1 - seen.size;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half];
  if (upper === undefined) return undefined;
  return sorted.length % 2 === 1 ? upper : (sorted[half - 1]! + upper) / 2;
}
