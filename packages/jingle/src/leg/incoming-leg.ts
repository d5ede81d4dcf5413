import type { LazyDescription } from '@crosspoint/sdp';
import type { Signal } from '@crosspoint/signaling';
import type { JingleStanza } from '../stanza/jingle-stanza.ts';
import { writeSessionInfo } from '../stanza/session-info.ts';
import { bareContent } from './change-plan.ts';
import { fromReason } from './end-reasons.ts';
import type { JingleCall } from './jingle-call.ts';
import { JingleLeg, type JingleLegOptions } from './jingle-leg.ts';

/** A call that came by Jingle: the caller's leg. Its first Signal is the offer of the session-initiate. */
export class IncomingJingleLeg extends JingleLeg {
  readonly party: string;
  /** Whom of ours the caller called. */
  readonly called: string;
  #offer: LazyDescription | undefined;
  #answer: LazyDescription | undefined;

  constructor(call: JingleCall, stanza: JingleStanza, options: JingleLegOptions) {
    super(options, 'responder', stanza.sid);
    this.party = call.peer;
    this.called = call.self;
    this.take(call);
    const refusal = this.refusalOf(stanza.contents);
    if (refusal !== undefined) {
      this.tell({ type: 'end', reason: fromReason(refusal, 'not-acceptable') });
      call.act('session-terminate', {}, refusal);
      options.endpoint.finish(stanza.sid, refusal);
      return;
    }
    this.book.learn(stanza.contents, stanza.groups);
    this.#offer = this.describe('offer', undefined);
    this.remoteOffers.follow(this.#offer);
    this.tell({ type: 'offer', description: this.#offer });
  }

  send(signal: Signal): void {
    if (this.isOver) return;
    const isPending = this.call!.session.phase === 'pending';
    switch (signal.type) {
      case 'ringing':
        if (isPending) this.call!.act('session-info', { payload: [writeSessionInfo('ringing')] });
        return;
      case 'answer':
        if (!isPending) return this.within(signal);
        // Jingle has no early answer: it waits for the acceptance, and its candidates need not.
        this.#answer = signal.description;
        this.own = this.contents(signal.description);
        return this.flushCandidates();
      case 'accepted':
        return this.#accept();
      case 'refuse':
        if (isPending)
          return this.hangUp({
            code: 'not-acceptable',
            ...(signal.text === undefined ? {} : { text: signal.text }),
          });
        return this.within(signal);
      default:
        return this.within(signal);
    }
  }

  #accept(): void {
    const { call, own } = this;
    const answer = this.#answer;
    if (call === undefined || call.session.phase !== 'pending') return;
    if (own === undefined || answer === undefined || own.contents.length === 0) {
      this.hangUp({ code: 'not-acceptable', text: 'nothing that was offered is taken' });
      return;
    }
    // What is not taken goes before the rest is accepted: an acceptance is of everything that is still there.
    const refused = call.session.contents.filter(
      (content) =>
        !own.contents.some(({ key }) => key.creator === content.creator && key.name === content.name),
    );
    if (refused.length > 0)
      call.act('content-remove', { contents: refused.map((key) => bareContent({ key, senders: 'both' })) });
    for (const key of refused) this.book.forget(key);
    for (const { key, senders } of own.contents) this.book.setSenders(key, senders);
    this.remoteOffers.follow(answer);
    call.act('session-accept', {
      responder: call.self,
      contents: own.contents.map((each) => each.element),
      groups: own.groups,
    });
    this.flushCandidates();
  }
}
