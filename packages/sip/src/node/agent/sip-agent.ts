import { bodyOf, type SipBody } from '../../agent/body.ts';
import type { SessionTimerWish } from '../../agent/session-timer.ts';
import { answerSessionTimer } from '../../agent/session-timer.ts';
import { judgeRequest } from '../../message/judge-request.ts';
import { makeRequest } from '../../message/make-message.ts';
import type { SipRequest } from '../../message/message.ts';
import type { NameAddr } from '../../message/name-addr.ts';
import { replacesOf } from '../../message/transfer-headers.ts';
import { type EndpointOptions, SipEndpoint } from '../endpoint/endpoint.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import { Gate, type GateOptions } from '../proxy/gate.ts';
import { type Flow, type SipTarget, writeAddress } from '../transport/flow.ts';
import type { ListeningPoint, ListenOptions } from '../transport/transports.ts';
import { TrustedHops } from '../transport/trusted-hops.ts';
import { AgentCore, SUPPORTED } from './agent-core.ts';
import type { Credentials } from './auth-memory.ts';
import { AuthenticatedRequest } from './authenticated-request.ts';
import type { Call } from './call.ts';
import type { Outcome } from './call-events.ts';
import { CallSession } from './call-session.ts';
import { type CallSource, IncomingCall } from './incoming-call.ts';
import { timerRequest } from './offer-exchange.ts';
import { type InviteOptions, OutgoingCall } from './outgoing-call.ts';
import { type RegisterOptions, Registration } from './registration.ts';

export interface AgentOptions extends EndpointOptions {
  /** User part of Contact; random where not given. */
  readonly user?: string;
  readonly product?: string;
  readonly credentials?: Credentials;
  /** Session timers to ask for and to insist on (RFC 4028); none are asked for where not given. */
  readonly sessionTimer?: SessionTimerWish;
  /** Option tags that the user of the agent speaks besides; `trickle-ice` (RFC 8840) where not given. */
  readonly extensions?: readonly string[];
  /** INFO packages that are taken (`Recv-Info`, RFC 6086); `trickle-ice` where not given. */
  readonly infoPackages?: readonly string[];
  /** Next hops whose P-Asserted-Identity is believed (RFC 3325 section 5). */
  readonly trusted?: TrustedHops;
  /** What becomes of an INVITE that comes from none of them: 403, a question for a password, or without it a call. */
  readonly strangers?: 'refuse' | GateOptions;
  /** Most calls at once; beyond them 486. */
  readonly maxCalls?: number;
  /** A call comes in. It is refused with 480 where nobody listens. */
  readonly onInvite?: (call: IncomingCall) => void;
  /** Any other request outside of a dialog (MESSAGE, NOTIFY ...); 405 or 200 by itself where it is not answered. */
  readonly onRequest?: (transaction: ServerTransaction) => void;
}

/** A SIP user agent: registers, calls, is called. */
export class SipAgent {
  readonly endpoint: SipEndpoint;
  readonly core: AgentCore;
  readonly #options: AgentOptions;
  readonly #registrations = new Set<Registration>();
  readonly #trusted: TrustedHops;
  readonly #gate: Gate | undefined;

  constructor(options: AgentOptions = {}) {
    this.#options = options;
    this.#trusted = options.trusted ?? new TrustedHops();
    this.endpoint = new SipEndpoint(
      {
        request: (transaction) => this.#request(transaction),
        ack: (request) => this.#ack(request),
        flowClosed: (flow) => this.#flowClosed(flow),
        // A response late by more than its transaction lives: its INVITE was given up long ago.
        strayResponse: () => {},
      },
      { ...options, refuseMerged: true },
    );
    const { strangers } = options;
    const { clock, tokens } = this.endpoint;
    this.#gate =
      typeof strangers === 'object'
        ? new Gate(strangers, clock, tokens.random, (finding) => this.endpoint.found(finding))
        : undefined;
    this.core = new AgentCore(this.endpoint, {
      user: options.user ?? this.endpoint.tokens.random(4),
      product: options.product ?? 'Crosspoint',
      credentials: options.credentials,
      sessionTimer: options.sessionTimer,
      supported: [...SUPPORTED, ...(options.extensions ?? ['trickle-ice'])],
      infoPackages: options.infoPackages ?? ['trickle-ice'],
    });
  }

  /** What the agent holds: all zero when nothing is going on. */
  get counts(): {
    readonly dialogs: number;
    readonly client: number;
    readonly server: number;
    readonly connections: number;
    readonly registrations: number;
  } {
    return {
      dialogs: this.core.dialogCount,
      registrations: this.#registrations.size,
      ...this.endpoint.counts,
    };
  }

  listen(options: ListenOptions): Promise<ListeningPoint> {
    return this.endpoint.listen(options);
  }

