import { bodyHeaders, bodyOf, isDescription, type SipBody } from '../../agent/body.ts';
import type { SipResponse } from '../../message/message.ts';
import { rackOf } from '../../message/timing-headers.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import { AcceptWait } from './accept-wait.ts';
import type { AgentCore } from './agent-core.ts';
import type { CallHandlers } from './call-events.ts';

interface Queued {
  readonly status: number;
  readonly reason: string | undefined;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: SipBody | undefined;
}

/** Reliable provisional responses of one INVITE that came in (RFC 3262 section 3): one at a time, in order. */
export class ReliableResponses {
  readonly #core: AgentCore;
  readonly #transaction: ServerTransaction;
  readonly #inviteOffered: boolean;
  readonly #givenUp: () => void;
  readonly #queue: Queued[] = [];
  readonly #waiting: (() => void)[] = [];
  #rseq: number;
  #out:
    | { readonly response: SipResponse; readonly wait: AcceptWait; readonly described: boolean }
    | undefined;
  #offered = false;

  constructor(core: AgentCore, transaction: ServerTransaction, inviteOffered: boolean, givenUp: () => void) {
    this.#core = core;
    this.#transaction = transaction;
    this.#inviteOffered = inviteOffered;
    this.#givenUp = givenUp;
    this.#rseq = Number.parseInt(core.endpoint.tokens.random(3), 16);
  }

  /** A description is on its way and not acknowledged: a 2xx has to wait. */
  get isDescriptionOut(): boolean {
    return this.#out?.described === true || this.#queue.some(({ body }) => isDescription(body));
  }

  whenAcknowledged(work: () => void): void {
    this.#waiting.push(work);
  }

  send(
    status: number,
    reason: string | undefined,
    headers: readonly (readonly [string, string])[],
    body: SipBody | undefined,
  ): void {
    this.#queue.push({ status, reason, headers, body });
    this.#next();
  }

  /** Takes a PRACK (section 3): matching, it ends the repeating and may bring an answer or an offer. */
  pracked(transaction: ServerTransaction, handlers: CallHandlers): void {
    const rack = rackOf(transaction.request);
    const { cseq } = this.#transaction.request;
    if (
      rack === undefined ||
      this.#out === undefined ||
      rack.responseNumber !== this.#rseq ||
      rack.cseqNumber !== cseq.number ||
      rack.method !== cseq.method
    ) {
      transaction.respond(481);
      return;
    }
    this.#out.wait.stop();
    this.#out = undefined;
    const body = bodyOf(transaction.request);
    const isOffer = body !== undefined && (this.#inviteOffered || !this.#offered);
    const respond = (answer?: SipBody) => {
      if (!transaction.isPending) return;
      const plan = answer === undefined ? {} : { headers: bodyHeaders(answer), body: answer.bytes };
      transaction.respond(200, undefined, plan);
    };
    const refuse = (status: number, reason?: string) => {
      if (transaction.isPending) transaction.respond(status, reason);
    };
    if (body !== undefined && handlers.prack !== undefined) {
      handlers.prack({ body, isOffer, respond, refuse });
      if (!isOffer) respond();
    } else if (isOffer) refuse(488);
    else respond();
    this.#next();
    if (this.#out === undefined) for (const work of this.#waiting.splice(0)) work();
  }

  stop(): void {
    this.#out?.wait.stop();
    this.#out = undefined;
    this.#queue.length = 0;
    this.#waiting.length = 0;
  }

  #next(): void {
    if (this.#out !== undefined || !this.#transaction.isPending) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#rseq += 1;
    const { status, reason, body } = next;
    const headers = [
      ...next.headers,
      ['Require', '100rel'] as const,
      ['RSeq', String(this.#rseq)] as const,
      ...bodyHeaders(body),
    ];
    const plan = body === undefined ? { headers } : { headers, body: body.bytes };
    const response = this.#transaction.respond(status, reason, plan);
    const described = isDescription(body);
    if (described && !this.#inviteOffered) this.#offered = true;
    const wait = new AcceptWait(
      this.#core.endpoint,
      this.#transaction,
      response,
      'reliable-provisional',
      () => {
        this.#out = undefined;
        this.#givenUp();
      },
    );
    this.#out = { response, wait, described };
  }
}
