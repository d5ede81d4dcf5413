import type { CallInput, CallStep } from './call-effect.ts';
import type { CallState } from './call-state.ts';
import { transitionFor } from './call-table.ts';
import { otherSide, SIDES } from './side.ts';
import { endCall, isWaiting } from './transition.ts';

/** What a call does with what is not a signal, in words. */
export const OTHER_INPUT_WORDS = {
  timer: 'the no-answer clock ran out before `accepted`: both sides get `end` `no-answer`; ended',
  lost: 'the far side gets `end` `unavailable` (connection lost), the lost side nothing; ended',
  end: 'the host ends the call: both sides get `end` with its reason; ended',
} as const;

/**
 * Decides what one input does to a call. Pure: the same state and input give the same step; what is forbidden is a
 * finding and changes nothing.
 *
 * Which transition a signal takes is data: `PHASE_TABLE` and `NEGOTIATION_TABLE` (`docs/call-states.md` shows both).
 * What it asks of a leg: each offer it is sent it answers or refuses once, in order; where it has an offer of its own
 * out, the caller's leg gives the one it was sent up without a word, and the callee's leg its own.
 */
export function step(state: CallState, input: CallInput): CallStep {
  if (input.kind === 'signal') {
    return transitionFor(state, input.from, input.signal.type).take(state, input.from, input.signal);
  }
  if (state.phase === 'ended') return { state, effects: [] };
  switch (input.kind) {
    case 'timer':
      // A clock that was stopped may still have been about to fire.
      return isWaiting(state) ? endCall(state, SIDES, { code: 'no-answer' }) : { state, effects: [] };
    case 'lost':
      return endCall(state, [otherSide(input.side)], { code: 'unavailable', text: 'connection lost' });
    case 'end':
      return endCall(state, SIDES, input.reason);
  }
}