  register(options: RegisterOptions): Registration {
    const registration = new Registration(this.core, options, (each) => this.#registrations.delete(each));
    this.#registrations.add(registration);
    return registration;
  }

  /** Calls somebody. Never throws for what the far side does: that comes to the handlers. */
  invite(options: InviteOptions): OutgoingCall {
    return new OutgoingCall(this.core, options);
  }

  /** A request outside of any dialog: OPTIONS, MESSAGE. */
  request(options: {
    readonly method: string;
    readonly to: string;
    readonly from: string;
    readonly body?: SipBody;
    readonly headers?: readonly (readonly [string, string])[];
    readonly credentials?: Credentials;
    readonly target?: SipTarget;
    readonly done: (outcome: Outcome) => void;
  }): void {
    const { method, to, from, body, headers, target, done } = options;
    const { tokens } = this.endpoint;
    const request = makeRequest({
      method,
      uri: to,
      headers: [
        ['Max-Forwards', '70'],
        ['From', `${from.includes('<') ? from : `<${from}>`};tag=${tokens.tag()}`],
        ['To', `<${to}>`],
        ['Call-ID', tokens.callId()],
        ['CSeq', `1 ${method}`],
        ...this.core.agentHeaders(method),
        ...(headers ?? []),
        ...(body === undefined ? [] : [['Content-Type', body.type] as const]),
      ],
      ...(body === undefined ? {} : { body: body.bytes }),
    });
    new AuthenticatedRequest(
      this.endpoint,
      this.core.newAuth(options.credentials),
      request,
      {
        response: (response) => {
          const { status, reason } = response;
          if (status >= 200) done({ status, reason, body: bodyOf(response), response });
        },
        failed: (why) => {
          const timeout = why === 'timeout';
          const reason = timeout ? 'Request Timeout' : 'Service Unavailable';
          done({ status: timeout ? 408 : 503, reason, body: undefined, response: undefined });
        },
      },
      target === undefined ? {} : { target },
    );
  }

  /** Drops every call and registration without a word and closes the sockets. Hang up and unregister before. */
  async close(): Promise<void> {
    for (const registration of [...this.#registrations]) registration.drop();
    for (const owner of this.core.owners()) if (owner instanceof CallSession) owner.drop();
    await this.endpoint.close();
  }

  #request(transaction: ServerTransaction): void {
    const { request } = transaction;
    const { method, to } = request;
    const tag = to.tag;
    if (tag !== undefined) {
      const owner = this.core.dialogOwner(request.callId, tag, request.from.tag ?? '');
      if (owner === undefined) transaction.respond(481);
      else owner.requestInDialog(transaction);
      return;
    }
    if (method === 'CANCEL') {
      transaction.respond(481);
      return;
    }
    const refusal = judgeRequest(request, { options: this.core.options });
    if (refusal !== undefined) {
      transaction.respond(refusal.status, refusal.reason, { headers: refusal.headers });
      return;
    }
    if (method === 'INVITE') this.#invite(transaction);
    else if (method === 'OPTIONS') {
      transaction.respond(200, undefined, {
        headers: [['Accept', 'application/sdp'], ...this.core.agentHeaders('OPTIONS')],
      });
    } else if (this.#options.onRequest !== undefined) this.#options.onRequest(transaction);
    else transaction.respond(405, undefined, { headers: this.core.agentHeaders('OPTIONS') });
  }

  #invite(transaction: ServerTransaction): void {
    const { request } = transaction;
    const admitted = this.#admit(transaction);
    if (admitted === undefined) return;
    const timer = answerSessionTimer(timerRequest(request), this.core.sessionTimer);
    if (timer.type === 'too-small') {
      transaction.respond(422, undefined, { headers: [['Min-SE', String(timer.minimum)]] });
      return;
    }
    if (request.contacts.length !== 1) {
      transaction.respond(400, 'One Contact is needed');
      return;
    }
    const replaces = replacesOf(request);
    let replaced: Call | undefined;
    if (replaces !== undefined) {
      const owner = this.core.dialogOwner(replaces.callId, replaces.toTag, replaces.fromTag);
      replaced = owner instanceof CallSession ? owner.call : undefined;
      if (replaced === undefined) {
        transaction.respond(481);
        return;
      }
      if (replaces.earlyOnly && replaced.dialog?.state === 'confirmed') {
        transaction.respond(486);
        return;
      }
    }
    if (this.core.dialogCount >= (this.#options.maxCalls ?? 50_000)) {
      transaction.respond(486);
      return;
    }
    if (this.#options.onInvite === undefined) {
      transaction.respond(480);
      return;
    }
    this.#options.onInvite(
      new IncomingCall(this.core, transaction, this.#identities(transaction), replaced, admitted),
    );
  }

  /** Who brings a call, as far as it is proven; undefined where it was refused. Decided before anything is told. */
  #admit(transaction: ServerTransaction): CallSource | undefined {
    const { flow } = transaction;
    const hop = this.#trusted.find(flow);
    if (hop !== undefined) return { hop };
    if (this.#gate !== undefined) {
      const user = this.#gate.userOf(transaction, 'www');
      return user === undefined ? undefined : { user };
    }
    if (this.#options.strangers !== 'refuse') return {};
    const remote = writeAddress(flow.remote);
    const text = `INVITE ${transaction.request.uri} from none of the next hops that are known`;
    this.endpoint.found({ code: 'stranger-refused', text, remote, clause: 'RFC 3261 section 21.4.4' });
    transaction.respond(403);
    return undefined;
  }

  #identities({ request, flow }: ServerTransaction): readonly NameAddr[] {
    if (!request.has('P-Asserted-Identity')) return [];
    if (this.#trusted.find(flow) !== undefined) return request.assertedIdentities;
    const remote = writeAddress(flow.remote);
    const text = 'P-Asserted-Identity from a next hop that is not trusted: not believed';
    this.endpoint.found({ code: 'untrusted-identity', text, remote, clause: 'RFC 3325 section 5' });
    return [];
  }

  #ack(request: SipRequest): void {
    const tag = request.to.tag;
    if (tag === undefined) return;
    this.core.dialogOwner(request.callId, tag, request.from.tag ?? '')?.ackInDialog(request);
  }

  #flowClosed(flow: Flow): void {
    for (const registration of this.#registrations) if (registration.flow === flow) registration.flowLost();
    for (const owner of this.core.owners()) if (owner instanceof CallSession) owner.flowClosed(flow);
  }
}
