import { bodyHeaders, type SipBody } from '../../agent/body.ts';
import { type Dialog, keyOf, nextRequest, receiveRequest, refreshTarget } from '../../dialog/dialog.ts';
import { makeRequest } from '../../message/make-message.ts';
import type { SipRequest, SipResponse } from '../../message/message.ts';
import type { SendOptions } from '../endpoint/sent-request.ts';
import { type Flow, isReliable } from '../transport/flow.ts';
import type { AgentCore } from './agent-core.ts';
import type { AuthMemory } from './auth-memory.ts';
import { AuthenticatedRequest, type RequestUser } from './authenticated-request.ts';

export interface RequestInDialog {
  readonly method: string;
  readonly body?: SipBody | undefined;
  readonly headers?: readonly (readonly [string, string])[];
  readonly user: RequestUser;
}

/** A dialog that runs: it counts, sends what is within it, and judges the order of what comes. */
export class DialogSession {
  readonly auth: AuthMemory;
  readonly contact: string;
  readonly #core: AgentCore;
  #flow: Flow | undefined;
  #dialog: Dialog;

  constructor(core: AgentCore, dialog: Dialog, auth: AuthMemory, contact: string, flow: Flow | undefined) {
    this.#core = core;
    this.#dialog = dialog;
    this.auth = auth;
    this.contact = contact;
    this.#flow = flow;
  }

  get dialog(): Dialog {
    return this.#dialog;
  }

  /** The connection over which the far side spoke last. */
  came(flow: Flow): void {
    if (isReliable(flow.transport)) this.#flow = flow;
  }

  /** Whether a connection is the one that carries the dialog. */
  wentOver(flow: Flow): boolean {
    return this.#flow === flow;
  }

  get key(): string {
    return keyOf(this.#dialog);
  }

  set(dialog: Dialog): void {
    this.#dialog = dialog;
  }

  refresh(message: SipRequest | SipResponse): void {
    this.#dialog = refreshTarget(this.#dialog, message);
  }

  /** False where the request's number is too low (answered 500). */
  takes(request: SipRequest): boolean {
    const next = receiveRequest(this.#dialog, request.cseq.number);
    if (next === undefined) return false;
    this.#dialog = next;
    return true;
  }

  send({ method, body, headers, user }: RequestInDialog): AuthenticatedRequest {
    const { parts, dialog } = nextRequest(this.#dialog);
    this.#dialog = dialog;
    const request = this.#make(method, parts, body, headers);
    const counted: RequestUser = {
      response: (response, request) => {
        const flow = sending.sent.transaction?.flow;
        if (flow !== undefined) this.came(flow);
        user.response(response, request);
      },
      failed: (why, error) => user.failed(why, error),
      resent: (number) => {
        if (number > this.#dialog.localSeq) this.#dialog = { ...this.#dialog, localSeq: number };
        user.resent?.(number);
      },
      ended: () => user.ended?.(),
    };
    const sending = new AuthenticatedRequest(
      this.#core.endpoint,
      this.auth,
      request,
      counted,
      this.#options(),
    );
    return sending;
  }

  /** Sends the ACK of a 2xx; gives what sends it once more for a 2xx that comes once more (RFC 3261 section 13.2.2.4). */
  sendAck(cseqNumber: number, body: SipBody | undefined): () => void {
    const { parts } = nextRequest(this.#dialog, cseqNumber);
    const request = this.auth.withAnswers(this.#make('ACK', parts, body, []));
    return this.#core.endpoint.sendStateless(request, this.#options());
  }

  #make(
    method: string,
    parts: ReturnType<typeof nextRequest>['parts'],
    body: SipBody | undefined,
    headers: readonly (readonly [string, string])[] | undefined,
  ): SipRequest {
    return makeRequest({
      method,
      uri: parts.uri,
      headers: [
        ...parts.routes.map((route) => ['Route', route] as const),
        ['Max-Forwards', '70'],
        ['From', parts.from],
        ['To', parts.to],
        ['Call-ID', parts.callId],
        ['CSeq', `${parts.cseqNumber} ${method}`],
        ...(CARRIES_CONTACT.has(method) ? [['Contact', this.contact] as const] : []),
        ...this.#core.agentHeaders(method),
        ...(headers ?? []),
        ...bodyHeaders(body),
      ],
      ...(body === undefined ? {} : { body: body.bytes }),
    });
  }

  // A connection that carried the dialog so far goes on carrying it where its target can be reached no other way.
  #options(): SendOptions {
    const flow = this.#flow;
    if (flow === undefined || flow.closed || !isReliable(flow.transport)) return {};
    return { flow };
  }
}

const CARRIES_CONTACT = new Set(['INVITE', 'UPDATE', 'REFER', 'NOTIFY', 'SUBSCRIBE']);
