import { detectPattern } from '@crosspoint/media';
import { type Endpoint, heardSchema, type Watched, watchedSchema } from '@crosspoint/peers';
import type { HeardSample } from '../evidence.ts';

/** How long the far side's pattern may take to be heard, from the moment it may: it starts, it gets into step. */
export const HEARING_MS = 9000;
/** How long is listened, or watched, at once; in milliseconds. */
export const WINDOW_MS = 1000;

type Sample = Omit<HeardSample, 'file'>;

/** One recording as a peer gives it. @throws where it is none */
export function readHeard(answer: unknown): Sample {
  const { pcm, sampleRate, startedAt } = heardSchema.parse(answer);
  const bytes = Buffer.from(pcm, 'base64');
  return { sampleRate, startedAt, pcm: new Int16Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 1) };
}

export interface Listening {
  /** Nothing more is to be waited for: what was heard last is what is judged. */
  readonly over: () => boolean;
  readonly timeoutMs?: number;
  /** Whose patterns. */
  readonly between: { readonly own: number; readonly far: number };
}

/** Records window after window until the far side alone is heard, or it is over. Gives the last, and how many there were. */
export async function listenOn(
  endpoint: Endpoint,
  { over, timeoutMs = HEARING_MS, between }: Listening,
): Promise<{ readonly sample: Sample; readonly windows: number }> {
  const deadline = Date.now() + timeoutMs;
  for (let windows = 1; ; windows++) {
    const sample = readHeard(await endpoint.ask('hear', { ms: WINDOW_MS }));
    if (over() || Date.now() > deadline || hearsOnlyFar(between, sample)) return { sample, windows };
  }
}

function hearsOnlyFar({ own, far }: Listening['between'], { pcm, sampleRate, startedAt }: Sample): boolean {
  if (pcm.length === 0) return false;
  const { heard } = detectPattern(pcm, sampleRate, { startWallClockMs: startedAt, candidates: [far, own] });
  return heard.some((each) => each.id === far) && !heard.some((each) => each.id === own);
}

export interface Watching {
  readonly over: () => boolean;
  readonly ms: number;
  /** Whose frames. */
  readonly far: number;
}

/** Watches window after window until the far side's picture moves, or it is over. Gives the last. */
export async function watchOn(endpoint: Endpoint, { over, ms, far }: Watching): Promise<Watched> {
  const deadline = Date.now() + HEARING_MS;
  for (;;) {
    const watched = watchedSchema.parse(await endpoint.ask('watch', { ms }));
    const frames = new Set(watched.frames.filter(({ id }) => id === far).map(({ frame }) => frame));
    if (frames.size >= 3 || over() || Date.now() > deadline) return watched;
  }
}
