import type { EndReason, Signal } from '@crosspoint/signaling';
import type { CallState } from './call-state.ts';
import type { Side } from './side.ts';

/** The one clock a call has: how long the callee may take to accept. */
export type CallTimer = 'no-answer';

/** What can happen to a call. */
export type CallInput =
  | { readonly kind: 'signal'; readonly from: Side; readonly signal: Signal }
  | { readonly kind: 'timer'; readonly timer: CallTimer }
  /** A leg's connection is lost for good. */
  | { readonly kind: 'lost'; readonly side: Side }
  /** The host ends the call: it shuts down, or one of its parts failed. */
  | { readonly kind: 'end'; readonly reason: EndReason };

export const FINDING_CODES = [
  /** The phase forbids the signal: `ringing` before an offer, `dtmf` before `accepted`. */
  'out-of-phase',
  /** Only the callee says this. */
  'wrong-side',
  /** An answer or a refusal where nothing was offered to that side. */
  'no-offer',
  /** Both sides offered at once. */
  'glare',
  /** A side offered again before its own offer was answered. */
  'replaced-offer',
  /** An answer or a refusal to an offer that was replaced since. */
  'stale-answer',
  /** Something other than `end` after the end. */
  'late-signal',
  /** The carrier's: a leg threw. */
  'leg-failed',
  /** The carrier's: a policy threw or rejected. */
  'policy-failed',
  /** The carrier's: a change to signals on their way threw. */
  'change-failed',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

/** Something a side did that it should not have: recorded, and never the end of the call by itself. */
export interface Finding {
  readonly code: FindingCode;
  readonly words: string;
  /** The side whose signal or whose part it was. */
  readonly from: Side;
}

/** What is to be done about it, in order. */
export type CallEffect =
  | { readonly kind: 'send'; readonly to: Side; readonly signal: Signal }
  | { readonly kind: 'start-timer'; readonly timer: CallTimer; readonly ms: number }
  | { readonly kind: 'stop-timer'; readonly timer: CallTimer }
  | ({ readonly kind: 'finding' } & Finding)
  /** The call is over: exactly once, and the last effect of a call but for findings. */
  | { readonly kind: 'over'; readonly reason: EndReason };

/** What a step gives: the state after it and what is to be done. */
export interface CallStep {
  readonly state: CallState;
  readonly effects: readonly CallEffect[];
}
