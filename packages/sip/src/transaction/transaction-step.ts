import type { TransactionTimer } from './timers.ts';

/**
 * What whoever runs a transaction is to do, in order. The machines never see messages: the runner keeps the
 * request and the last response and sends what is named.
 */
export type TransactionEffect =
  /** Send the request: first time and again. */
  | { readonly type: 'send-request' }
  /** Send the response that was answered last. */
  | { readonly type: 'send-response' }
  /** Acknowledge the final response (RFC 3261 section 17.1.1.3). */
  | { readonly type: 'send-ack' }
  /** Say 100 Trying because the user is slow (section 17.2.1). */
  | { readonly type: 'send-trying' }
  | { readonly type: 'start'; readonly timer: TransactionTimer; readonly ms: number }
  | { readonly type: 'stop'; readonly timer: TransactionTimer }
  /** Hand the message being processed to the transaction user. */
  | { readonly type: 'pass' }
  /** Tell the transaction user that no (final) answer or no ACK came. */
  | { readonly type: 'timeout' }
  /** Tell the transaction user that the transport failed. */
  | { readonly type: 'transport-error' }
  /** The transaction is over: forget it. */
  | { readonly type: 'end' };

export interface TransactionStep<State> {
  readonly state: State;
  readonly effects: readonly TransactionEffect[];
}

export const NO_EFFECTS: readonly TransactionEffect[] = [];
export const SEND_REQUEST: TransactionEffect = { type: 'send-request' };
export const SEND_RESPONSE: TransactionEffect = { type: 'send-response' };
export const SEND_ACK: TransactionEffect = { type: 'send-ack' };
export const SEND_TRYING: TransactionEffect = { type: 'send-trying' };
export const PASS: TransactionEffect = { type: 'pass' };
export const TIMEOUT: TransactionEffect = { type: 'timeout' };
export const TRANSPORT_ERROR: TransactionEffect = { type: 'transport-error' };
export const END: TransactionEffect = { type: 'end' };

export function start(timer: TransactionTimer, ms: number): TransactionEffect {
  return { type: 'start', timer, ms };
}

export function stop(timer: TransactionTimer): TransactionEffect {
  return { type: 'stop', timer };
}
