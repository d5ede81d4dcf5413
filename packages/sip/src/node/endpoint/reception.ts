import { makeResponse } from '../../message/make-message.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../message/message.ts';
import { parseMessage } from '../../message/parse-message.ts';
import { SipSyntaxError } from '../../message/sip-error.ts';
import type { Via } from '../../message/via.ts';
import { writeMessage } from '../../message/write-message.ts';
import {
  isCookieBranch,
  mergeKey,
  oldServerTransactionKey,
  serverTransactionKey,
} from '../../transaction/transaction-key.ts';
import { type Flow, writeAddress } from '../transport/flow.ts';
import { GarbageMeter } from '../transport/garbage-meter.ts';
import type { EndpointUser, SipEndpoint } from './endpoint.ts';
import { ServerTransaction, type ServerTransactionHost } from './server-transaction.ts';
import { sentBy, withSource } from './via-address.ts';

export interface ReceptionOptions {
  readonly maxTransactions: number;
  readonly refuseMerged: boolean;
}

/** Takes what comes in: reads it, finds its transaction, and hands on what is new. Nothing that comes in throws. */
export class Reception implements ServerTransactionHost {
  readonly #endpoint: SipEndpoint;
  readonly #user: EndpointUser;
  readonly #options: ReceptionOptions;
  readonly #servers = new Map<string, ServerTransaction>();
  readonly #merges = new Map<string, ServerTransaction>();
  readonly #garbage: GarbageMeter;

  constructor(endpoint: SipEndpoint, user: EndpointUser, options: ReceptionOptions) {
    this.#endpoint = endpoint;
    this.#user = user;
    this.#options = options;
    this.#garbage = new GarbageMeter(20);
  }

  get clock() {
    return this.#endpoint.clock;
  }

  get size(): number {
    return this.#servers.size;
  }

  tag(): string {
    return this.#endpoint.tokens.tag();
  }

