import { IceError } from '@crosspoint/ice';
import { type LazyDescription, open, SdpError } from '@crosspoint/sdp';
import type { EndReason, Leg, Signal, TrickledCandidate } from '@crosspoint/signaling';
import { isDescription, type SipBody } from '../../agent/body.ts';
import { fromReasons, toReasons } from '../../leg/end-reasons.ts';
import { fromFragment, toFragment } from '../../leg/trickle.ts';
import type { SipMessage } from '../../message/message.ts';
import { bodyOfType } from '../../message/multipart.ts';
import type { Call } from '../agent/call.ts';
import type { CallHandlers, EndedEvent, InfoEvent, OfferEvent } from '../agent/call-events.ts';
import type { OfferOutcome } from '../agent/offer-exchange.ts';
import type { ClockHandle, SipClock } from '../clock.ts';
import { LegTransfers, type TransferOptions } from './leg-transfers.ts';

/** A body that the far side sent and that cannot be read: the call goes on or is refused, and this is told. */
export interface LegFinding {
  readonly code: 'bad-description' | 'bad-candidates' | 'bad-dtmf';
  readonly words: string;
  readonly clause: string | undefined;
}

export interface SipLegOptions extends TransferOptions {
  readonly clock: SipClock;
  /** Between 0 and 1: the moment at which a collision is tried again is drawn with it. */
  readonly random: () => number;
  /** Must not throw. */
  readonly onFinding?: (finding: LegFinding) => void;
}

const SDP = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';
/** How long the offer that the far side asks for may take; then it gets ours as it was agreed. In milliseconds. */
const ASKED_MS = 4000;
/** Times that an offer which collided is tried again before the far side of the hub is told. */
const GLARE_TRIES = 4;

/** What both directions of a SIP leg share: Signals on one hand, one dialog's messages on the other. */
export abstract class SipLeg implements Leg {
  readonly protocol = 'sip';
  abstract readonly party: string;
  protected readonly options: SipLegOptions;
  #receive: ((signal: Signal) => void) | undefined;
  #early: Signal[] = [];
  #remoteOffer: Pick<OfferEvent, 'accept' | 'refuse'> | undefined;
  /** A re-INVITE without an offer: the hub's other side is asked for its one. */
  #asked: { readonly event: OfferEvent; readonly timer: ClockHandle } | undefined;
  /** The 200 to a re-INVITE brought an offer of the hub's other side: its answer comes in the ACK. */
  #awaitsAck = false;
  #ownOffer: { readonly description: LazyDescription; tries: number } | undefined;
  /** Our last description: candidates belong to it, and a far side that asks for our offer gets it. */
  protected local: LazyDescription | undefined;
  protected readonly transfers: LegTransfers;
  #waiting: TrickledCandidate[] = [];
  #trickles = false;
  protected isOver = false;

  constructor(options: SipLegOptions) {
    this.options = options;
    this.transfers = new LegTransfers(
      options,
      () => this.call,
      (signal) => this.tell(signal),
    );
  }

  protected abstract get call(): Call | undefined;

  attach(receive: (signal: Signal) => void): void {
    this.#receive = receive;
    const early = this.#early;
    this.#early = [];
    for (const signal of early) receive(signal);
  }

  /** Never: a dialog that is gone without a BYE ends with a reason, as any other. */
  whenLost(_lost: () => void): void {}

  /** The dialog behind the leg, for what only SIP knows: attended transfer, statistics. */
  abstract get sip(): Call | undefined;

  abstract send(signal: Signal): void;

  protected tell(signal: Signal): void {
    if (this.isOver && signal.type !== 'end') return;
    if (signal.type === 'end') this.isOver = true;
    if (this.#receive !== undefined) this.#receive(signal);
    else this.#early.push(signal);
  }

  protected finding(code: LegFinding['code'], error: unknown): void {
    const clause = error instanceof SdpError || error instanceof IceError ? error.clause : undefined;
    const words = error instanceof Error ? error.message : String(error);
    this.options.onFinding?.({ code, words, clause });
  }

  protected body(description: LazyDescription): SipBody {
    this.local = description;
    return { type: SDP, bytes: new TextEncoder().encode(description.text) };
  }

  /** The description that a message carries; undefined where there is none or it cannot be read, which is a finding. */
  protected description(message: SipMessage | undefined): LazyDescription | undefined {
    if (message === undefined || message.body.length === 0) return undefined;
    return this.#opened(() => bodyOfType(message, SDP));
  }

  /** The description of a body that stands for itself: of an ACK or a PRACK. */
  protected readBody(body: SipBody | undefined): LazyDescription | undefined {
    return this.#opened(() => (/^\s*application\/sdp/i.test(body?.type ?? '') ? body?.bytes : undefined));
  }

  #opened(find: () => Uint8Array | undefined): LazyDescription | undefined {
    try {
      const bytes = find();
      return bytes === undefined ? undefined : open(new TextDecoder().decode(bytes));
    } catch (error) {
      this.finding('bad-description', error);
      return undefined;
    }
  }

