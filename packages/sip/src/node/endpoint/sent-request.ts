import type { SipRequest, SipResponse } from '../../message/message.ts';
import type { ClockHandle } from '../clock.ts';
import type { Flow, SipTarget } from '../transport/flow.ts';
import { type ClientTransaction, type ClientUser, makeCancel } from './client-transaction.ts';
import type { SipEndpoint } from './endpoint.ts';

export interface SendOptions {
  /** Overrides where Route and Request-URI lead. */
  readonly target?: SipTarget;
  /** Sends over this flow and no other. */
  readonly flow?: Flow;
  readonly branch?: string;
}

/**
 * A request on its way: finds the flow, changes to TCP where it is too large and back where nobody listens there,
 * and cancels when that is allowed.
 */
export class SentRequest implements ClientUser {
  #request: SipRequest | undefined;
  readonly #endpoint: SipEndpoint;
  readonly #user: ClientUser;
  readonly #branch: string | undefined;
  #transaction: ClientTransaction | undefined;
  #fallback: SipTarget | undefined;
  #heard = false;
  #over = false;
  #cancel: { readonly reason: string | undefined } | undefined;
  #cancelTimer: ClockHandle | undefined;

  constructor(endpoint: SipEndpoint, request: SipRequest, user: ClientUser, branch: string | undefined) {
    this.#endpoint = endpoint;
    this.#request = request;
    this.#user = user;
    this.#branch = branch;
  }

  /** The transaction, once the next hop is known. */
  get transaction(): ClientTransaction | undefined {
    return this.#transaction;
  }

  get isPending(): boolean {
    return !this.#over;
  }

  start(options: SendOptions): void {
    if (options.flow !== undefined) {
      this.#send(options.flow);
      return;
    }
    this.#endpoint.locate(this.#request!, options.target, (target, error) => {
      if (this.#over || this.#endpoint.isClosed) return;
      if (target === undefined) this.#fail(error ?? new Error('no next hop'));
      else if (this.#cancel !== undefined) this.#fail(new Error('cancelled before it was sent'));
      else this.#sendTo(target);
    });
  }

  /**
   * Gives an INVITE up (RFC 3261 section 9.1): CANCEL goes out as soon as a provisional response has come, and if no
   * final response follows in 64*T1 the request has failed.
   */
  cancel(reason?: string): void {
    if (this.#over || this.#cancel !== undefined) return;
    this.#cancel = { reason };
    if (this.#heard) this.#sendCancel();
  }

  /** Says that no answer is waited for any more, and tells nobody. */
  abandon(): void {
    this.#over = true;
    this.#stopCancelTimer();
  }

  response(response: SipResponse, transaction: ClientTransaction): void {
    this.#heard = true;
    // Kept for another try elsewhere, which there is none after an answer.
    this.#request = undefined;
    if (response.status >= 200) {
      this.#over = true;
      this.#stopCancelTimer();
    } else if (this.#cancel !== undefined && this.#cancelTimer === undefined) this.#sendCancel();
    this.#user.response(response, transaction);
  }

  failed(why: 'timeout' | 'transport', transaction: ClientTransaction | undefined, error?: Error): void {
    const fallback = this.#fallback;
    if (why === 'transport' && fallback !== undefined && !this.#heard) {
      this.#fallback = undefined;
      this.#endpoint.noteNoTcp(fallback);
      const flow = this.#endpoint.transports.flowTo(fallback);
      if (flow !== undefined) {
        this.#send(flow);
        return;
      }
    }
    if (this.#over) return;
    this.#over = true;
    this.#stopCancelTimer();
    this.#user.failed(why, transaction, error);
  }

  ended(transaction: ClientTransaction): void {
    if (transaction === this.#transaction) this.#user.ended?.(transaction);
  }

  #sendTo(target: SipTarget): void {
    let flow: Flow | undefined;
    // Via, and what the sender adds, are not in yet: their room is kept free.
    const isLarge = target.transport === 'udp' && this.#endpoint.isTooLarge(this.#request!);
    if (isLarge && !this.#endpoint.hasNoTcp(target)) {
      this.#fallback = target;
      flow = this.#endpoint.transports.flowTo({ ...target, transport: 'tcp' });
    }
    flow ??= this.#endpoint.transports.flowTo(target);
    if (flow === undefined)
      this.#fail(new Error(`no way to ${target.transport} ${target.host}:${target.port}`));
    else this.#send(flow);
  }

  #send(flow: Flow): void {
    this.#transaction = this.#endpoint.beginClient(this.#request!, flow, this, this.#branch);
    this.#transaction.begin();
  }

  #sendCancel(): void {
    const transaction = this.#transaction;
    const request = transaction?.request;
    if (transaction === undefined || request === undefined || transaction.method !== 'INVITE') return;
    this.#cancelTimer = this.#endpoint.clock.after(64 * this.#endpoint.timerBases.t1, () => {
      this.#cancelTimer = undefined;
      if (this.#over) return;
      this.#over = true;
      this.#endpoint.forget(transaction);
      transaction.dispose();
      this.#user.failed('timeout', transaction);
      this.#user.ended?.(transaction);
    });
    this.#endpoint.beginCancel(makeCancel(request, this.#cancel?.reason), transaction);
  }

  #stopCancelTimer(): void {
    if (this.#cancelTimer !== undefined) this.#endpoint.clock.cancel(this.#cancelTimer);
    this.#cancelTimer = undefined;
  }

  // Told in a later turn, so that whoever sent the request has its handle before.
  #fail(error: Error): void {
    queueMicrotask(() => {
      if (this.#over) return;
      this.#over = true;
      this.#user.failed('transport', undefined, error);
    });
  }
}
