import type { EndReason, Signal } from '@crosspoint/signaling';
import type { CallEffect, CallStep, FindingCode } from './call-effect.ts';
import type { CallState } from './call-state.ts';
import { otherSide, type Side } from './side.ts';

/** What the call does with a signal, named and in words. */
export interface Transition {
  readonly name: string;
  readonly words: string;
  readonly take: (state: CallState, from: Side, signal: Signal) => CallStep;
}

const NOTHING: readonly CallEffect[] = [];

function forwarded(state: CallState, from: Side, signal: Signal): CallStep {
  return { state, effects: [{ kind: 'send', to: otherSide(from), signal }] };
}

/** The state with another offer outstanding. Written out: it is on the way of every offer and answer, and a spread is slow. */
function withOutstanding(state: CallState, outstanding: Side | undefined, phase = state.phase): CallState {
  const { replaced, rung, noAnswerMs } = state;
  return { phase, outstanding, replaced, rung, noAnswerMs };
}

function found(code: FindingCode, from: Side, words: string): CallEffect {
  return { kind: 'finding', code, words, from };
}

/** Whether the no-answer clock runs in this state. */
export function isWaiting(state: CallState): boolean {
  return state.phase === 'offered' || state.phase === 'ringing' || state.phase === 'early';
}

/** Ends the call: tells `told`, stops the clock where it runs, and is over. */
export function endCall(state: CallState, told: readonly Side[], reason: EndReason, as?: Signal): CallStep {
  const signal: Signal = as ?? { type: 'end', reason };
  const effects: CallEffect[] = told.map((to) => ({ kind: 'send', to, signal }));
  if (isWaiting(state)) effects.push({ kind: 'stop-timer', timer: 'no-answer' });
  effects.push({ kind: 'over', reason });
  return { state: { ...state, phase: 'ended', outstanding: undefined, replaced: 0 }, effects };
}

export const FORWARD: Transition = {
  name: 'forward',
  words: 'sent on as it is',
  take: forwarded,
};

export const SWALLOW: Transition = {
  name: 'swallow',
  words: 'nothing: the two crossed',
  take: (state) => ({ state, effects: NOTHING }),
};

export const OUT_OF_PHASE: Transition = {
  name: 'out-of-phase',
  words: 'not sent on; finding `out-of-phase`',
  take: (state, from, signal) => ({
    state,
    effects: [found('out-of-phase', from, `${signal.type} from the ${from} while ${state.phase}`)],
  }),
};

export const WRONG_SIDE: Transition = {
  name: 'wrong-side',
  words: 'not sent on, only the callee says this; finding `wrong-side`',
  take: (state, from, signal) => ({
    state,
    effects: [found('wrong-side', from, `${signal.type} from the ${from}`)],
  }),
};

export const LATE: Transition = {
  name: 'late',
  words: 'not sent on; finding `late-signal`',
  take: (state, from, signal) => ({
    state,
    effects: [found('late-signal', from, `${signal.type} from the ${from} after the end`)],
  }),
};

export const FIRST_OFFER: Transition = {
  name: 'first-offer',
  words: 'opens the call: sent on, the no-answer clock starts; offered',
  take: (state, from, signal) => ({
    state: { ...state, phase: 'offered', outstanding: from },
    effects: [
      { kind: 'send', to: otherSide(from), signal },
      { kind: 'start-timer', timer: 'no-answer', ms: state.noAnswerMs },
    ],
  }),
};

export const FIRST_ASK: Transition = {
  name: 'first-ask',
  words:
    "opens the call without an offer: sent on, the no-answer clock starts; offered, and the callee's offer is awaited",
  take: (state, from, signal) => ({
    state: { ...state, phase: 'offered' },
    effects: [
      { kind: 'send', to: otherSide(from), signal },
      { kind: 'start-timer', timer: 'no-answer', ms: state.noAnswerMs },
    ],
  }),
};

export const RING: Transition = {
  name: 'ring',
  words: 'the first is sent on (offered becomes ringing, early stays), doubles are swallowed',
  take: (state, from, signal) =>
    state.rung
      ? { state, effects: NOTHING }
      : forwarded(
          { ...state, rung: true, phase: state.phase === 'offered' ? 'ringing' : state.phase },
          from,
          signal,
        ),
};

