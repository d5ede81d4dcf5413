import type { SipRequest, SipResponse } from '../../message/message.ts';
import type { ClientTransaction, ClientUser } from '../endpoint/client-transaction.ts';
import type { SipEndpoint } from '../endpoint/endpoint.ts';
import type { SendOptions, SentRequest } from '../endpoint/sent-request.ts';
import type { AuthMemory } from './auth-memory.ts';

/** Whoever sends: besides what comes, it learns that the request went once more under the next number. */
export interface RequestUser {
  response(response: SipResponse, request: SipRequest): void;
  failed(why: 'timeout' | 'transport', error?: Error): void;
  /** Sent once more with credentials: the CSeq is one higher. Gives the request to send, where it changes it. */
  resent?(cseqNumber: number): void;
  ended?(): void;
}

/** A request that answers challenges by itself (RFC 3261 section 22.2): the user sees what comes after. */
export class AuthenticatedRequest implements ClientUser {
  readonly #endpoint: SipEndpoint;
  readonly #auth: AuthMemory;
  readonly #user: RequestUser;
  readonly #options: SendOptions;
  readonly #plain: SipRequest;
  #request: SipRequest;
  #sent: SentRequest;
  #attempts = 1;
  #cancelled: { readonly reason: string | undefined } | undefined;

  constructor(
    endpoint: SipEndpoint,
    auth: AuthMemory,
    request: SipRequest,
    user: RequestUser,
    options: SendOptions = {},
  ) {
    this.#endpoint = endpoint;
    this.#auth = auth;
    this.#user = user;
    this.#options = options;
    this.#plain = request;
    this.#request = auth.withAnswers(request);
    this.#sent = endpoint.send(this.#request, this, options);
  }

  /** As sent last, without Via. */
  get request(): SipRequest {
    return this.#request;
  }

  get sent(): SentRequest {
    return this.#sent;
  }

  cancel(reason?: string): void {
    this.#cancelled ??= { reason };
    this.#sent.cancel(reason);
  }

  abandon(): void {
    this.#sent.abandon();
  }

  response(response: SipResponse, transaction: ClientTransaction): void {
    const { status } = response;
    if (transaction !== this.#sent.transaction) return;
    if (
      (status === 401 || status === 407) &&
      this.#attempts < 4 &&
      this.#cancelled === undefined &&
      this.#auth.learn(response, this.#request)
    ) {
      this.#attempts += 1;
      const number = this.#plain.cseq.number + this.#attempts - 1;
      const next = this.#plain.set('CSeq', `${number} ${this.#plain.method}`);
      this.#user.resent?.(number);
      this.#request = this.#auth.withAnswers(next);
      this.#sent = this.#endpoint.send(this.#request, this, this.#options);
      return;
    }
    if (status >= 200 && status < 300) this.#auth.note(response);
    this.#user.response(response, this.#request);
  }

  failed(why: 'timeout' | 'transport', _transaction: ClientTransaction | undefined, error?: Error): void {
    this.#user.failed(why, error);
  }

  ended(transaction: ClientTransaction): void {
    if (transaction === this.#sent.transaction) this.#user.ended?.();
  }
}
