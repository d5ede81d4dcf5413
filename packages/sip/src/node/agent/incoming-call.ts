import { bodyHeaders, bodyOf, type SipBody } from '../../agent/body.ts';
import { reasonsOf } from '../../agent/reason.ts';
import { answerSessionTimer } from '../../agent/session-timer.ts';
import { dialogFromRequest } from '../../dialog/dialog.ts';
import type { SipRequest } from '../../message/message.ts';
import type { NameAddr } from '../../message/name-addr.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import type { TrustedHop } from '../transport/trusted-hops.ts';
import { AcceptWait } from './accept-wait.ts';
import { type AgentCore, optionTags } from './agent-core.ts';
import { Call } from './call.ts';
import type { EndedEvent } from './call-events.ts';
import { CallSession } from './call-session.ts';
import { DialogSession } from './dialog-session.ts';
import { timerHeaders, timerRequest } from './offer-exchange.ts';
import { ReliableResponses } from './reliable-responses.ts';

/** Who brought a call, as far as that is proven: a next hop that is known, or a user who gave its password. */
export interface CallSource {
  readonly hop?: TrustedHop;
  readonly user?: string;
}

/** A call that somebody makes to us. */
export class IncomingCall extends Call {
  readonly direction = 'incoming';
  readonly invite: SipRequest;
  /** The offer; undefined where ours is asked for. */
  readonly body: SipBody | undefined;
  /** Who calls, as a trusted next hop asserts it (RFC 3325); empty where none does. */
  readonly assertedIdentities: readonly NameAddr[];
  /** The call of ours that this one is to take over (RFC 3891). It is hung up when this one is accepted. */
  readonly replaces: Call | undefined;
  /** Empty for a stranger. What From, Via and the others say is no proof. */
  readonly source: CallSource;
  readonly #transaction: ServerTransaction;
  readonly #session: CallSession;
  readonly #reliable: ReliableResponses;
  #wait: AcceptWait | undefined;
  #state: 'ringing' | 'accepted' | 'confirmed' | 'over' = 'ringing';
  #hangUpReason: { readonly reason: string | undefined } | undefined;

  constructor(
    core: AgentCore,
    transaction: ServerTransaction,
    assertedIdentities: readonly NameAddr[],
    replaces: Call | undefined,
    source: CallSource,
  ) {
    super(core);
    const { request } = transaction;
    this.invite = request;
    this.body = bodyOf(request);
    this.assertedIdentities = assertedIdentities;
    this.replaces = replaces;
    this.source = source;
    this.#transaction = transaction;
    const dialog = dialogFromRequest(request, transaction.tag, 'early')!;
    const contact = core.contactOver(transaction.flow);
    const session = new DialogSession(core, dialog, core.newAuth(undefined), contact, transaction.flow);
    this.#session = new CallSession(this, session);
    this.#session.learn(request);
    this.#session.offers.isInviteIn = true;
    this.#reliable = new ReliableResponses(core, transaction, this.body !== undefined, () =>
      this.refuse(504),
    );
    transaction.user = {
      cancelled: (cancel) => {
        if (this.#state !== 'ringing') return;
        transaction.respond(487);
        this.#finish();
        this.handlers.cancelled?.(reasonsOf(cancel));
      },
    };
  }

  get state(): 'ringing' | 'accepted' | 'confirmed' | 'over' {
    return this.#state;
  }

  get callId(): string {
    return this.#session.session.dialog.callId;
  }

  /** Whether the caller takes reliable provisional responses. */
  get takesReliable(): boolean {
    return this.requiresReliable || optionTags(this.invite, 'Supported').includes('100rel');
  }

  /** Whether the caller insists on reliable provisional responses. */
  get requiresReliable(): boolean {
    return optionTags(this.invite, 'Require').includes('100rel');
  }

  protected override get current(): CallSession | undefined {
    return this.#session;
  }

  /** 180 Ringing. */
  ring(): void {
    this.progress(undefined, { status: 180 });
  }