export const ACCEPT: Transition = {
  name: 'accept',
  words: 'sent on, the clock stops; established, and an offer not yet answered stays outstanding',
  take: (state, from, signal) => ({
    state: { ...state, phase: 'established' },
    effects: [
      { kind: 'send', to: otherSide(from), signal },
      { kind: 'stop-timer', timer: 'no-answer' },
    ],
  }),
};

function reasonOf(signal: Signal): EndReason {
  return signal.type === 'end' ? signal.reason : { code: 'protocol-error' };
}

export const END: Transition = {
  name: 'end',
  words: 'sent on with its reason, a clock that runs stops; ended',
  take: (state, from, signal) => endCall(state, [otherSide(from)], reasonOf(signal), signal),
};

export const CANCEL: Transition = {
  name: 'cancel',
  words: 'sent on as `cancelled` unless it is `answered-elsewhere`, a clock that runs stops; ended',
  take: (state, from, signal) => {
    const reason = reasonOf(signal);
    // Before the callee accepted there is no call to hang up: whatever the caller's page calls it, it is a CANCEL.
    if (reason.code === 'cancelled' || reason.code === 'answered-elsewhere')
      return END.take(state, from, signal);
    return endCall(state, [otherSide(from)], { ...reason, code: 'cancelled' });
  },
};

export const OFFER: Transition = {
  name: 'offer',
  words: 'sent on and outstanding',
  take: (state, from, signal) => forwarded(withOutstanding(state, from), from, signal),
};

export const REPLACE: Transition = {
  name: 'replace',
  words: 'sent on in place of its own outstanding one; finding `replaced-offer`',
  take: (state, from, signal) => ({
    state: { ...state, replaced: state.replaced + 1 },
    effects: [
      { kind: 'send', to: otherSide(from), signal },
      found('replaced-offer', from, `the ${from} offered again before its offer was answered`),
    ],
  }),
};

// Glare. One of two crossing offers has to give way, and both browsers and hub must give way to the same one without
// asking each other. The caller's wins wherever they cross, so its page is the "impolite" one of perfect negotiation
// and the callee's the "polite" one: it rolls back (RFC 9429 section 4.1.10.2) and answers.

export const GLARE_CALLER_WINS: Transition = {
  name: 'glare-caller-wins',
  words:
    "sent on and outstanding in place of the callee's, which the caller's page ignores; the callee rolls back and " +
    'its next answer is to this offer; finding `glare`',
  // The callee's offer is already on its way to the caller. It cannot be called back and need not be: the caller has
  // an offer of its own open and ignores it.
  take: (state, from, signal) => ({
    state: { ...state, outstanding: from, replaced: 0 },
    effects: [
      { kind: 'send', to: otherSide(from), signal },
      found('glare', from, "both sides offered; the caller's offer takes the place of the callee's"),
    ],
  }),
};

export const GLARE_CALLEE_YIELDS: Transition = {
  name: 'glare-callee-yields',
  words: "not sent on: the caller's offer stays outstanding, the callee rolls back for it; finding `glare`",
  // The caller's offer is already on its way to the callee, which rolls back when it gets there and offers again
  // later. Sent on, this one would only be ignored, and a SIP caller would have to answer it with 491.
  take: (state, from) => ({
    state,
    effects: [found('glare', from, "both sides offered; the callee's offer is dropped")],
  }),
};

export const ANSWER: Transition = {
  name: 'answer',
  words: "sent on, nothing is outstanding; the callee's before `accepted` makes the phase early",
  take: (state, from, signal) =>
    forwarded(
      withOutstanding(state, undefined, from === 'callee' && isWaiting(state) ? 'early' : state.phase),
      from,
      signal,
    ),
};

export const REFUSE: Transition = {
  name: 'refuse',
  words: 'sent on, nothing is outstanding; the call stays as it was',
  take: (state, from, signal) => forwarded(withOutstanding(state, undefined), from, signal),
};

export const STALE: Transition = {
  name: 'stale',
  words: 'not sent on, it is to an offer that was replaced since; finding `stale-answer`',
  take: (state, from, signal) => ({
    state: { ...state, replaced: state.replaced - 1 },
    effects: [found('stale-answer', from, `${signal.type} from the ${from} to an offer that was replaced`)],
  }),
};

export const NO_OFFER: Transition = {
  name: 'no-offer',
  words: 'not sent on, nothing was offered to this side; finding `no-offer`',
  take: (state, from, signal) => ({
    state,
    effects: [found('no-offer', from, `${signal.type} from the ${from}, to whom nothing is offered`)],
  }),
};
