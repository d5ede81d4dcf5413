import type { Side } from './side.ts';

/** Where a call is, in order; it never goes back. */
export const PHASES = ['idle', 'offered', 'ringing', 'early', 'established', 'ended'] as const;

export type Phase = (typeof PHASES)[number];

/** Each phase in words. */
export const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  idle: 'both legs are attached, the caller has not offered yet',
  offered: 'the callee has the offer, or was asked for its own, and has not stirred',
  ringing: 'the callee is being alerted',
  early: 'an answer came before the callee accepted (early media)',
  established: 'the callee has accepted',
  ended: 'over; nothing is sent any more',
};

export interface CallState {
  readonly phase: Phase;
  /** Whose offer waits for its answer or refusal. */
  readonly outstanding: Side | undefined;
  /**
   * How many offers of the outstanding side were replaced by a later one and are still to be answered by the far side,
   * which answers each in order: so many answers are not for the offer that counts.
   */
  readonly replaced: number;
  /** Whether the caller has been told that the callee is alerted. */
  readonly rung: boolean;
  /** How long the callee may take to accept, in milliseconds. */
  readonly noAnswerMs: number;
}

export interface CallOptions {
  /** How long the callee may take to accept, in milliseconds. */
  readonly noAnswerMs?: number;
}

/** 30 s, well below a SIP proxy's timer C (more than 3 minutes, RFC 3261 section 16.6), so that it is the call that gives up. */
export const DEFAULT_NO_ANSWER_MS = 30_000;

/** A call that nobody has offered yet. */
export function initialCall(options: CallOptions = {}): CallState {
  return {
    phase: 'idle',
    outstanding: undefined,
    replaced: 0,
    rung: false,
    noAnswerMs: options.noAnswerMs ?? DEFAULT_NO_ANSWER_MS,
  };
}
