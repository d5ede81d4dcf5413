import type { Evidence, Side } from '../evidence.ts';

/** What is dialled: the first and the last of each row of the keypad, and one digit twice. */
export const DIGITS = '1590*#5';
/** How long each digit lasts that is asked for, in milliseconds. */
export const DIGIT_MS = 160;
/** A phone may round, or have a length of its own; a clock taken for another makes it six times too long or short. */
const TOLERANCE = 2;

export interface ReceivedDigits {
  /** In the order in which they came. */
  readonly digits: string;
  /** Milliseconds; of those alone whose length was told. */
  readonly lengths: readonly number[];
}

/** The digits that a side said that it got. */
export function receivedDigits(evidence: Evidence, side: Side): ReceivedDigits {
  const events = evidence[side].events.filter(({ event }) => event === 'dtmf') as {
    readonly digit?: unknown;
    readonly durationMs?: unknown;
  }[];
  return {
    digits: events.map(({ digit }) => String(digit)).join(''),
    lengths: events.flatMap(({ durationMs }) =>
      typeof durationMs === 'number' ? [Math.round(durationMs)] : [],
    ),
  };
}

/** Whether a digit came much longer or shorter than it was dialled. */
export function isOffLength(ms: number): boolean {
  return ms > DIGIT_MS * TOLERANCE || ms < DIGIT_MS / TOLERANCE;
}
