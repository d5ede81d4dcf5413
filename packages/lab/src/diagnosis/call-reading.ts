import type { TraceEntry } from '@crosspoint/signaling';
import type { Check } from '../checks/check.ts';
import { hearing } from '../checks/media.ts';
import { type Evidence, otherSide, SIDES, type Side } from '../evidence.ts';
import { type Crossing, crossings } from './crossing.ts';

/** What a check looks at of a call: the steps it rests on. The later ones need what is settled before. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  'hold-resume': ['hold', 'on-hold', 'unhold', 'after-hold'],
  'ice-restart': ['ice-restart', 'after-restart'],
  'add-video': ['add-video', 'video-added'],
  'remove-video': ['add-video', 'remove-video', 'video-removed'],
  resume: ['cut', 'signaling-cut', 'resume'],
  glare: ['glare', 'after-glare'],
};

/** Checks of how a call ends. */
const END_CHECKS = new Set([
  ...['hang-up-caller', 'hang-up-callee', 'cancel', 'decline', 'busy', 'no-answer', 'unknown-name'],
  ...['refusals', 'not-registered', 'cancel-race'],
]);

/** One call as the diagnosers read it: the evidence, and what every one of them would work out of it. */
export interface CallReading {
  readonly evidence: Evidence;
  readonly check: Check;
  /** Steps of the check; empty: it is judged by the first exchange. */
  readonly steps: readonly string[];
  readonly judgesEnd: boolean;
  /** Every description with what became of it at the server. */
  readonly crossings: readonly Crossing[];
  /** Those that can matter for the check. */
  readonly relevant: readonly Crossing[];
  /** Whether the call ever stood: both transports were up. */
  readonly connected: boolean;
  /** Sound or pictures came through before the steps of the check. */
  readonly workedBefore: boolean;
}

export function readCall(evidence: Evidence, check: Check): CallReading {
  const all = crossings(evidence);
  const steps = STEPS[check.id] ?? [];
  const connected = SIDES.every((side) => wasConnected(evidence, side));
  const workedBefore =
    steps.length > 0 && connected && SIDES.every((side) => hearing(evidence, 'media', side).far);
  return {
    evidence,
    check,
    steps,
    judgesEnd: END_CHECKS.has(check.id),
    crossings: all,
    relevant: relevantFor(evidence, all, steps, workedBefore),
    connected,
    workedBefore,
  };
}

export function wasConnected(evidence: Evidence, side: Side): boolean {
  return evidence[side].events.some((event) => event.event === 'transport' && event.state === 'connected');
}

function relevantFor(
  evidence: Evidence,
  all: readonly Crossing[],
  steps: readonly string[],
  workedBefore: boolean,
): Crossing[] {
  if (steps.length === 0) return all.filter((crossing) => crossing.exchange === 1);
  const times = evidence.observations.filter((each) => steps.includes(each.step)).map((each) => each.at);
  const until = times.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...times);
  return all.filter(
    (crossing) => crossing.sent.entry.at <= until && (crossing.exchange > 1 || !workedBefore),
  );
}

/** Messages of a kind that the server got from a side, or gave to it. */
export function messages(
  evidence: Evidence,
  side: Side,
  direction: 'in' | 'out',
  ...summaries: readonly string[]
): TraceEntry[] {
  return evidence.trace.filter(
    (entry) => entry.peer === side && entry.direction === direction && summaries.includes(entry.summary),
  );
}

/** The JSON head of a message of the web protocol; undefined where it is none. */
export function headOf(entry: TraceEntry): Record<string, unknown> | undefined {
  const end = entry.raw.indexOf('\n');
  try {
    const head: unknown = JSON.parse(end < 0 ? entry.raw : entry.raw.slice(0, end));
    return typeof head === 'object' && head !== null ? (head as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds into the call, for a line of evidence: `at 1.204 s`. */
export function moment(evidence: Evidence, at: number): string {
  return `at ${((at - evidence.startedAtMs) / 1000).toFixed(3)} s`;
}

/** What a side complained of, in its own words. */
export function troubles(evidence: Evidence, side: Side): { at: number; words: string }[] {
  return evidence[side].events.flatMap((event) =>
    event.event === 'trouble' && event.words !== undefined ? [{ at: event.at ?? 0, words: event.words }] : [],
  );
}

/** The line that says that a side got a description, and what it said to it. */
export function complaintsAbout(evidence: Evidence, author: Side, at: number): string[] {
  const reader = otherSide(author);
  return troubles(evidence, reader)
    .filter((trouble) => trouble.at >= at - CLOCKS_MS && trouble.at <= at + COMPLAINT_MS)
    .map((trouble) => `the ${reader} said ${moment(evidence, trouble.at)}: ${trouble.words}`);
}

/** Peers and server run on one machine, but a page's clock may be a little off. */
const CLOCKS_MS = 50;
/** How soon a browser complains of a description. */
const COMPLAINT_MS = 2500;
