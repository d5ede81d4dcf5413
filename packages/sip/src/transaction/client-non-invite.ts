import type { ClientInput } from './client-invite.ts';
import type { TransactionTimers } from './timers.ts';
import {
  END,
  NO_EFFECTS,
  PASS,
  SEND_REQUEST,
  start,
  stop,
  TIMEOUT,
  TRANSPORT_ERROR,
  type TransactionEffect,
  type TransactionStep,
} from './transaction-step.ts';

export interface ClientNonInviteState {
  readonly name: 'initial' | 'trying' | 'proceeding' | 'completed' | 'terminated';
  /** The running interval of timer E, in milliseconds. */
  readonly interval: number;
}

type Step = TransactionStep<ClientNonInviteState>;

export const CLIENT_NON_INVITE_INITIAL: ClientNonInviteState = { name: 'initial', interval: 0 };
const COMPLETED: ClientNonInviteState = { name: 'completed', interval: 0 };
const TERMINATED: ClientNonInviteState = { name: 'terminated', interval: 0 };

const ENDED: Step = { state: TERMINATED, effects: [END] };
const TIMED_OUT: Step = { state: TERMINATED, effects: [stop('E'), TIMEOUT, END] };
const FAILED: Step = { state: TERMINATED, effects: [stop('E'), stop('F'), TRANSPORT_ERROR, END] };
const PASS_ONLY: readonly TransactionEffect[] = [PASS];
const FINAL: readonly TransactionEffect[] = [stop('E'), stop('F'), PASS];

/** The non-INVITE client transaction: RFC 3261 section 17.1.2. */
export function stepClientNonInvite(
  state: ClientNonInviteState,
  input: ClientInput,
  timers: TransactionTimers,
): Step {
  switch (state.name) {
    case 'initial':
      return input.type === 'begin' ? begin(timers) : still(state);
    case 'trying':
    case 'proceeding':
      return pending(state, input, timers);
    case 'completed':
      return input.type === 'timer' && input.timer === 'K' ? ENDED : still(state);
    case 'terminated':
      return still(state);
  }
}

function still(state: ClientNonInviteState): Step {
  return { state, effects: NO_EFFECTS };
}

function begin(timers: TransactionTimers): Step {
  const effects = [SEND_REQUEST];
  if (!timers.reliable) effects.push(start('E', timers.t1));
  effects.push(start('F', timers.transactionTimeout));
  return { state: { name: 'trying', interval: timers.t1 }, effects };
}

function pending(state: ClientNonInviteState, input: ClientInput, timers: TransactionTimers): Step {
  switch (input.type) {
    case 'transport-error':
      return FAILED;
    case 'timer': {
      if (input.timer === 'F') return TIMED_OUT;
      if (input.timer !== 'E') return still(state);
      const interval = state.name === 'proceeding' ? timers.t2 : Math.min(state.interval * 2, timers.t2);
      return { state: { name: state.name, interval }, effects: [SEND_REQUEST, start('E', interval)] };
    }
    case 'response':
      if (input.status < 200) {
        return { state: { name: 'proceeding', interval: state.interval }, effects: PASS_ONLY };
      }
      if (timers.waitQuiet === 0) return { state: TERMINATED, effects: [...FINAL, END] };
      return { state: COMPLETED, effects: [...FINAL, start('K', timers.waitQuiet)] };
    case 'begin':
      return still(state);
  }
}
