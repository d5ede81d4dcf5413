import type { TransactionTimer, TransactionTimers } from './timers.ts';
import {
  END,
  NO_EFFECTS,
  PASS,
  SEND_RESPONSE,
  SEND_TRYING,
  start,
  stop,
  TIMEOUT,
  TRANSPORT_ERROR,
  type TransactionEffect,
  type TransactionStep,
} from './transaction-step.ts';

export interface ServerInviteState {
  readonly name: 'initial' | 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';
  /** The running interval of timer G, in milliseconds. */
  readonly interval: number;
  /** Whether any response went out, so that a retransmitted request has something to be answered with. */
  readonly responded: boolean;
}

export type ServerInput =
  /** The request for the first time. */
  | { readonly type: 'begin' }
  /** The same request once more. */
  | { readonly type: 'again' }
  | { readonly type: 'ack' }
  | { readonly type: 'respond'; readonly status: number }
  | { readonly type: 'timer'; readonly timer: TransactionTimer }
  | { readonly type: 'transport-error' };

type Step = TransactionStep<ServerInviteState>;

export const SERVER_INVITE_INITIAL: ServerInviteState = { name: 'initial', interval: 0, responded: false };
const PROCEEDING: ServerInviteState = { name: 'proceeding', interval: 0, responded: false };
const RESPONDED: ServerInviteState = { name: 'proceeding', interval: 0, responded: true };
const ACCEPTED: ServerInviteState = { name: 'accepted', interval: 0, responded: true };
const CONFIRMED: ServerInviteState = { name: 'confirmed', interval: 0, responded: true };
const TERMINATED: ServerInviteState = { name: 'terminated', interval: 0, responded: true };

const RESPOND_ONLY: readonly TransactionEffect[] = [SEND_RESPONSE];
const ENDED: Step = { state: TERMINATED, effects: [END] };
const TIMED_OUT: Step = { state: TERMINATED, effects: [stop('G'), TIMEOUT, END] };

/** The INVITE server transaction: RFC 3261 section 17.2.1 with the Accepted state of RFC 6026 section 7.1. */
export function stepServerInvite(
  state: ServerInviteState,
  input: ServerInput,
  timers: TransactionTimers,
): Step {
  switch (state.name) {
    case 'initial':
      if (input.type !== 'begin') return still(state);
      if (timers.trying === undefined) return { state: PROCEEDING, effects: [PASS] };
      return { state: PROCEEDING, effects: [start('trying', timers.trying), PASS] };
    case 'proceeding':
      return proceeding(state, input, timers);
    case 'accepted':
      // A request that comes again is absorbed; the ACK and every further 2xx are the user's own.
      if (input.type === 'ack') return { state, effects: [PASS] };
      if (input.type === 'respond') {
        return input.status >= 200 && input.status < 300 ? { state, effects: RESPOND_ONLY } : still(state);
      }
      if (input.type === 'transport-error') return { state, effects: [TRANSPORT_ERROR] };
      return input.type === 'timer' && input.timer === 'L' ? ENDED : still(state);
    case 'completed':
      return completed(state, input, timers);
    case 'confirmed':
      return input.type === 'timer' && input.timer === 'I' ? ENDED : still(state);
    case 'terminated':
      return still(state);
  }
}

function still(state: ServerInviteState): Step {
  return { state, effects: NO_EFFECTS };
}

function proceeding(state: ServerInviteState, input: ServerInput, timers: TransactionTimers): Step {
  switch (input.type) {
    case 'again':
      return state.responded ? { state, effects: RESPOND_ONLY } : still(state);
    case 'timer':
      return input.timer === 'trying' && !state.responded
        ? { state: RESPONDED, effects: [SEND_TRYING] }
        : still(state);
    case 'transport-error':
      return { state: TERMINATED, effects: [stop('trying'), TRANSPORT_ERROR, END] };
    case 'respond': {
      const effects: TransactionEffect[] = state.responded
        ? [SEND_RESPONSE]
        : [stop('trying'), SEND_RESPONSE];
      if (input.status < 200) return { state: RESPONDED, effects };
      if (input.status < 300) {
        effects.push(start('L', timers.transactionTimeout));
        return { state: ACCEPTED, effects };
      }
      if (!timers.reliable) effects.push(start('G', timers.t1));
      effects.push(start('H', timers.transactionTimeout));
      return { state: { name: 'completed', interval: timers.t1, responded: true }, effects };
    }
    default:
      return still(state);
  }
}

function completed(state: ServerInviteState, input: ServerInput, timers: TransactionTimers): Step {
  switch (input.type) {
    case 'again':
      return { state, effects: RESPOND_ONLY };
    case 'ack':
      if (timers.waitQuiet === 0) return { state: TERMINATED, effects: [stop('G'), stop('H'), END] };
      return { state: CONFIRMED, effects: [stop('G'), stop('H'), start('I', timers.waitQuiet)] };
    case 'timer': {
      if (input.timer === 'H') return TIMED_OUT;
      if (input.timer !== 'G') return still(state);
      const interval = Math.min(state.interval * 2, timers.t2);
      return { state: { ...state, interval }, effects: [SEND_RESPONSE, start('G', interval)] };
    }
    case 'transport-error':
      return { state: TERMINATED, effects: [stop('G'), stop('H'), TRANSPORT_ERROR, END] };
    default:
      return still(state);
  }
}
