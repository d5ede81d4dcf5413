import { bodyHeaders, bodyOf, isDescription, type SipBody } from '../../agent/body.ts';
import { reasonsOf } from '../../agent/reason.ts';
import {
  acceptedSessionTimer,
  parseSessionExpires,
  type SessionTimerWish,
  sessionTimerHeaders,
} from '../../agent/session-timer.ts';
import { confirmDialog, dialogFromResponse } from '../../dialog/dialog.ts';
import { makeRequest } from '../../message/make-message.ts';
import type { SipRequest, SipResponse } from '../../message/message.ts';
import { rseqOf } from '../../message/timing-headers.ts';
import { targetOf } from '../endpoint/next-hop.ts';
import type { SendOptions } from '../endpoint/sent-request.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import type { Flow, SipTarget } from '../transport/flow.ts';
import { type AgentCore, optionTags } from './agent-core.ts';
import type { AuthMemory, Credentials } from './auth-memory.ts';
import { AuthenticatedRequest } from './authenticated-request.ts';
import { Call } from './call.ts';
import type { CallHandlers, EndedEvent } from './call-events.ts';
import { CallSession } from './call-session.ts';
import { DialogSession } from './dialog-session.ts';

export interface InviteOptions {
  /** The address to call: the Request-URI. */
  readonly to: string;
  /** From, as a URI or a name-addr without tag. */
  readonly from: string;
  /** The offer; without one the far side's is asked for (late offer). */
  readonly body?: SipBody;
  readonly handlers?: CallHandlers;
  readonly headers?: readonly (readonly [string, string])[];
  readonly credentials?: Credentials;
  /** Values of Route: an outbound proxy, a Service-Route. */
  readonly routes?: readonly string[];
  readonly target?: SipTarget;
  readonly flow?: Flow;
  /** Provisional responses: reliable where the far side can, or only so. */
  readonly reliable?: 'supported' | 'required';
  readonly maxForwards?: number;
  readonly callId?: string;
}

interface Fork {
  readonly session: CallSession;
  rseq: number | undefined;
  again: (() => void) | undefined;
}

/** A call that we make: one INVITE, its forks kept apart by To-tag, and the one that is answered. */
export class OutgoingCall extends Call {
  readonly direction = 'outgoing';
  readonly callId: string;
  readonly #options: InviteOptions;
  readonly #auth: AuthMemory;
  readonly #tag: string;
  readonly #contact: string;
  readonly #forks = new Map<string, Fork>();
  #wish: SessionTimerWish | undefined;
  #sending: AuthenticatedRequest;
  #winner: CallSession | undefined;
  #cancelled: { readonly reason: string | undefined } | undefined;
  #state: 'calling' | 'early' | 'confirmed' | 'over' = 'calling';

  constructor(core: AgentCore, options: InviteOptions) {
    super(core);
    this.#options = options;
    this.handlers = options.handlers ?? {};
    this.callId = options.callId ?? core.endpoint.tokens.callId();
    this.#auth = core.newAuth(options.credentials);
    this.#tag = core.endpoint.tokens.tag();
    this.#wish = core.sessionTimer;
    this.#contact = this.#ownContact();
    this.#sending = this.#send(1);
  }

  get state(): 'calling' | 'early' | 'confirmed' | 'over' {
    return this.#state;
  }

