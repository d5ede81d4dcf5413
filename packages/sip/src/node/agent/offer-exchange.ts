import { bodyHeaders, bodyOf, type SipBody } from '../../agent/body.ts';
import { glareRetryRange, refuseOffer } from '../../agent/glare.ts';
import {
  acceptedSessionTimer,
  answerSessionTimer,
  type SessionTimer,
  type SessionTimerWish,
  sessionTimerHeaders,
  writeSessionExpires,
} from '../../agent/session-timer.ts';
import type { SipRequest, SipResponse } from '../../message/message.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import { AcceptWait } from './accept-wait.ts';
import { type AgentCore, optionTags } from './agent-core.ts';
import type { AuthenticatedRequest } from './authenticated-request.ts';
import type { CallHandlers, Outcome } from './call-events.ts';
import type { DialogSession } from './dialog-session.ts';

/** How a re-INVITE or UPDATE of ours fared. */
export interface OfferOutcome extends Outcome {
  readonly accepted: boolean;
  /** After 491: when it may be tried again, in milliseconds; the moment in between is the caller's to draw. */
  readonly retry?: { readonly least: number; readonly most: number };
  /** Needed after a re-INVITE without an offer: the answer to the offer that came. */
  ack(body?: SipBody): void;
}

export interface OfferExchangeHost {
  readonly core: AgentCore;
  readonly session: DialogSession;
  readonly handlers: CallHandlers;
  /** The session timer that a request or response set. */
  timed(timer: SessionTimer | undefined, role: 'uac' | 'uas'): void;
  /** A 408 or 481: the dialog is gone (RFC 3261 section 12.2.1.2). */
  lost(response: SipResponse | undefined): void;
  noAck(): void;
}

const NOT_SENT: Pick<Outcome, 'body' | 'response'> = { body: undefined, response: undefined };

/** Re-negotiation within a dialog, in both directions, one at a time (RFC 3261 section 14, RFC 3311). */
export class OfferExchange {
  readonly #host: OfferExchangeHost;
  #local: AuthenticatedRequest | undefined;
  #remote: ServerTransaction | undefined;
  #wait: AcceptWait | undefined;
  #acked: { readonly cseqNumber: number; readonly again: () => void } | undefined;
  /** Set while the first INVITE is under way, by whoever owns that. */
  isInviteOut = false;
  isInviteIn = false;

  constructor(host: OfferExchangeHost) {
    this.#host = host;
  }

  /** Whether an offer of ours may go now. */
  get isFree(): boolean {
    return (
      this.#local === undefined &&
      this.#remote === undefined &&
      (this.#wait === undefined || this.#wait.isOver)
    );
  }

  /** Sends a re-INVITE or UPDATE. Where another exchange is under way the outcome is 491, without a message. */
  send(
    method: 'INVITE' | 'UPDATE',
    body: SipBody | undefined,
    done: (outcome: OfferOutcome) => void,
    wish: SessionTimerWish | undefined,
  ): void {
    if (!this.isFree) {
      const retry = this.#retryRange();
      queueMicrotask(() =>
        done({ accepted: false, status: 491, reason: 'Request Pending', retry, ack: () => {}, ...NOT_SENT }),
      );
      return;
    }
    const { session } = this.#host;
    const headers: (readonly [string, string])[] = [];
    if (wish !== undefined) {
      headers.push(...sessionTimerHeaders(wish));
    }
    const sending: AuthenticatedRequest = session.send({
      method,
      body,
      headers,
      user: {
        response: (response, request) => this.#answered(response, request, body, done, wish),
        failed: (why) => {
          this.#local = undefined;
          const timeout = why === 'timeout';
          const reason = timeout ? 'Request Timeout' : 'Service Unavailable';
          done({ accepted: false, status: timeout ? 408 : 503, reason, ack: () => {}, ...NOT_SENT });
          this.#host.lost(undefined);
        },
      },
    });
    this.#local = sending;
  }

  /** Takes a re-INVITE or UPDATE of the far side. */
  receive(transaction: ServerTransaction): void {
    const { request } = transaction;
    const { core, session, handlers } = this.#host;
    const body = bodyOf(request);
    const isInvite = request.method === 'INVITE';
    // An UPDATE without a body only refreshes and collides with nothing.
    const offers = isInvite || body !== undefined;
    const waiting = this.#wait !== undefined && !this.#wait.isOver;
    const refusal = offers
      ? refuseOffer({
          localPending: this.#local !== undefined || (this.isInviteOut && isInvite),
          remotePending: this.#remote !== undefined || waiting || (this.isInviteIn && isInvite),
        })
      : undefined;
    if (refusal !== undefined) {
      const seconds = Number.parseInt(core.endpoint.tokens.random(1), 16) % 11;
      transaction.respond(
        refusal,
        undefined,
        refusal === 500 ? { headers: [['Retry-After', String(seconds)]] } : {},
      );
      return;
    }
    const answer = answerSessionTimer(timerRequest(request), core.sessionTimer);
    if (answer.type === 'too-small') {
      transaction.respond(422, undefined, { headers: [['Min-SE', String(answer.minimum)]] });
      return;
    }
    const timer = answer.type === 'timer' ? answer.timer : undefined;
    const accept = (own: SipBody | undefined) => {
      if (!transaction.isPending) return;
      this.#remote = undefined;
      session.refresh(request);
      const headers = [
        ['Contact', session.contact] as const,
        ...core.agentHeaders(request.method),
        ...timerHeaders(timer, answer.type === 'timer' && answer.require),
        ...bodyHeaders(own),
      ];
      const response = transaction.respond(
        200,
        undefined,
        own === undefined ? { headers } : { headers, body: own.bytes },
      );
      if (isInvite) {
        this.#wait = new AcceptWait(core.endpoint, transaction, response, 'accepted', () =>
          this.#host.noAck(),
        );
      }
      this.#host.timed(timer, 'uas');
    };
    if (!offers || (handlers.offered === undefined && body === undefined && !isInvite)) {
      accept(undefined);
      handlers.refreshed?.();
      return;
    }
    if (handlers.offered === undefined) {
      transaction.respond(488);
      return;
    }
    this.#remote = transaction;
    transaction.user = {
      cancelled: () => {
        this.#remote = undefined;
        transaction.respond(487);
      },
    };
    handlers.offered({
      method: isInvite ? 'INVITE' : 'UPDATE',
      body,
      accept,
      refuse: (status, reason, headers) => {
        if (!transaction.isPending) return;
        this.#remote = undefined;
        transaction.respond(status, reason, headers === undefined ? {} : { headers });
      },
      request,
    });
  }

