import { makeRequest } from '../../message/make-message.ts';
import type { SipRequest, SipResponse } from '../../message/message.ts';
import { sameUri } from '../../message/same-uri.ts';
import type { ClockHandle } from '../clock.ts';
import { targetOf } from '../endpoint/next-hop.ts';
import type { SendOptions } from '../endpoint/sent-request.ts';
import type { Flow, SipTarget } from '../transport/flow.ts';
import type { AgentCore } from './agent-core.ts';
import type { AuthMemory, Credentials } from './auth-memory.ts';
import { AuthenticatedRequest } from './authenticated-request.ts';

export interface RegisterOptions {
  /** The registrar's address, such as `sip:example.org`: the Request-URI. */
  readonly registrar: string;
  /** Address of record, such as `sip:alice@example.org`. */
  readonly aor: string;
  readonly credentials?: Credentials;
  /** Seconds asked for; 600 where not given. */
  readonly expires?: number;
  readonly routes?: readonly string[];
  readonly target?: SipTarget;
  /** User part of the Contact, by which calls find their way to this registration. */
  readonly contactUser?: string;
  /** `+sip.instance` and `reg-id` (RFC 5626 section 4.2). */
  readonly outbound?: { readonly instance: string; readonly regId: number };
  /** Milliseconds between keep-alives on the flow (RFC 5626 section 3.5); none where not given. */
  readonly keepAlive?: number;
  readonly handlers?: RegistrationHandlers;
}

export interface RegistrationHandlers {
  /** It holds, for so many seconds: after each REGISTER. */
  registered?(event: { readonly expires: number; readonly response: SipResponse }): void;
  /** Refused, or no answer; it is tried again by itself where that can help. */
  failed?(event: {
    readonly status: number;
    readonly reason: string;
    readonly response: SipResponse | undefined;
    readonly retryIn: number | undefined;
  }): void;
  unregistered?(): void;
}

/** Waits between attempts that failed: RFC 5626 section 4.5, in milliseconds. */
const RETRY_LEAST = 30_000;
const RETRY_MOST = 1_800_000;

/** A registration that keeps itself alive (RFC 3261 section 10.2, RFC 5626). */
export class Registration {
  readonly #core: AgentCore;
  readonly #options: RegisterOptions;
  readonly #auth: AuthMemory;
  readonly #callId: string;
  readonly #tag: string;
  readonly #contact: string;
  readonly #forget: (registration: Registration) => void;
  #cseq = 0;
  #expires: number;
  #timer: ClockHandle | undefined;
  #keepAlive: ClockHandle | undefined;
  #flow: Flow | undefined;
  #failures = 0;
  #serviceRoutes: readonly string[] = [];
  #state: 'registering' | 'registered' | 'failed' | 'unregistering' | 'over' = 'registering';

  constructor(core: AgentCore, options: RegisterOptions, forget: (registration: Registration) => void) {
    this.#core = core;
    this.#options = options;
    this.#forget = forget;
    this.#auth = core.newAuth(options.credentials);
    this.#callId = core.endpoint.tokens.callId();
    this.#tag = core.endpoint.tokens.tag();
    this.#expires = options.expires ?? 600;
    let target = options.target;
    try {
      target ??= targetOf(
        core.endpoint.uris.read(options.routes?.[0]?.replace(/^[^<]*<|>.*$/g, '') ?? options.registrar),
        core.endpoint.nextHopOptions,
      );
    } catch {
      // Sending finds the same fault and reports it.
    }
    this.#contact = core.contact(target?.transport ?? 'udp', target?.host, options.contactUser);
    this.#send(this.#expires);
  }

  get state(): 'registering' | 'registered' | 'failed' | 'unregistering' | 'over' {
    return this.#state;
  }

  get aor(): string {
    return this.#options.aor;
  }

  /** The flow the registrar reaches us over, once something came back. */
  get flow(): Flow | undefined {
    return this.#flow;
  }

  /** Service-Route of the registrar (RFC 3608): routes for requests out of this registration. */
  get serviceRoutes(): readonly string[] {
    return this.#serviceRoutes;
  }

  /** The Contact, as written. */
  get contact(): string {
    return this.#contact;
  }