  protected override get current(): CallSession | undefined {
    if (this.#winner !== undefined) return this.#winner;
    // Before the answer: the fork that spoke last.
    return [...this.#forks.values()].at(-1)?.session;
  }

  /** Gives the call up before it is answered (RFC 3261 section 9.1). `refused` follows with what comes of it. */
  cancel(reason?: string): void {
    if (this.#state === 'over' || this.#winner !== undefined) return;
    this.#cancelled ??= { reason };
    this.#sending.cancel(reason);
  }

  override bye(reason?: string): void {
    if (this.#winner === undefined) this.cancel(reason);
    else this.#winner.bye(reason);
  }

  acknowledged(): boolean {
    return false;
  }

  pracked(transaction: ServerTransaction): void {
    transaction.respond(481);
  }

  over(event: EndedEvent): void {
    if (this.#winner === undefined || !this.#winner.isOver || this.#state === 'over') return;
    this.#state = 'over';
    this.handlers.ended?.(event);
  }

  #ownContact(): string {
    const { core } = this;
    const { flow, target, to, routes } = this.#options;
    if (flow !== undefined) return core.contactOver(flow);
    try {
      const uri = routes?.[0] === undefined ? to : routes[0].replace(/^[^<]*<|>.*$/g, '');
      const hop = target ?? targetOf(core.endpoint.uris.read(uri), core.endpoint.nextHopOptions);
      return core.contact(hop?.transport ?? 'udp', hop?.host);
    } catch {
      return core.contact('udp');
    }
  }

  #send(cseqNumber: number): AuthenticatedRequest {
    const { core } = this;
    const { to, from, body, headers, routes, target, flow, reliable, maxForwards } = this.#options;
    const wish = this.#wish;
    const request = makeRequest({
      method: 'INVITE',
      uri: to,
      headers: [
        ...(routes ?? []).map((route) => ['Route', route] as const),
        ['Max-Forwards', String(maxForwards ?? 70)],
        ['From', `${from.includes('<') ? from : `<${from}>`};tag=${this.#tag}`],
        ['To', `<${to}>`],
        ['Call-ID', this.callId],
        ['CSeq', `${cseqNumber} INVITE`],
        ['Contact', this.#contact],
        ...core.agentHeaders('INVITE'),
        ...(reliable === 'required' ? [['Require', '100rel'] as const] : []),
        ...(wish === undefined ? [] : sessionTimerHeaders(wish)),
        ...(headers ?? []),
        ...bodyHeaders(body),
      ],
      ...(body === undefined ? {} : { body: body.bytes }),
    });
    const options: SendOptions = {
      ...(target === undefined ? {} : { target }),
      ...(flow === undefined ? {} : { flow }),
    };
    const user = {
      response: (response: SipResponse, sent: SipRequest) => this.#response(response, sent),
      failed: (why: 'timeout' | 'transport', error?: Error) => this.#failed(why, error),
    };
    return new AuthenticatedRequest(core.endpoint, this.#auth, request, user, options);
  }

  #response(response: SipResponse, request: SipRequest): void {
    const { status } = response;
    if (status === 100) return;
    if (status < 200) this.#provisional(response, request);
    else if (status < 300) this.#success(response, request);
    else this.#refusal(response, request);
  }

  #provisional(response: SipResponse, request: SipRequest): void {
    if (this.#state === 'over' || this.#winner !== undefined) return;
    this.#state = 'early';
    const { status, reason } = response;
    const tag = response.to.tag ?? '';
    const fork = this.#fork(response, request);
    const rseq = optionTags(response, 'Require').includes('100rel') ? rseqOf(response) : undefined;
    const body = bodyOf(response);
    let prack = (_body?: SipBody) => {};
    if (rseq !== undefined && fork !== undefined) {
      // A repetition, or one that overtook another (RFC 3262 section 4).
      if (fork.rseq !== undefined && rseq !== fork.rseq + 1) return;
      fork.rseq = rseq;
      prack = this.#prack(fork, rseq, request);
      const waits = this.#options.body === undefined && isDescription(body);
      if (!waits) prack();
    }
    this.handlers.provisional?.({ status, reason, tag, body, reliable: rseq !== undefined, prack, response });
  }

  #prack(fork: Fork, rseq: number, request: SipRequest): (body?: SipBody) => void {
    let isSent = false;
    const { number, method } = request.cseq;
    return (body) => {
      if (isSent) return;
      isSent = true;
      fork.session.request('PRACK', body, [['RAck', `${rseq} ${number} ${method}`]], () => {});
    };
  }

  #fork(response: SipResponse, request: SipRequest): Fork | undefined {
    const tag = response.to.tag ?? '';
    const known = this.#forks.get(tag);
    if (known !== undefined) {
      known.session.session.refresh(response);
      return known;
    }
    const dialog = dialogFromResponse(request, response);
    // A far side that makes tags without end gets no memory for them.
    if (dialog === undefined || this.#forks.size >= 64) return undefined;
    const { core } = this;
    const session = new CallSession(
      this,
      new DialogSession(core, dialog, this.#auth, this.#contact, this.#flow()),
    );
    session.offers.isInviteOut = true;
    session.learn(response);
    session.described(this.#options.body);
    const fork: Fork = { session, rseq: undefined, again: undefined };
    this.#forks.set(tag, fork);
    return fork;
  }

  #flow(): Flow | undefined {
    return this.#sending.sent.transaction?.flow;
  }

  #success(response: SipResponse, request: SipRequest): void {
    const tag = response.to.tag ?? '';
    const fork = this.#fork(response, request);
    if (fork === undefined) return;
    if (fork.again !== undefined) {
      fork.again();
      return;
    }
    const { session } = fork;
    const cseqNumber = request.cseq.number;
    session.session.set(confirmDialog(session.session.dialog, response));
    session.learn(response);
    session.offers.isInviteOut = false;
    const ack = (body?: SipBody) => {
      fork.again ??= session.session.sendAck(cseqNumber, body);
    };
    if (this.#winner !== undefined || this.#cancelled !== undefined || this.#state === 'over') {
      // Another fork answered too, or the answer crossed our CANCEL: it is taken and hung up (section 13.2.2.4, 15).
      ack();
      session.byeQuietly(this.#cancelled?.reason);
      if (this.#winner === undefined && this.#state !== 'over')
        this.#refused(487, 'Request Terminated', response);
      return;
    }
    this.#winner = session;
    this.#state = 'confirmed';
    for (const [other, { session: loser }] of this.#forks) {
      if (other === tag) continue;
      loser.drop();
      this.#forks.delete(other);
    }
    if (this.#options.body !== undefined) ack();
    session.timed(acceptedSessionTimer(response.get('Session-Expires'), this.#wish), 'uac');
    this.handlers.accepted?.({ tag, body: bodyOf(response), ack, response });
  }

  #refusal(response: SipResponse, request: SipRequest): void {
    if (this.#state === 'over' || this.#winner !== undefined) return;
    const minimum = parseSessionExpires(response.get('Min-SE'))?.expires;
    if (
      response.status === 422 &&
      minimum !== undefined &&
      minimum > (this.#wish?.minimum ?? 0) &&
      this.#cancelled === undefined
    ) {
      this.#wish = { expires: Math.max(minimum, this.#wish?.expires ?? 0), minimum };
      this.#sending = this.#send(request.cseq.number + 1);
      return;
    }
    this.#refused(response.status, response.reason, response);
  }

  #failed(why: 'timeout' | 'transport', error: Error | undefined): void {
    if (this.#state === 'over' || this.#winner !== undefined) return;
    if (why === 'timeout') this.#refused(408, 'Request Timeout', undefined);
    else this.#refused(503, error?.message ?? 'Service Unavailable', undefined);
  }

  #refused(status: number, reason: string, response: SipResponse | undefined): void {
    this.#state = 'over';
    for (const { session } of this.#forks.values()) session.drop();
    this.handlers.refused?.({
      status,
      reason,
      reasons: response === undefined ? [] : reasonsOf(response),
      contacts: response === undefined || status >= 400 || status < 300 ? [] : byPreference(response),
      response: status < 300 ? undefined : response,
    });
  }
}

function byPreference(response: SipResponse) {
  const q = (value: string | undefined) => (value === undefined ? 1 : Number(value) || 0);
  return [...response.contacts].sort((a, b) => q(b.params.get('q')) - q(a.params.get('q')));
}
