import type { LazyDescription } from '@crosspoint/sdp';
import type { Signal } from '@crosspoint/signaling';
import type { SipBody } from '../../agent/body.ts';
import { fromReasons, toReasons, toRefusal } from '../../leg/end-reasons.ts';
import type { Call } from '../agent/call.ts';
import type { IncomingCall } from '../agent/incoming-call.ts';
import { SipLeg, type SipLegOptions } from './sip-leg.ts';

/** A call that came by SIP: the caller's leg. Its first Signal is the offer of the INVITE, or asks for one. */
export class IncomingSipLeg extends SipLeg {
  readonly party: string;
  protected readonly call: IncomingCall;
  #held: LazyDescription | undefined;
  #early: { description: LazyDescription; isSent: boolean } | undefined;
  /** The INVITE brought no offer: ours goes in a reliable 18x or the 200 (RFC 3261 section 13.2.1). */
  readonly #isLate: boolean;
  #isAccepted = false;

  constructor(call: IncomingCall, options: SipLegOptions) {
    super(options);
    this.call = call;
    this.party = (call.assertedIdentities[0] ?? call.invite.from).uri;
    call.handle({
      ...this.dialogHandlers,
      acknowledged: (body, reinvite) => this.#acknowledged(body, reinvite),
      prack: ({ body, isOffer, refuse }) => (isOffer ? refuse(488) : this.#answered(body)),
      cancelled: (reasons) => this.tell({ type: 'end', reason: fromReasons(reasons, 'cancelled') }),
    });
    this.#isLate = call.body === undefined;
    const description = this.description(call.invite);
    if (description === undefined && !this.#isLate) {
      call.refuse(400);
      this.tell({
        type: 'end',
        reason: { code: 'not-acceptable', text: 'the INVITE brought no offer that can be read' },
      });
      return;
    }
    this.learn(call.invite);
    this.tell(description === undefined ? { type: 'ask-offer' } : { type: 'offer', description });
  }

  /** The call, for its owner: who called, by which Request-URI, with which headers. */
  get invite(): IncomingCall['invite'] {
    return this.call.invite;
  }

  get sip(): Call {
    return this.call;
  }

  send(signal: Signal): void {
    if (this.isOver) return;
    switch (signal.type) {
      case 'ringing':
        // A caller that insists on reliable responses wants the offer in the first of them (RFC 3262 section 5).
        if (this.#early === undefined && !(this.#isLate && this.call.requiresReliable)) this.call.ring();
        return;
      case 'ask-offer':
        return this.askFarSide();
      case 'answer':
        if (this.call.state === 'ringing') this.#describeEarly(signal.description);
        else this.answerOffer(signal.description);
        return;
      case 'accepted':
        this.#accept();
        return;
      case 'offer':
        // Not before the INVITE's transaction is over, which the ACK says (RFC 3261 section 14.1).
        if (this.call.state === 'confirmed') return this.reoffer(signal.description);
        if (this.#isLate && this.call.state === 'ringing') return this.#describeEarly(signal.description);
        this.#held = signal.description;
        return;
      case 'refuse':
        return this.refuseOffer(signal.why, signal.text);
      case 'candidates':
        return this.candidates(signal.candidates);
      case 'dtmf':
        return this.digits(signal.digits, signal.durationMs);
      case 'transfer':
        return this.transfers.send(signal, this.party);
      case 'transferred':
        return this.transfers.report(signal.reason);
      case 'end':
        if (this.call.state !== 'ringing') return this.hangUp(signal.reason);
        this.isOver = true;
        this.#refuse(toRefusal(signal.reason));
    }
  }

  #refuse({ status, phrase, reasons }: ReturnType<typeof toRefusal>): void {
    this.call.refuse(
      status,
      phrase,
      reasons.map((reason) => ['Reason', reason] as const),
    );
  }

  /**
   * A description before the call is accepted is early media, by 183; one that is accepted at the same time goes in the
   * 200, and so does an offer that nobody would acknowledge.
   */
  #describeEarly(description: LazyDescription): void {
    const early = { description, isSent: false };
    this.#early = early;
    if (this.#isAccepted) return this.#accept();
    if (this.#isLate && !this.call.takesReliable) return;
    this.options.clock.after(0, () => {
      if (this.isOver || this.call.state !== 'ringing') return;
      early.isSent = true;
      this.call.progress(this.body(description), { status: 183, reliable: true });
      this.flushCandidates();
    });
  }

  #acknowledged(body: SipBody | undefined, reinvite: boolean): void {
    if (reinvite) this.answeredInAck(body);
    // The 200 brought our offer where no 18x had.
    else if (this.#isLate && this.#early?.isSent === false) this.#answered(body);
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined && !this.isOver) this.reoffer(held);
  }

  /** What PRACK or ACK says to our offer. */
  #answered(body: SipBody | undefined): void {
    const description = this.readBody(body);
    if (description !== undefined) return this.tell({ type: 'answer', description });
    const reason = { code: 'not-acceptable', text: 'the offer that was asked for got no answer' } as const;
    this.tell({ type: 'end', reason });
    this.call.bye(toReasons(reason).join(', '));
  }

  #accept(): void {
    if (this.call.state !== 'ringing') return;
    this.#isAccepted = true;
    const early = this.#early;
    // A 200 without an offer would be the end of an INVITE without one.
    if (this.#isLate && early === undefined) return;
    // An answer stands in the 200 too, without reliable responses (RFC 3261 section 13.2.1); an offer goes once.
    const isDone = early === undefined || (this.#isLate && early.isSent);
    this.call.accept(isDone ? undefined : this.body(early.description));
    this.flushCandidates();
  }
}