  receive(bytes: Uint8Array, flow: Flow): void {
    if (bytes.length <= 4 && isBlank(bytes)) return;
    if (this.#garbage.isAlert && this.#garbage.isMuted(writeAddress(flow.remote), this.clock.now())) return;
    let message: SipMessage;
    try {
      message = parseMessage(bytes);
    } catch (error) {
      this.refuse(error, flow);
      return;
    }
    this.take(message, flow);
  }

  /** Takes a message that was read. */
  take(message: SipMessage, flow: Flow): void {
    const received = this.#endpoint.seeded?.received;
    if (received === undefined) this.#take(message, flow);
    else
      this.#endpoint.guard(() => {
        for (const each of received(message)) this.#take(each, flow);
      });
  }

  #take(message: SipMessage, flow: Flow): void {
    try {
      if (message.kind === 'request') this.#request(message, flow);
      else this.#response(message, flow);
    } catch (error) {
      if (error instanceof SipSyntaxError && message.kind === 'request') error.request ??= message;
      this.refuse(error, flow);
    }
  }

  forget(transaction: ServerTransaction): void {
    if (this.#servers.get(transaction.key) === transaction) this.#servers.delete(transaction.key);
    const { mergeKey: key } = transaction;
    if (key !== undefined && this.#merges.get(key) === transaction) this.#merges.delete(key);
  }

  begun(transaction: ServerTransaction): void {
    this.#endpoint.guard(() => this.#user.request(transaction));
  }

  sendResponse(via: Via, bytes: Uint8Array, flow: Flow, failed: (error: Error) => void): void {
    this.#endpoint.sendResponse(via, bytes, flow, failed);
  }

  dispose(): void {
    for (const transaction of this.#servers.values()) transaction.dispose();
    this.#servers.clear();
    this.#merges.clear();
  }

  #request(received: SipRequest, flow: Flow): void {
    const request = withSource(received, flow);
    const { method } = request;
    // What every request must have, read here, so that nobody behind this line meets a header that cannot be read.
    const { via, cseq, callId, from, to } = request;
    if (cseq.method !== method) {
      this.#answer(request, flow, 400, 'CSeq names another method');
      return;
    }
    const key = this.#keyOf(request, method);
    const known = this.#servers.get(key);
    if (method === 'ACK') {
      if (known !== undefined && known.state !== 'accepted') known.acknowledge();
      else {
        known?.acknowledge();
        this.#endpoint.guard(() => this.#user.ack(request, flow));
      }
      return;
    }
    if (known !== undefined) {
      known.again();
      return;
    }
    if (this.#servers.size >= this.#options.maxTransactions) {
      this.#answer(request, flow, 503, undefined, [['Retry-After', '5']]);
      return;
    }
    let merge: string | undefined;
    if (this.#options.refuseMerged && to.tag === undefined && method !== 'CANCEL') {
      merge = mergeKey(callId, from.tag, cseq.number, method);
      if (this.#merges.has(merge)) {
        this.#answer(request, flow, 482, undefined, []);
        return;
      }
    }
    const timers = this.#endpoint.timersOf(flow);
    const transaction = new ServerTransaction(key, merge, request, flow, timers, this);
    this.#servers.set(key, transaction);
    if (merge !== undefined) this.#merges.set(merge, transaction);
    const cancelled = method === 'CANCEL' ? this.#servers.get(this.#keyOf(request, 'INVITE')) : undefined;
    if (cancelled === undefined || via.branch === '') {
      transaction.begin();
      return;
    }
    // The user is told of its INVITE only: the CANCEL is answered here (section 9.2).
    transaction.user = {};
    this.#cancel(transaction, cancelled);
  }

  #cancel(transaction: ServerTransaction, cancelled: ServerTransaction): void {
    transaction.respondBegun(200, cancelled.tag);
    if (cancelled.isPending) this.#endpoint.guard(() => cancelled.user.cancelled?.(transaction.request));
  }

  #keyOf(request: SipRequest, method: string): string {
    const { via } = request;
    const { branch } = via;
    if (isCookieBranch(branch)) return serverTransactionKey({ method, branch, sentBy: sentBy(via) });
    return oldServerTransactionKey({
      method,
      requestUri: request.uri,
      fromTag: request.from.tag,
      callId: request.callId,
      cseqNumber: request.cseq.number,
      via: request.getAll('via')[0] ?? '',
    });
  }

  #response(response: SipResponse, flow: Flow): void {
    const { branch } = response.via;
    const { method } = response.cseq;
    const transaction = branch === undefined ? undefined : this.#endpoint.client(branch, method);
    if (transaction !== undefined) {
      // The headers that users read without a thought.
      if (response.to.tag === undefined && response.status > 100 && method === 'INVITE') void response.from;
      transaction.receive(response);
      return;
    }
    if (this.#user.strayResponse !== undefined) {
      this.#endpoint.guard(() => this.#user.strayResponse?.(response, flow));
      return;
    }
    const text = `${response.status} to ${method}: no transaction waits for it`;
    this.#endpoint.found({ code: 'stray-response', text, remote: writeAddress(flow.remote) });
  }

  #answer(
    request: SipRequest,
    flow: Flow,
    status: number,
    reason?: string,
    headers: readonly (readonly [string, string])[] = [],
  ): void {
    if (request.method === 'ACK') return;
    const response = makeResponse(request, status, reason, { toTag: this.tag(), headers });
    this.#endpoint.sendResponse(response.via, writeMessage(response), flow, () => {});
  }

  /** Counts and reports what cannot be read, and answers it where that is possible. */
  refuse(error: unknown, flow: Flow): void {
    const remote = writeAddress(flow.remote);
    const verdict = this.#garbage.count(remote, this.clock.now());
    if (verdict === 'silent') return;
    if (verdict === 'flood') {
      this.#endpoint.found({
        code: 'flood',
        text: 'too much that cannot be read: nothing more is, for a moment',
        remote,
      });
      return;
    }
    if (!(error instanceof SipSyntaxError)) {
      const text = error instanceof Error ? error.message : String(error);
      this.#endpoint.found({ code: 'handler-failed', text, remote, cause: error });
      return;
    }
    const code = error.code === 'too-large' ? 'too-large' : 'malformed';
    this.#endpoint.found({ code, text: error.message, clause: error.clause, remote, cause: error });
    if (error.request === undefined) return;
    try {
      this.#answer(withSource(error.request, flow), flow, 400, 'Bad Request');
    } catch {
      // Its Via cannot be read either: there is nobody to answer.
    }
  }
}

function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 13 && byte !== 10) return false;
  return true;
}