  /**
   * A provisional response, with a body by 183 where no status is given. `reliable` sends it with PRACK where the
   * caller takes that, and it is always so where the caller requires it.
   */
  progress(
    body: SipBody | undefined,
    options: { readonly status?: number; readonly reason?: string; readonly reliable?: boolean } = {},
  ): void {
    if (this.#state !== 'ringing' || !this.#transaction.isPending) return;
    const { status = 183, reason } = options;
    const headers = [
      ['Contact', this.#session.session.contact] as const,
      ...this.core.agentHeaders('INVITE'),
    ];
    if ((options.reliable === true && this.takesReliable) || this.requiresReliable) {
      this.#reliable.send(status, reason, headers, body);
      return;
    }
    const all = [...headers, ...bodyHeaders(body)];
    this.#transaction.respond(
      status,
      reason,
      body === undefined ? { headers: all } : { headers: all, body: body.bytes },
    );
  }

  /** 200 OK; it waits where a reliable provisional response with a body is not yet acknowledged (RFC 3262 section 3). */
  accept(body?: SipBody): void {
    if (this.#state !== 'ringing' || !this.#transaction.isPending) return;
    if (this.#reliable.isDescriptionOut) {
      this.#reliable.whenAcknowledged(() => this.accept(body));
      return;
    }
    const answer = answerSessionTimer(timerRequest(this.invite), this.core.sessionTimer);
    const timer = answer.type === 'timer' ? answer.timer : undefined;
    const headers = [
      ['Contact', this.#session.session.contact] as const,
      ...this.core.agentHeaders('INVITE'),
      ...timerHeaders(timer, answer.type === 'timer' && answer.require),
      ...bodyHeaders(body),
    ];
    this.#state = 'accepted';
    this.#reliable.stop();
    const { session } = this.#session;
    session.set({ ...session.dialog, state: 'confirmed' });
    this.#session.described(body);
    this.#session.offers.isInviteIn = false;
    const response = this.#transaction.respond(
      200,
      undefined,
      body === undefined ? { headers } : { headers, body: body.bytes },
    );
    this.#wait = new AcceptWait(this.core.endpoint, this.#transaction, response, 'accepted', () =>
      this.#session.noAck(),
    );
    this.#session.timed(timer, 'uas');
    this.replaces?.takenOver();
  }

  /** A final response of 300-699: there is no call. */
  refuse(status: number, reason?: string, headers: readonly (readonly [string, string])[] = []): void {
    if (this.#state !== 'ringing' || !this.#transaction.isPending) return;
    this.#transaction.respond(status, reason, { headers });
    this.#finish();
  }

  /** Hangs up, or refuses with 480 where the call was not accepted. A BYE waits for the ACK (RFC 3261 section 15). */
  override bye(reason?: string): void {
    if (this.#state === 'ringing') {
      this.refuse(480, undefined, reason === undefined ? [] : [['Reason', reason]]);
    } else if (this.#state === 'accepted') this.#hangUpReason ??= { reason };
    else this.#session.bye(reason);
  }

  acknowledged(request: SipRequest): boolean {
    if (this.#wait === undefined || this.#wait.isOver || request.cseq.number !== this.invite.cseq.number)
      return false;
    this.#wait.stop();
    this.#wait = undefined;
    if (this.#state === 'accepted') this.#state = 'confirmed';
    this.handlers.acknowledged?.(bodyOf(request), false);
    if (this.#hangUpReason !== undefined) this.#session.bye(this.#hangUpReason.reason);
    return true;
  }

  pracked(transaction: ServerTransaction): void {
    this.#reliable.pracked(transaction, this.handlers);
  }

  over(event: EndedEvent): void {
    if (this.#state === 'over') return;
    const wasRinging = this.#state === 'ringing';
    // A BYE in an early dialog ends the INVITE too (RFC 3261 section 15.1.2).
    if (wasRinging && this.#transaction.isPending) this.#transaction.respond(487);
    this.#finish();
    if (wasRinging) this.handlers.cancelled?.(event.reasons);
    else this.handlers.ended?.(event);
  }

  #finish(): void {
    this.#state = 'over';
    this.#wait?.stop();
    this.#reliable.stop();
    this.#session.drop();
  }
}
