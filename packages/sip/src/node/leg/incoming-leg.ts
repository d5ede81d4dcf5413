import type { LazyDescription } from '@crosspoint/sdp';
import type { Signal } from '@crosspoint/signaling';
import { fromReasons, toRefusal } from '../../leg/end-reasons.ts';
import type { Call } from '../agent/call.ts';
import type { IncomingCall } from '../agent/incoming-call.ts';
import { SipLeg, type SipLegOptions } from './sip-leg.ts';

/** A call that came by SIP: the caller's leg. Its first Signal is the offer of the INVITE. */
export class IncomingSipLeg extends SipLeg {
  readonly party: string;
  protected readonly call: IncomingCall;
  #held: LazyDescription | undefined;
  #early: { description: LazyDescription; isSent: boolean } | undefined;

  constructor(call: IncomingCall, options: SipLegOptions) {
    super(options);
    this.call = call;
    this.party = (call.assertedIdentities[0] ?? call.invite.from).uri;
    call.handle({
      ...this.dialogHandlers,
      acknowledged: () => this.#acknowledged(),
      cancelled: (reasons) => this.tell({ type: 'end', reason: fromReasons(reasons, 'cancelled') }),
    });
    const description = this.description(call.invite);
    if (description === undefined) {
      // An INVITE without an offer asks for the callee's: a browser that rings has not made one yet.
      const status = call.body === undefined ? 488 : 400;
      call.refuse(
        status,
        undefined,
        status === 488 ? [['Warning', '399 crosspoint "an offer is needed"']] : [],
      );
      this.tell({
        type: 'end',
        reason: { code: 'not-acceptable', text: 'the INVITE brought no offer that can be read' },
      });
      return;
    }
    this.learn(call.invite);
    this.tell({ type: 'offer', description });
  }

  /** The call, for its owner: who called, by which Request-URI, with which headers. */
  get invite(): IncomingCall['invite'] {
    return this.call.invite;
  }

  /** The dialog behind the leg, for what only SIP knows: attended transfer, statistics. */
  get sip(): Call {
    return this.call;
  }

  send(signal: Signal): void {
    if (this.isOver) return;
    switch (signal.type) {
      case 'ringing':
        if (this.#early === undefined) this.call.ring();
        return;
      case 'answer':
        if (this.call.state === 'ringing') this.#answerEarly(signal.description);
        else this.answerOffer(signal.description);
        return;
      case 'accepted':
        this.#accept();
        return;
      case 'offer':
        // Not before the INVITE's transaction is over, which the ACK says (RFC 3261 section 14.1).
        if (this.call.state === 'confirmed') return this.reoffer(signal.description);
        this.#held = signal.description;
        return;
      case 'refuse':
        return this.refuseOffer(signal.why, signal.text);
      case 'candidates':
        return this.candidates(signal.candidates);
      case 'dtmf':
        return this.digits(signal.digits, signal.durationMs);
      case 'transfer':
        return this.transfer(signal.target);
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

  /** An answer before the call is accepted is early media, by 183; one that is accepted at the same time goes in the 200. */
  #answerEarly(description: LazyDescription): void {
    const early = { description, isSent: false };
    this.#early = early;
    this.options.clock.after(0, () => {
      if (this.isOver || this.call.state !== 'ringing') return;
      early.isSent = true;
      this.call.progress(this.body(description), { status: 183, reliable: true });
      this.flushCandidates();
    });
  }

  #acknowledged(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined && !this.isOver) this.reoffer(held);
  }

  #accept(): void {
    if (this.call.state !== 'ringing') return;
    const early = this.#early;
    // Without reliable responses the answer stands in the 200 too (RFC 3261 section 13.2.1).
    this.call.accept(early === undefined ? undefined : this.body(early.description));
    this.flushCandidates();
  }
}
