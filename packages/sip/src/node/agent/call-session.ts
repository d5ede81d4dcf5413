import { bodyOf, type SipBody } from '../../agent/body.ts';
import { reasonsOf } from '../../agent/reason.ts';
import { type SessionTimer, SMALLEST_SESSION_EXPIRES } from '../../agent/session-timer.ts';
import type { SipRequest, SipResponse } from '../../message/message.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import type { Flow } from '../transport/flow.ts';
import type { AgentCore, DialogOwner } from './agent-core.ts';
import { Call } from './call.ts';
import type { CallHandlers, EndedEvent, InfoEvent, Outcome } from './call-events.ts';
import type { DialogSession } from './dialog-session.ts';
import { OfferExchange, type OfferOutcome } from './offer-exchange.ts';
import { SessionRefresh } from './session-refresh.ts';
import { Transfers } from './transfers.ts';

/** Whoever owns the session: an outgoing or incoming call. */
export interface CallSessionHost {
  readonly core: AgentCore;
  readonly handlers: CallHandlers;
  /** The ACK of the first INVITE's 2xx; false where none is awaited. */
  acknowledged(request: SipRequest): boolean;
  pracked(transaction: ServerTransaction): void;
  over(event: EndedEvent): void;
}

/** Responses that say that there is no dialog any more, whatever was asked (RFC 5057 section 5.1, RFC 5626 section 5.3). */
const ENDS_DIALOG: ReadonlySet<number> = new Set([
  404, 408, 410, 416, 430, 480, 481, 482, 483, 484, 485, 502, 604,
]);

/** What happens within one dialog of a call, once there is one. */
export class CallSession implements DialogOwner {
  readonly core: AgentCore;
  readonly session: DialogSession;
  readonly offers: OfferExchange;
  readonly refresh: SessionRefresh;
  readonly #transfers: Transfers;
  readonly #host: CallSessionHost;
  readonly #key: string;
  #allowsUpdate = false;
  #lastDescription: SipBody | undefined;
  #over = false;

