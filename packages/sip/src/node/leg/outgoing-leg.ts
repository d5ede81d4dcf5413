import type { LazyDescription } from '@crosspoint/sdp';
import type { Signal } from '@crosspoint/signaling';
import { fromRefusal, toReasons } from '../../leg/end-reasons.ts';
import type { Call } from '../agent/call.ts';
import type { AcceptedEvent, ProvisionalEvent, RefusedEvent } from '../agent/call-events.ts';
import type { InviteOptions, OutgoingCall } from '../agent/outgoing-call.ts';
import type { SipAgent } from '../agent/sip-agent.ts';
import { SipLeg, type SipLegOptions } from './sip-leg.ts';

export interface OutgoingLegOptions extends SipLegOptions, Omit<InviteOptions, 'body' | 'handlers' | 'to'> {
  readonly agent: SipAgent;
  readonly to: string;
  /** Addresses of 3xx responses that are tried, all in all; 3 without it. Loops end there. */
  readonly redirects?: number;
  /** Whether an address that a 3xx gives may be called; without it none is: no call goes where nobody allowed it. */
  readonly mayRedirect?: (uri: string) => boolean;
}

/** A call that goes out by SIP: the callee's leg. The first Signal it takes becomes the INVITE: an offer, or that one is asked for. */
export class OutgoingSipLeg extends SipLeg {
  readonly party: string;
  readonly #leg: OutgoingLegOptions;
  #call: OutgoingCall | undefined;
  #offer: LazyDescription | undefined;
  /** Whose answer was passed on: the To-tag and the text. */
  #answered: { readonly tag: string; readonly text: string } | undefined;
  #redirects: number;
  #tried = new Set<string>();

  constructor(options: OutgoingLegOptions) {
    super(options);
    this.#leg = options;
    this.party = options.to;
    this.#redirects = options.redirects ?? 3;
  }

  protected get call(): OutgoingCall | undefined {
    return this.#call;
  }

  get sip(): Call | undefined {
    return this.#call;
  }

  send(signal: Signal): void {
    if (this.isOver) return;
    switch (signal.type) {
      case 'offer':
        if (this.#call !== undefined) return this.reoffer(signal.description);
        this.#offer = signal.description;
        return this.#invite(this.#leg.to);
      case 'ask-offer':
        return this.#call === undefined ? this.#invite(this.#leg.to) : this.askFarSide();
      case 'answer':
        this.answerOffer(signal.description);
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
        return this.hangUp(signal.reason);
      default:
        return;
    }
  }

  protected override hangUp(reason: Parameters<SipLeg['hangUp']>[0]): void {
    if (this.#call?.state === 'confirmed') return super.hangUp(reason);
    this.isOver = true;
    this.#call?.cancel(toReasons(reason).join(', '));
  }

  #invite(to: string): void {
    this.#tried.add(to);
    const {
      agent,
      clock: _clock,
      random: _random,
      onFinding: _found,
      transferTo: _to,
      consulted: _calls,
      ...invite
    } = this.#leg;
    this.#call = agent.invite({
      ...invite,
      to,
      ...(this.#offer === undefined ? {} : { body: this.body(this.#offer) }),
      handlers: {
        ...this.dialogHandlers,
        provisional: (event) => this.#provisional(event),
        accepted: (event) => this.#accepted(event),
        refused: (event) => this.#refused(event),
      },
    });
  }

  #provisional(event: ProvisionalEvent): void {
    this.learn(event.response);
    this.flushCandidates();
    const description = this.description(event.response);
    if (description === undefined) {
      if (event.status === 180) this.tell({ type: 'ringing' });
      return;
    }
    // At most one provisional description goes across: a browser can take one, and other forks have theirs. An offer has
    // to be acknowledged.
    if (this.#answered !== undefined || (this.#offer === undefined && !event.reliable)) return event.prack();
    this.#answered = { tag: event.tag, text: description.text };
    if (this.#offer === undefined) this.askHub(description, (answer) => event.prack(answer));
    else this.tell({ type: 'answer', description });
  }

  #accepted(event: AcceptedEvent): void {
    this.learn(event.response);
    this.flushCandidates();
    const description = this.description(event.response);
    const early = this.#answered;
    if (description === undefined && early === undefined) {
      this.#call?.bye('SIP;cause=488;text="No answer in the 200"');
      this.tell({
        type: 'end',
        reason: { code: 'not-acceptable', text: 'the 200 brought no description that can be read' },
      });
      return;
    }
    if (early !== undefined) event.ack();
    else if (this.#offer === undefined) this.askHub(description!, (answer) => event.ack(answer));
    else this.tell({ type: 'answer', description: description! });
    this.tell({ type: 'accepted' });
    // Another fork answered than the one whose early media was heard: it is asked for an offer, since the first side
    // has had its one answer (RFC 3264 section 4, RFC 3960 section 3.1).
    if (early !== undefined && description !== undefined && early.tag !== event.tag) this.askFarSide();
  }

  #refused(event: RefusedEvent): void {
    const next = event.status < 400 ? this.#nextContact(event) : undefined;
    if (next !== undefined) {
      this.#redirects--;
      this.#answered = undefined;
      this.#invite(next);
      return;
    }
    this.tell({ type: 'end', reason: fromRefusal(event.status, event.reason, event.reasons) });
  }

  #nextContact(event: RefusedEvent): string | undefined {
    if (this.#redirects <= 0 || this.isOver) return undefined;
    return event.contacts
      .map(({ uri }) => uri)
      .find((uri) => !this.#tried.has(uri) && this.#leg.mayRedirect?.(uri) === true);
  }
}