  /** Registers anew now. */
  refresh(): void {
    if (this.#state === 'over' || this.#state === 'unregistering') return;
    this.#stopTimers();
    this.#send(this.#expires);
  }

  unregister(): void {
    if (this.#state === 'over' || this.#state === 'unregistering') return;
    this.#state = 'unregistering';
    this.#stopTimers();
    this.#send(0);
  }

  /** The connection is gone: registers over a new one at once. */
  flowLost(): void {
    this.#flow = undefined;
    if (this.#state === 'registered') this.refresh();
  }

  /** Stops everything without a word to the registrar. */
  drop(): void {
    this.#stopTimers();
    this.#state = 'over';
    this.#forget(this);
  }

  #send(expires: number): void {
    const { endpoint } = this.#core;
    const { registrar, aor, routes, target, outbound } = this.#options;
    this.#cseq += 1;
    const params =
      outbound === undefined ? '' : `;+sip.instance="<${outbound.instance}>";reg-id=${outbound.regId}`;
    const request = makeRequest({
      method: 'REGISTER',
      uri: registrar,
      headers: [
        ...(routes ?? []).map((route) => ['Route', route] as const),
        ['Max-Forwards', '70'],
        ['From', `<${aor}>;tag=${this.#tag}`],
        ['To', `<${aor}>`],
        ['Call-ID', this.#callId],
        ['CSeq', `${this.#cseq} REGISTER`],
        ['Contact', this.#contact + params],
        ['Expires', String(expires)],
        ['Supported', 'path, outbound'],
        ...this.#core.agentHeaders('REGISTER'),
      ],
    });
    const options: SendOptions = target === undefined ? {} : { target };
    const sending: AuthenticatedRequest = new AuthenticatedRequest(
      endpoint,
      this.#auth,
      request,
      {
        response: (response, sent) => this.#response(response, sent, sending, expires),
        failed: (why, error) => {
          if (this.#state === 'over') return;
          const timeout = why === 'timeout';
          this.#failed(
            timeout ? 408 : 503,
            timeout ? 'Request Timeout' : (error?.message ?? 'Service Unavailable'),
            undefined,
          );
        },
        resent: (number) => {
          this.#cseq = number;
        },
      },
      options,
    );
  }

  #response(response: SipResponse, request: SipRequest, sending: AuthenticatedRequest, asked: number): void {
    const { status, reason } = response;
    if (status < 200 || this.#state === 'over') return;
    if (status === 423) {
      const least = response.minExpires ?? 0;
      if (least > this.#expires && asked > 0) {
        this.#expires = least;
        this.#send(least);
        return;
      }
    }
    if (status >= 300) {
      this.#failed(status, reason, response);
      return;
    }
    if (asked === 0) {
      this.drop();
      this.#options.handlers?.unregistered?.();
      return;
    }
    if (this.#state === 'unregistering') return;
    this.#state = 'registered';
    this.#failures = 0;
    this.#flow = sending.sent.transaction?.flow;
    this.#serviceRoutes = response.getAll('Service-Route');
    const expires = this.#granted(response, request);
    // Well before it runs out: half the time, and of long ones all but some minutes (RFC 5626 section 4.2 is close).
    this.#timer = this.#core.endpoint.clock.after(Math.max(expires * 500, expires * 1000 - 300_000), () =>
      this.refresh(),
    );
    this.#startKeepAlive();
    this.#options.handlers?.registered?.({ expires, response });
  }

  #granted(response: SipResponse, request: SipRequest): number {
    const own = request.contacts[0];
    const fallback = response.expires ?? this.#expires;
    if (own === undefined) return fallback;
    const mine = response.contacts.find((contact) => {
      try {
        return sameUri(contact.uri, own.uri);
      } catch {
        return false;
      }
    });
    const expires = Number(mine?.params.get('expires') ?? fallback);
    return Number.isFinite(expires) && expires > 0 ? expires : fallback;
  }

  #failed(status: number, reason: string, response: SipResponse | undefined): void {
    const wasLeaving = this.#state === 'unregistering';
    this.#stopTimers();
    if (wasLeaving) {
      this.drop();
      this.#options.handlers?.unregistered?.();
      return;
    }
    this.#state = 'failed';
    this.#failures += 1;
    // A wrong password or an unknown user does not become right by trying.
    const canHelp = status === 408 || status >= 500;
    const after = Number(/^\s*(\d{1,6})/.exec(response?.get('Retry-After') ?? '')?.[1] ?? 0) * 1000;
    const retryIn = canHelp
      ? Math.min(RETRY_MOST, Math.max(after, RETRY_LEAST * 2 ** (this.#failures - 1)))
      : undefined;
    if (retryIn !== undefined) this.#timer = this.#core.endpoint.clock.after(retryIn, () => this.refresh());
    this.#options.handlers?.failed?.({ status, reason, response, retryIn });
  }

  #startKeepAlive(): void {
    const { keepAlive } = this.#options;
    const { clock, transports } = this.#core.endpoint;
    if (keepAlive === undefined || this.#flow === undefined) return;
    if (this.#keepAlive !== undefined) clock.cancel(this.#keepAlive);
    this.#keepAlive = clock.after(keepAlive, () => {
      this.#keepAlive = undefined;
      const flow = this.#flow;
      if (flow === undefined) return;
      // A flow that is dead is closed, and that is what registers anew.
      transports.keepAlive(flow, () => {});
      this.#startKeepAlive();
    });
  }

  #stopTimers(): void {
    const { clock } = this.#core.endpoint;
    if (this.#timer !== undefined) clock.cancel(this.#timer);
    if (this.#keepAlive !== undefined) clock.cancel(this.#keepAlive);
    this.#timer = undefined;
    this.#keepAlive = undefined;
  }
}