  /** Takes the ACK of a 2xx to the far side's re-INVITE. */
  acknowledge(request: SipRequest): boolean {
    if (this.#wait === undefined || this.#wait.isOver) return false;
    this.#wait.stop();
    this.#wait = undefined;
    this.#host.handlers.acknowledged?.(bodyOf(request), true);
    return true;
  }

  stop(): void {
    this.#wait?.stop();
    this.#local?.abandon();
    if (this.#remote?.isPending === true) this.#remote.respond(487);
    this.#remote = undefined;
    this.#local = undefined;
  }

  #answered(
    response: SipResponse,
    request: SipRequest,
    offer: SipBody | undefined,
    done: (outcome: OfferOutcome) => void,
    wish: SessionTimerWish | undefined,
  ): void {
    const { session, handlers } = this.#host;
    const { status, reason } = response;
    if (status < 200) return;
    const cseqNumber = request.cseq.number;
    const isInvite = request.method === 'INVITE';
    if (status < 300 && isInvite && this.#local === undefined) {
      // The 2xx once more: our ACK was lost.
      if (this.#acked?.cseqNumber === cseqNumber) this.#acked.again();
      return;
    }
    this.#local = undefined;
    const body = bodyOf(response);
    if (status >= 300) {
      const retry = status === 491 ? { retry: this.#retryRange() } : {};
      done({ accepted: false, status, reason, body, response, ack: () => {}, ...retry });
      if (status === 408 || status === 481) this.#host.lost(response);
      return;
    }
    session.refresh(response);
    let isAcked = !isInvite;
    const ack = (answer?: SipBody) => {
      if (isAcked) return;
      isAcked = true;
      this.#acked = { cseqNumber, again: session.sendAck(cseqNumber, answer) };
    };
    if (offer !== undefined) ack();
    this.#host.timed(acceptedSessionTimer(response.get('Session-Expires'), wish), 'uac');
    done({ accepted: true, status, reason, body, response, ack });
    handlers.refreshed?.();
  }

  #retryRange(): { readonly least: number; readonly most: number } {
    return glareRetryRange(this.#host.session.dialog.role === 'uac');
  }
}

export function timerRequest(request: SipRequest): Parameters<typeof answerSessionTimer>[0] {
  return {
    sessionExpires: request.get('Session-Expires'),
    minSe: request.get('Min-SE'),
    supported: optionTags(request, 'Supported').includes('timer'),
  };
}

export function timerHeaders(
  timer: SessionTimer | undefined,
  require: boolean,
): readonly (readonly [string, string])[] {
  if (timer === undefined) return [];
  const headers: [string, string][] = [['Session-Expires', writeSessionExpires(timer)]];
  if (require) headers.push(['Require', 'timer']);
  return headers;
}
