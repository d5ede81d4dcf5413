import { ANSWERED_ELSEWHERE } from '../../agent/reason.ts';
import { makeResponse } from '../../message/make-message.ts';
import type { SipRequest, SipResponse } from '../../message/message.ts';
import { writeMessage } from '../../message/write-message.ts';
import type { ClockHandle } from '../clock.ts';
import type { ClientUser } from '../endpoint/client-transaction.ts';
import type { SipEndpoint } from '../endpoint/endpoint.ts';
import type { SendOptions, SentRequest } from '../endpoint/sent-request.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import { bestResponse, withAllChallenges } from './best-response.ts';

/** Longer than three minutes (RFC 3261 section 16.6, step 11), in milliseconds. */
export const TIMER_C = 185_000;

/** One request that a proxy forwarded to one or more places, until it is answered (RFC 3261 section 16.7). */
export class Fork {
  readonly #endpoint: SipEndpoint;
  readonly #transaction: ServerTransaction;
  readonly #isInvite: boolean;
  readonly #branches = new Set<Branch>();
  readonly #finals: SipResponse[] = [];
  #answered = false;
  #starting = true;

  constructor(endpoint: SipEndpoint, transaction: ServerTransaction) {
    this.#endpoint = endpoint;
    this.#transaction = transaction;
    this.#isInvite = transaction.request.method === 'INVITE';
    if (this.#isInvite) {
      transaction.user = {
        cancelled: (cancel) => {
          const reason = cancel.getAll('Reason').join(', ');
          for (const branch of this.#branches) branch.cancel(reason === '' ? undefined : reason);
        },
      };
    }
  }

  get endpoint(): SipEndpoint {
    return this.#endpoint;
  }

  get isInvite(): boolean {
    return this.#isInvite;
  }

  /** Forwards to one more place. After the last one: `started`. */
  add(request: SipRequest, options: SendOptions): void {
    const branch = new Branch(this, options);
    this.#branches.add(branch);
    branch.start(request);
  }

  /** Every branch was added. */
  started(): void {
    this.#starting = false;
    this.#finish();
  }

  /** A response of a branch, the Via of this proxy taken off. */
  received(branch: Branch, response: SipResponse): void {
    const { status } = response;
    if (status < 200) {
      if (status > 100 && !this.#answered) this.#forward(response);
      return;
    }
    if (status < 300) {
      this.#branches.delete(branch);
      // Every 2xx to an INVITE goes back, whatever else was answered (section 16.7, step 5).
      if (this.#answered && !this.#isInvite) return;
      this.#answered = true;
      this.#forward(response);
      this.#cancelRest(ANSWERED_ELSEWHERE);
      return;
    }
    if (!this.#branches.delete(branch) || this.#answered) return;
    this.#finals.push(response);
    if (status >= 600) this.#cancelRest(`SIP;cause=${status}`);
    this.#finish();
  }

  /** A branch that brings no response any more counts as one that said so. */
  failed(branch: Branch, status: number): void {
    if (this.#answered) this.#branches.delete(branch);
    if (!this.#branches.has(branch)) return;
    const { request, tag } = this.#transaction;
    this.received(branch, makeResponse(request, status, undefined, { toTag: tag }));
  }

  #finish(): void {
    if (this.#answered || this.#starting || this.#branches.size > 0) return;
    this.#answered = true;
    const best = bestResponse(this.#finals);
    if (best === undefined) return;
    // 503 is about the next hop, not about this one (section 16.7, step 6).
    if (best.status === 503) this.#transaction.respond(500);
    else this.#forward(withAllChallenges(best, this.#finals));
  }

  #forward(response: SipResponse): void {
    const transaction = this.#transaction;
    const isLate = transaction.state === 'terminated';
    const bytes = writeMessage(response);
    if (isLate) this.#endpoint.sendResponse(response.via, bytes, transaction.flow, () => {});
    else transaction.sendBytes(response, bytes);
    // Nothing of the request is needed after its answer, and it would be kept for 64*T1.
    if (response.status >= 200 && this.#answered) transaction.release();
  }

  #cancelRest(reason: string): void {
    if (!this.#isInvite) return;
    for (const branch of this.#branches) branch.cancel(reason);
  }
}

class Branch implements ClientUser {
  readonly #fork: Fork;
  readonly #options: SendOptions;
  #sent: SentRequest | undefined;
  #timerC: ClockHandle | undefined;
  #rung = false;

  constructor(fork: Fork, options: SendOptions) {
    this.#fork = fork;
    this.#options = options;
  }

  start(request: SipRequest): void {
    if (this.#fork.isInvite) this.#startTimerC();
    this.#sent = this.#fork.endpoint.send(request, this, this.#options);
  }

  cancel(reason: string | undefined): void {
    this.#sent?.cancel(reason);
  }

  response(response: SipResponse): void {
    const { status } = response;
    if (status >= 200) this.#stopTimerC();
    else if (status > 100 && this.#fork.isInvite) {
      this.#rung = true;
      // Started again only where it matters: a second ringing comes seldom, a first one always.
      this.#stopTimerC();
      this.#startTimerC();
    }
    if (status !== 100) this.#fork.received(this, response.removeFirst('via'));
  }

  failed(why: 'timeout' | 'transport'): void {
    this.#stopTimerC();
    this.#fork.failed(this, why === 'timeout' ? 408 : 503);
  }

  #startTimerC(): void {
    this.#timerC = this.#fork.endpoint.clock.after(TIMER_C, () => {
      this.#timerC = undefined;
      if (this.#rung) this.cancel('SIP;cause=408');
      else {
        this.#sent?.abandon();
        this.#fork.failed(this, 408);
      }
    });
  }

  #stopTimerC(): void {
    if (this.#timerC !== undefined) this.#fork.endpoint.clock.cancel(this.#timerC);
    this.#timerC = undefined;
  }
}
