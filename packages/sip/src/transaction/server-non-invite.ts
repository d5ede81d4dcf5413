import type { ServerInput } from './server-invite.ts';
import type { TransactionTimers } from './timers.ts';
import {
  END,
  NO_EFFECTS,
  PASS,
  SEND_RESPONSE,
  start,
  stop,
  TRANSPORT_ERROR,
  type TransactionEffect,
  type TransactionStep,
} from './transaction-step.ts';

export interface ServerNonInviteState {
  readonly name: 'initial' | 'trying' | 'proceeding' | 'completed' | 'terminated';
}

type Step = TransactionStep<ServerNonInviteState>;

export const SERVER_NON_INVITE_INITIAL: ServerNonInviteState = { name: 'initial' };
const TRYING: ServerNonInviteState = { name: 'trying' };
const PROCEEDING: ServerNonInviteState = { name: 'proceeding' };
const COMPLETED: ServerNonInviteState = { name: 'completed' };
const TERMINATED: ServerNonInviteState = { name: 'terminated' };

const BEGUN: Step = { state: TRYING, effects: [PASS] };
const ENDED: Step = { state: TERMINATED, effects: [END] };
const FAILED: Step = { state: TERMINATED, effects: [stop('J'), TRANSPORT_ERROR, END] };
const RESPOND_ONLY: readonly TransactionEffect[] = [SEND_RESPONSE];

/** The non-INVITE server transaction: RFC 3261 section 17.2.2. */
export function stepServerNonInvite(
  state: ServerNonInviteState,
  input: ServerInput,
  timers: TransactionTimers,
): Step {
  if (state.name === 'initial') return input.type === 'begin' ? BEGUN : still(state);
  if (state.name === 'terminated') return still(state);
  if (input.type === 'transport-error') return FAILED;
  if (state.name === 'completed') {
    if (input.type === 'again') return { state, effects: RESPOND_ONLY };
    return input.type === 'timer' && input.timer === 'J' ? ENDED : still(state);
  }
  if (input.type === 'again') {
    return state.name === 'proceeding' ? { state, effects: RESPOND_ONLY } : still(state);
  }
  if (input.type !== 'respond') return still(state);
  if (input.status < 200) return { state: PROCEEDING, effects: RESPOND_ONLY };
  if (timers.waitNonInviteRequest === 0) return { state: TERMINATED, effects: [SEND_RESPONSE, END] };
  return { state: COMPLETED, effects: [SEND_RESPONSE, start('J', timers.waitNonInviteRequest)] };
}

function still(state: ServerNonInviteState): Step {
  return { state, effects: NO_EFFECTS };
}
