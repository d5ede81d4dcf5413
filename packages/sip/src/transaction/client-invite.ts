import type { TransactionTimer, TransactionTimers } from './timers.ts';
import {
  END,
  NO_EFFECTS,
  PASS,
  SEND_ACK,
  SEND_REQUEST,
  start,
  stop,
  TIMEOUT,
  TRANSPORT_ERROR,
  type TransactionEffect,
  type TransactionStep,
} from './transaction-step.ts';

export interface ClientInviteState {
  readonly name: 'initial' | 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated';
  /** The running interval of timer A, in milliseconds. */
  readonly interval: number;
}

export type ClientInput =
  | { readonly type: 'begin' }
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'timer'; readonly timer: TransactionTimer }
  | { readonly type: 'transport-error' };

type Step = TransactionStep<ClientInviteState>;

export const CLIENT_INVITE_INITIAL: ClientInviteState = { name: 'initial', interval: 0 };
const PROCEEDING: ClientInviteState = { name: 'proceeding', interval: 0 };
const ACCEPTED: ClientInviteState = { name: 'accepted', interval: 0 };
const COMPLETED: ClientInviteState = { name: 'completed', interval: 0 };
const TERMINATED: ClientInviteState = { name: 'terminated', interval: 0 };

const PASS_ONLY: readonly TransactionEffect[] = [PASS];
const ACK_ONLY: readonly TransactionEffect[] = [SEND_ACK];
const ENDED: Step = { state: TERMINATED, effects: [END] };
const TIMED_OUT: Step = { state: TERMINATED, effects: [stop('A'), TIMEOUT, END] };
const FAILED: Step = { state: TERMINATED, effects: [stop('A'), stop('B'), stop('D'), TRANSPORT_ERROR, END] };

/** The INVITE client transaction: RFC 3261 section 17.1.1 with the Accepted state of RFC 6026 section 8.4. */
export function stepClientInvite(
  state: ClientInviteState,
  input: ClientInput,
  timers: TransactionTimers,
): Step {
  if (input.type === 'transport-error') {
    return state.name === 'terminated' || state.name === 'accepted' ? still(state) : FAILED;
  }
  switch (state.name) {
    case 'initial':
      return input.type === 'begin' ? begin(timers) : still(state);
    case 'calling':
      if (input.type === 'timer') {
        if (input.timer === 'B') return TIMED_OUT;
        return input.timer === 'A' ? sendAgain(state) : still(state);
      }
      return input.type === 'response' ? fromResponse(input.status, timers, true) : still(state);
    case 'proceeding':
      return input.type === 'response' ? fromResponse(input.status, timers, false) : still(state);
    case 'accepted':
      if (input.type === 'timer') return input.timer === 'M' ? ENDED : still(state);
      return input.type === 'response' && input.status >= 200 && input.status < 300
        ? { state, effects: PASS_ONLY }
        : still(state);
    case 'completed':
      if (input.type === 'timer') return input.timer === 'D' ? ENDED : still(state);
      return input.type === 'response' && input.status >= 300 ? { state, effects: ACK_ONLY } : still(state);
    case 'terminated':
      return still(state);
  }
}

function still(state: ClientInviteState): Step {
  return { state, effects: NO_EFFECTS };
}

function begin(timers: TransactionTimers): Step {
  const effects = [SEND_REQUEST];
  if (!timers.reliable) effects.push(start('A', timers.t1));
  effects.push(start('B', timers.transactionTimeout));
  return { state: { name: 'calling', interval: timers.t1 }, effects };
}

function sendAgain(state: ClientInviteState): Step {
  const interval = state.interval * 2;
  return { state: { name: 'calling', interval }, effects: [SEND_REQUEST, start('A', interval)] };
}

const TO_PROCEEDING: Step = { state: PROCEEDING, effects: [stop('A'), stop('B'), PASS] };
const STILL_PROCEEDING: Step = { state: PROCEEDING, effects: PASS_ONLY };
const COMPLETED_NOW: readonly TransactionEffect[] = [stop('A'), stop('B'), SEND_ACK, PASS];

function fromResponse(status: number, timers: TransactionTimers, calling: boolean): Step {
  if (status < 200) return calling ? TO_PROCEEDING : STILL_PROCEEDING;
  if (status < 300) {
    const effects = [PASS, start('M', timers.transactionTimeout)];
    return { state: ACCEPTED, effects: calling ? [stop('A'), stop('B'), ...effects] : effects };
  }
  // Timer D of zero (reliable transports) ends at once: a start with 0 would only cost a turn of the loop.
  if (timers.waitInviteResponse === 0) return { state: TERMINATED, effects: [...COMPLETED_NOW, END] };
  return { state: COMPLETED, effects: [...COMPLETED_NOW, start('D', timers.waitInviteResponse)] };
}