  constructor(host: CallSessionHost, session: DialogSession) {
    this.#host = host;
    this.core = host.core;
    this.session = session;
    this.offers = new OfferExchange(this);
    this.refresh = new SessionRefresh(
      host.core.endpoint.clock,
      () => this.#refreshNow(),
      () => this.#expired(),
    );
    this.#transfers = new Transfers(this);
    this.#key = session.key;
    this.core.addDialog(this.#key, this);
  }

  get handlers(): CallHandlers {
    return this.#host.handlers;
  }

  /** The call that the dialog belongs to. */
  get call(): Call | undefined {
    return this.#host instanceof Call ? this.#host : undefined;
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** Learns from a request or response of the far side what it can do. */
  learn(message: SipRequest | SipResponse): void {
    if (message.has('Allow')) {
      this.#allowsUpdate = message.getAll('Allow').some((value) => /\bUPDATE\b/.test(value));
    }
  }

  /** The description sent last, which a refreshing re-INVITE repeats. */
  described(body: SipBody | undefined): void {
    if (body !== undefined) this.#lastDescription = body;
  }

  timed(timer: SessionTimer | undefined, role: 'uac' | 'uas'): void {
    if (!this.#over) this.refresh.begin(timer, role);
  }

  bye(reason?: string): void {
    if (this.#over) return;
    this.#sendBye(reason);
    this.end({ by: 'local', why: 'bye', reasons: [] });
  }

  /** Hangs up without telling the owner: a fork that lost, or a 2xx after CANCEL. */
  byeQuietly(reason?: string): void {
    if (this.#over) return;
    this.#sendBye(reason);
    this.drop();
  }

  reinvite(body: SipBody | undefined, done: (outcome: OfferOutcome) => void): void {
    this.described(body);
    this.offers.send('INVITE', body, done, this.#wish());
  }

  update(body: SipBody | undefined, done: (outcome: OfferOutcome) => void): void {
    this.described(body);
    this.offers.send('UPDATE', body, done, this.#wish());
  }

  info(body: SipBody | undefined, infoPackage: string | undefined, done: (outcome: Outcome) => void): void {
    const headers: [string, string][] = infoPackage === undefined ? [] : [['Info-Package', infoPackage]];
    const described = infoPackage !== undefined && body !== undefined && body.disposition === undefined;
    this.request('INFO', described ? { ...body, disposition: 'Info-Package' } : body, headers, done);
  }

  refer(
    target: string,
    headers: readonly (readonly [string, string])[],
    done: (outcome: Outcome) => void,
    progress: (status: number, reason: string, isOver: boolean) => void,
  ): void {
    this.#transfers.send(target, headers, done, progress);
  }

  request(
    method: string,
    body: SipBody | undefined,
    headers: readonly (readonly [string, string])[],
    done: (outcome: Outcome) => void,
  ): void {
    this.session.send({
      method,
      body,
      headers,
      user: {
        response: (response) => {
          const { status, reason } = response;
          if (status < 200) return;
          done({ status, reason, body: bodyOf(response), response });
          if (status === 481 && method !== 'INFO') this.lost(response);
        },
        failed: (why) => {
          const timeout = why === 'timeout';
          const reason = timeout ? 'Request Timeout' : 'Service Unavailable';
          done({ status: timeout ? 408 : 503, reason, body: undefined, response: undefined });
        },
      },
    });
  }

  /**
   * A connection closed. Where it carried this call, the far side is asked whether the call still stands: a hop that
   * died is known at once, and one that only closed an idle connection is reached over another (RFC 5057 section 5.1).
   */
  flowClosed(flow: Flow): void {
    if (this.#over || !this.session.wentOver(flow) || this.session.dialog.state !== 'confirmed') return;
    this.request('OPTIONS', undefined, [], ({ status, reason, response }) => {
      if (this.#over || (response !== undefined && !ENDS_DIALOG.has(status))) return;
      const words = `${status} ${reason}, asked after the connection had closed`;
      this.end({ by: 'remote', why: 'gone', reasons: [], words });
    });
  }

  requestInDialog(transaction: ServerTransaction): void {
    const { request } = transaction;
    this.session.came(transaction.flow);
    const { method } = request;
    if (this.#over) {
      transaction.respond(481);
      return;
    }
    if (method !== 'CANCEL' && !this.session.takes(request)) {
      transaction.respond(500, 'CSeq is too low');
      return;
    }
    switch (method) {
      case 'BYE':
        transaction.respond(200);
        this.end({ by: 'remote', why: 'bye', reasons: reasonsOf(request), request });
        return;
      case 'INVITE':
      case 'UPDATE':
        this.learn(request);
        this.offers.receive(transaction);
        return;
      case 'PRACK':
        this.#host.pracked(transaction);
        return;
      case 'INFO':
        this.#info(transaction);
        return;
      case 'REFER':
        this.#transfers.receive(transaction);
        return;
      case 'NOTIFY':
        this.#transfers.notified(transaction);
        return;
      case 'OPTIONS':
        transaction.respond(200, undefined, { headers: this.core.agentHeaders('OPTIONS') });
        return;
      default:
        transaction.respond(405, undefined, { headers: this.core.agentHeaders('OPTIONS') });
    }
  }

  ackInDialog(request: SipRequest): void {
    if (!this.#host.acknowledged(request)) this.offers.acknowledge(request);
  }

  lost(response: SipResponse | undefined): void {
    const words = response === undefined ? 'no answer' : `${response.status} ${response.reason}`;
    this.end({ by: 'remote', why: 'gone', reasons: [], words });
  }

  noAck(): void {
    if (this.#over) return;
    this.#sendBye('SIP;cause=408;text="no ACK"');
    this.end({ by: 'local', why: 'no-ack', reasons: [] });
  }

  end(event: EndedEvent): void {
    if (this.#over) return;
    this.drop();
    this.#host.over(event);
  }

  /** Forgets the dialog and stops its timers, without a word. */
  drop(): void {
    if (this.#over) return;
    this.#over = true;
    this.refresh.stop();
    this.offers.stop();
    this.#transfers.stop();
    this.core.removeDialog(this.#key);
  }

  #sendBye(reason: string | undefined): void {
    const headers: [string, string][] = reason === undefined ? [] : [['Reason', reason]];
    this.session.send({ method: 'BYE', headers, user: { response: () => {}, failed: () => {} } });
  }

  #wish() {
    const { timer } = this.refresh;
    const minimum = Math.min(SMALLEST_SESSION_EXPIRES, timer?.expires ?? SMALLEST_SESSION_EXPIRES);
    return timer === undefined ? undefined : { expires: timer.expires, minimum };
  }

  /** Refreshes the session now (RFC 4028 section 7.4): by UPDATE where the far side takes it, else by re-INVITE. */
  refreshNow(done: (outcome: OfferOutcome) => void): 'UPDATE' | 'INVITE' {
    if (this.#allowsUpdate || this.#lastDescription === undefined) {
      this.update(undefined, done);
      return 'UPDATE';
    }
    this.reinvite(this.#lastDescription, done);
    return 'INVITE';
  }

  #refreshNow(): void {
    this.refreshNow((outcome) => {
      if (outcome.accepted || this.#over) return;
      if (outcome.retry === undefined) {
        this.#expired();
        return;
      }
      const { least, most } = outcome.retry;
      this.core.endpoint.clock.after((least + most) / 2, () => {
        if (!this.#over) this.#refreshNow();
      });
    });
  }

  #expired(): void {
    if (this.#over) return;
    this.#sendBye('SIP;cause=408;text="Session expired"');
    this.end({ by: 'local', why: 'expired', reasons: [] });
  }

  #info(transaction: ServerTransaction): void {
    const { request } = transaction;
    const infoPackage = request.get('Info-Package');
    if (this.handlers.info === undefined) {
      transaction.respond(
        infoPackage === undefined ? 200 : 469,
        infoPackage === undefined ? undefined : 'Bad Info Package',
      );
      return;
    }
    const event: InfoEvent = {
      package: infoPackage,
      body: bodyOf(request),
      respond: (status, reason) => {
        if (transaction.isPending) transaction.respond(status, reason);
      },
      request,
    };
    this.handlers.info(event);
    if (transaction.isPending) transaction.respond(200);
  }
}
