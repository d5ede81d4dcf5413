import type { SignalType } from '@crosspoint/signaling';
import type { CallState, Phase } from './call-state.ts';
import type { Side } from './side.ts';
import {
  ACCEPT,
  ANSWER,
  CANCEL,
  END,
  FIRST_ASK,
  FIRST_OFFER,
  FORWARD,
  GLARE_CALLEE_YIELDS,
  GLARE_CALLER_WINS,
  LATE,
  NO_OFFER,
  OFFER,
  OUT_OF_PHASE,
  REFUSE,
  REPLACE,
  RING,
  STALE,
  SWALLOW,
  type Transition,
  WRONG_SIDE,
} from './transition.ts';

/** The signals whose fate hangs on what is outstanding, not on the phase. */
export type NegotiationType = 'offer' | 'answer' | 'refuse';

type PhaseRow = Readonly<Record<SignalType, Transition | 'negotiation'>>;
type NegotiationRow = Readonly<Record<NegotiationType, Transition>>;

const NEGOTIATION = {
  offer: 'negotiation',
  answer: 'negotiation',
  refuse: 'negotiation',
  // Whatever is outstanding: an offer of the side that is asked is the one that was asked for.
  'ask-offer': FORWARD,
} as const;

const BEFORE_ANY_OFFER: PhaseRow = {
  offer: OUT_OF_PHASE,
  'ask-offer': OUT_OF_PHASE,
  answer: OUT_OF_PHASE,
  refuse: OUT_OF_PHASE,
  candidates: OUT_OF_PHASE,
  ringing: OUT_OF_PHASE,
  accepted: OUT_OF_PHASE,
  dtmf: OUT_OF_PHASE,
  transfer: OUT_OF_PHASE,
  transferred: OUT_OF_PHASE,
  end: END,
};

const WAITING: Readonly<Record<Side, PhaseRow>> = {
  caller: {
    ...NEGOTIATION,
    candidates: FORWARD,
    ringing: WRONG_SIDE,
    accepted: WRONG_SIDE,
    dtmf: OUT_OF_PHASE,
    transfer: OUT_OF_PHASE,
    transferred: OUT_OF_PHASE,
    end: CANCEL,
  },
  callee: {
    ...NEGOTIATION,
    // Not held back until the answer: the leg, or the browser behind it, queues what came too early.
    candidates: FORWARD,
    ringing: RING,
    accepted: ACCEPT,
    dtmf: OUT_OF_PHASE,
    transfer: OUT_OF_PHASE,
    transferred: OUT_OF_PHASE,
    end: END,
  },
};

const TALKING: PhaseRow = {
  ...NEGOTIATION,
  candidates: FORWARD,
  ringing: OUT_OF_PHASE,
  accepted: OUT_OF_PHASE,
  dtmf: FORWARD,
  transfer: FORWARD,
  transferred: FORWARD,
  end: END,
};

const OVER: PhaseRow = {
  offer: LATE,
  'ask-offer': LATE,
  answer: LATE,
  refuse: LATE,
  candidates: LATE,
  ringing: LATE,
  accepted: LATE,
  dtmf: LATE,
  transfer: LATE,
  // The side that sent the other on may hang up before it hears that all went well.
  transferred: SWALLOW,
  end: SWALLOW,
};

/** What each phase does with each signal of each side. `negotiation` looks at what is outstanding instead. */
export const PHASE_TABLE: Readonly<Record<Phase, Readonly<Record<Side, PhaseRow>>>> = {
  idle: {
    caller: { ...BEFORE_ANY_OFFER, offer: FIRST_OFFER, 'ask-offer': FIRST_ASK, end: CANCEL },
    callee: BEFORE_ANY_OFFER,
  },
  offered: WAITING,
  ringing: WAITING,
  early: WAITING,
  established: {
    caller: { ...TALKING, ringing: WRONG_SIDE, accepted: WRONG_SIDE },
    callee: TALKING,
  },
  ended: { caller: OVER, callee: OVER },
};

const NOTHING_OFFERED: NegotiationRow = { offer: OFFER, answer: NO_OFFER, refuse: NO_OFFER };
const OFFERING: NegotiationRow = { offer: REPLACE, answer: NO_OFFER, refuse: NO_OFFER };

/** What becomes of offer, answer and refuse of each side, by whose offer is outstanding. */
export const NEGOTIATION_TABLE: Readonly<Record<Side | 'none', Readonly<Record<Side, NegotiationRow>>>> = {
  none: { caller: NOTHING_OFFERED, callee: NOTHING_OFFERED },
  caller: {
    caller: OFFERING,
    callee: { offer: GLARE_CALLEE_YIELDS, answer: ANSWER, refuse: REFUSE },
  },
  callee: {
    caller: { offer: GLARE_CALLER_WINS, answer: ANSWER, refuse: REFUSE },
    callee: OFFERING,
  },
};

/** The transition that a signal takes in a state. */
export function transitionFor(state: CallState, from: Side, type: SignalType): Transition {
  const entry = PHASE_TABLE[state.phase][from][type];
  if (entry !== 'negotiation') return entry;
  const transition = NEGOTIATION_TABLE[state.outstanding ?? 'none'][from][type as NegotiationType];
  // Each offer is answered once and in order, so the replaced ones' answers come first.
  if (state.replaced > 0 && (transition === ANSWER || transition === REFUSE)) return STALE;
  return transition;
}