  /** What the far side says of trickling (RFC 8840 section 4.1). */
  protected learn(message: SipMessage): void {
    const says = (name: string): boolean =>
      message.getAll(name).some((value) => /\btrickle-ice\b/i.test(value));
    if (!this.#trickles && says('Recv-Info') && says('Supported')) {
      this.#trickles = true;
      this.flushCandidates();
    }
  }

  protected candidates(candidates: readonly TrickledCandidate[]): void {
    this.#waiting.push(...candidates);
    this.flushCandidates();
  }

  /** Candidates go once there is a dialog, and a far side in it that takes them. */
  protected flushCandidates(): void {
    if (!this.#trickles || this.#waiting.length === 0 || this.local === undefined) return;
    if (this.call?.dialog === undefined) return;
    const fragment = toFragment(this.#waiting.splice(0), this.local);
    if (fragment === undefined) return;
    const bytes = new TextEncoder().encode(fragment);
    this.call.info({ type: FRAGMENT, bytes, disposition: 'Info-Package' }, 'trickle-ice');
  }

  protected digits(digits: string, durationMs: number): void {
    for (const digit of digits) {
      const bytes = new TextEncoder().encode(`Signal=${digit}\r\nDuration=${durationMs}\r\n`);
      this.call?.info({ type: 'application/dtmf-relay', bytes });
    }
  }

  /** Asks the far side to call somebody else; once it has, this call is over (RFC 5589 section 6.1). */
  /** Offers anew. A collision is tried again after the time that RFC 3261 section 14.1 gives this side. */
  protected reoffer(description: LazyDescription): void {
    if (this.#asked !== undefined) return this.#offerAsked(description);
    // Whoever offers while the far side's offer is out does not answer that one: SIP takes one at a time.
    this.refuseOffer('glare', undefined);
    const own = { description, tries: 0 };
    this.#ownOffer = own;
    this.#offerNow(own);
  }

  #offerNow(own: { readonly description: LazyDescription; tries: number }): void {
    own.tries++;
    this.call?.reinvite(this.body(own.description), (outcome) => this.#offered(own, outcome));
  }

  #offered(own: { readonly description: LazyDescription; tries: number }, outcome: OfferOutcome): void {
    if (this.#ownOffer !== own || this.isOver) return;
    if (outcome.retry !== undefined && own.tries < GLARE_TRIES) {
      const { least, most } = outcome.retry;
      this.options.clock.after(least + this.options.random() * (most - least), () => {
        if (this.#ownOffer === own && !this.isOver) this.#offerNow(own);
      });
      return;
    }
    this.#ownOffer = undefined;
    const description = outcome.accepted ? this.description(outcome.response) : undefined;
    if (description !== undefined) this.tell({ type: 'answer', description });
    else if (outcome.status === 491) this.tell({ type: 'refuse', why: 'glare' });
    else {
      const text = outcome.accepted
        ? 'the answer brought no description'
        : `${outcome.status} ${outcome.reason}`;
      this.tell({ type: 'refuse', why: 'not-acceptable', text });
    }
  }

  /** The hub's answer to the far side's offer. False where none is out. */
  protected answerOffer(description: LazyDescription): boolean {
    const offer = this.#remoteOffer;
    if (offer === undefined) return false;
    this.#remoteOffer = undefined;
    offer.accept(this.body(description));
    return true;
  }

  protected refuseOffer(why: 'glare' | 'not-acceptable', text: string | undefined): void {
    const offer = this.#remoteOffer;
    this.#remoteOffer = undefined;
    const words = text?.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
    if (why === 'glare') offer?.refuse(491);
    else
      offer?.refuse(
        488,
        undefined,
        words === undefined ? [] : [['Warning', `399 crosspoint "${words.replace(/["\\]/g, "'")}"`]],
      );
  }

  /** What both kinds of call tell once they have a dialog. */
  protected get dialogHandlers(): CallHandlers {
    return {
      offered: (event) => this.#offeredByFarSide(event),
      acknowledged: (body, reinvite) => {
        if (reinvite) this.answeredInAck(body);
      },
      info: (event) => this.#info(event),
      refer: (event) => this.transfers.receive(event),
      ended: (event) => this.#ended(event),
    };
  }

  #offeredByFarSide(event: OfferEvent): void {
    this.learn(event.request);
    if (event.body === undefined) {
      // Our offer is asked for: a refresh, or a third party that controls the call.
      const timer = this.options.clock.after(ASKED_MS, () => this.#offerAgreed());
      this.#asked = { event, timer };
      return this.tell({ type: 'ask-offer' });
    }
    const description = this.description(event.request);
    if (description === undefined) {
      event.refuse(isDescription(event.body) ? 400 : 415);
      return;
    }
    if (this.#ownOffer !== undefined) {
      // Ours collided and waits for its turn: theirs goes first, and ours is given back.
      this.#ownOffer = undefined;
      this.tell({ type: 'refuse', why: 'glare' });
    }
    this.#remoteOffer = event;
    this.tell({ type: 'offer', description });
  }

  #takeAsked(): OfferEvent | undefined {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked !== undefined) this.options.clock.cancel(asked.timer);
    return asked?.event;
  }

  /** The offer that was asked for; the answer comes in the ACK (RFC 3261 section 14.2). */
  #offerAsked(description: LazyDescription): void {
    this.#awaitsAck = true;
    this.#takeAsked()?.accept(this.body(description));
  }

  /** Nobody makes an offer: what was agreed last stands. */
  #offerAgreed(): void {
    const event = this.#takeAsked();
    if (this.local === undefined) event?.refuse(488);
    else event?.accept(this.body(this.local));
  }

  /** The ACK of the far side's re-INVITE. */
  protected answeredInAck(body: SipBody | undefined): void {
    if (!this.#awaitsAck) return;
    this.#awaitsAck = false;
    const description = this.readBody(body);
    if (description !== undefined) this.tell({ type: 'answer', description });
    else this.tell({ type: 'refuse', why: 'not-acceptable', text: 'the ACK brought no answer' });
  }

  /** The hub's other side asks for the far side's offer: a re-INVITE without one. */
  protected askFarSide(): void {
    this.call?.reinvite(undefined, (outcome) => {
      const description = outcome.accepted ? this.description(outcome.response) : undefined;
      if (description === undefined) outcome.ack();
      else this.askHub(description, (answer) => outcome.ack(answer));
    });
  }

  /** An offer of the far side that came otherwise than by its own request: the answer goes to `answer`. */
  protected askHub(description: LazyDescription, answer: (body?: SipBody) => void): void {
    this.#remoteOffer = { accept: answer, refuse: () => answer() };
    this.tell({ type: 'offer', description });
  }

  #info(event: InfoEvent): void {
    const type = event.body?.type.toLowerCase() ?? '';
    const text = event.body === undefined ? '' : new TextDecoder().decode(event.body.bytes);
    if (type.startsWith(FRAGMENT)) {
      try {
        this.tell({ type: 'candidates', candidates: fromFragment(text) });
      } catch (error) {
        this.finding('bad-candidates', error);
        event.respond(400, 'Bad candidates');
      }
    } else if (type.startsWith('application/dtmf-relay')) {
      const digit = /^signal\s*=\s*([0-9*#a-d])\s*$/im.exec(text)?.[1];
      const duration = Number(/^duration\s*=\s*(\d{1,5})\s*$/im.exec(text)?.[1] ?? 160);
      if (digit === undefined) {
        this.finding('bad-dtmf', new Error('an INFO of DTMF without a digit'));
        event.respond(400, 'No digit');
      } else this.tell({ type: 'dtmf', digits: digit.toUpperCase(), durationMs: duration });
    } else if (event.package !== undefined) event.respond(469, 'Bad Info Package');
    else if (event.body !== undefined) event.respond(415);
  }

  #ended({ why, reasons, by, words }: EndedEvent): void {
    this.#takeAsked();
    if (by === 'local' && why === 'bye') return;
    this.tell({ type: 'end', reason: endOf(why, reasons, words) });
  }

  /** Refreshes the session before its time (RFC 4028 section 7.4), and tells how the far side took it. */
  refresh(): Promise<{ readonly accepted: boolean; readonly status: number; readonly method: string }> {
    return new Promise((resolve) => {
      const none = { accepted: false, status: 481, method: 'INVITE' };
      if (this.call === undefined) resolve(none);
      else this.call.refresh(({ accepted, status }, method) => resolve({ accepted, status, method }));
    });
  }

  protected hangUp(reason: EndReason): void {
    this.isOver = true;
    this.#takeAsked();
    this.call?.bye(toReasons(reason).join(', '));
  }
}

function endOf(why: EndedEvent['why'], reasons: EndedEvent['reasons'], words: string | undefined): EndReason {
  switch (why) {
    case 'expired':
      return { code: 'expired', text: 'the session timer ran out' };
    case 'no-ack':
      return { code: 'protocol-error', text: 'the answer was never acknowledged' };
    case 'gone':
      return { code: 'unavailable', text: `the far side is gone: ${words ?? 'no answer'}` };
    default:
      return fromReasons(reasons, 'normal');
  }
}
