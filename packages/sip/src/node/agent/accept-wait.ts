import { firstRetransmission, nextRetransmission, type Retransmission } from '../../agent/retransmission.ts';
import type { SipResponse } from '../../message/message.ts';
import type { ClockHandle } from '../clock.ts';
import type { SipEndpoint } from '../endpoint/endpoint.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';

/**
 * Repeats a response until it is acknowledged: a 2xx to INVITE by ACK (RFC 3261 section 13.3.1.4), a reliable
 * provisional one by PRACK (RFC 3262 section 3). On every transport, because a later hop may be another.
 */
export class AcceptWait {
  readonly #endpoint: SipEndpoint;
  readonly #transaction: ServerTransaction;
  readonly #response: SipResponse;
  readonly #kind: 'accepted' | 'reliable-provisional';
  readonly #givenUp: () => void;
  #next: Retransmission;
  #timer: ClockHandle | undefined;

  constructor(
    endpoint: SipEndpoint,
    transaction: ServerTransaction,
    response: SipResponse,
    kind: 'accepted' | 'reliable-provisional',
    givenUp: () => void,
  ) {
    this.#endpoint = endpoint;
    this.#transaction = transaction;
    this.#response = response;
    this.#kind = kind;
    this.#givenUp = givenUp;
    this.#next = firstRetransmission(endpoint.timerBases);
    this.#start(this.#next.interval);
  }

  get isOver(): boolean {
    return this.#timer === undefined;
  }

  /** It was acknowledged, or does not matter any more. */
  stop(): void {
    if (this.#timer !== undefined) this.#endpoint.clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  #start(ms: number): void {
    this.#timer = this.#endpoint.clock.after(ms, () => {
      this.#timer = undefined;
      const next = nextRetransmission(this.#next, this.#endpoint.timerBases, this.#kind);
      if (next === undefined) {
        this.#endpoint.guard(this.#givenUp);
        return;
      }
      this.#transaction.send(this.#response);
      this.#next = next;
      this.#start(next.interval);
    });
  }
}
