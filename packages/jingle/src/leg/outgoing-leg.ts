import type { LazyDescription } from '@crosspoint/sdp';
import type { Signal } from '@crosspoint/signaling';
import type { JingleStanza } from '../stanza/jingle-stanza.ts';
import { fromIqError, fromReason, toReason } from './end-reasons.ts';
import { outgoingCall } from './jingle-call.ts';
import type { OwnProposal } from './jingle-endpoint.ts';
import { JingleLeg, type JingleLegOptions } from './jingle-leg.ts';

export interface OutgoingJingleLegOptions extends JingleLegOptions {
  /** Our full JID. */
  readonly from: string;
  /** A full JID is called at once; to all devices of an account the call is proposed first (XEP-0353). */
  readonly to: string;
  /** The session's identifier: unguessable, an NMTOKEN; made by the endpoint without it. */
  readonly sid?: string;
}

/** A call that goes out by Jingle: the callee's leg. The first Signal it takes is the offer. */
export class OutgoingJingleLeg extends JingleLeg {
  readonly party: string;
  readonly #leg: OutgoingJingleLegOptions;
  readonly #sid: string;
  #offer: LazyDescription | undefined;
  #proposal: OwnProposal | undefined;

  constructor(options: OutgoingJingleLegOptions) {
    const sid = options.sid ?? options.endpoint.options.newId();
    super(options, 'initiator', sid);
    this.#sid = sid;
    this.#leg = options;
    this.party = options.to;
  }

  send(signal: Signal): void {
    if (this.isOver) return;
    if (signal.type === 'offer' && this.#offer === undefined) return this.#place(signal.description);
    if (signal.type === 'ask-offer' && this.#offer === undefined) {
      // The initiator offers, in Jingle (XEP-0166 section 6.2): there is no session-initiate without contents.
      const text = 'a Jingle session begins with an offer';
      return this.tell({ type: 'end', reason: { code: 'not-acceptable', text } });
    }
    if (signal.type === 'end' && this.call === undefined) {
      this.isOver = true;
      this.#proposal?.end(toReason(signal.reason));
      return;
    }
    this.within(signal);
  }

  #place(description: LazyDescription): void {
    this.#offer = description;
    const { endpoint, from, to } = this.#leg;
    if (to.includes('/')) return this.#initiate(to);
    const media = new Set<string>();
    for (let index = 0; index < description.mediaCount; index++)
      media.add(description.mediaLine(index).media);
    media.delete('application');
    this.#proposal = endpoint.propose(this.#sid, from, to, [...media], {
      ringing: () => this.rung(),
      initiate: (device) => this.#initiate(device),
      over: (reason) => this.#over(fromReason(reason, 'declined')),
      failed: (error) => this.#over(fromIqError(error)),
    });
  }

  /** The talk before the session came to nothing; once there is a session, that is what counts. */
  #over(reason: ReturnType<typeof fromReason>): void {
    if (this.call === undefined && !this.isOver) this.tell({ type: 'end', reason });
  }

  #initiate(device: string): void {
    if (this.isOver) return;
    const { endpoint, from } = this.#leg;
    const own = this.contents(this.#offer!);
    this.own = own;
    for (const { mid, key, senders } of own.contents) this.book.addOwn(mid, key, senders);
    this.remoteOffers.follow(this.#offer!);
    const keys = own.contents.map(({ key }) => ({ ...key, senders: undefined }));
    const call = outgoingCall(endpoint, from, device, this.#sid, keys);
    endpoint.add(call);
    this.take(call);
    call.initiate({ contents: own.contents.map(({ element }) => element), groups: own.groups });
    this.flushCandidates();
  }

  protected override told(stanza: JingleStanza): void {
    if (stanza.action === 'session-accept') this.#accepted(stanza);
    else super.told(stanza);
  }

  #accepted(stanza: JingleStanza): void {
    const refusal = this.refusalOf(stanza.contents);
    if (refusal !== undefined) {
      this.tell({ type: 'end', reason: fromReason(refusal, 'not-acceptable') });
      this.call!.act('session-terminate', {}, refusal);
      this.options.endpoint.finish(this.#sid, refusal);
      return;
    }
    this.book.learn(stanza.contents, stanza.groups);
    this.tell({ type: 'answer', description: this.describe('answer', this.#offer) });
    this.tell({ type: 'accepted' });
  }
}
