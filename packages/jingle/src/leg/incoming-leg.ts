import type { LazyDescription } from '@crosspoint/sdp';
import type { Signal } from '@crosspoint/signaling';
import type { ContentKey } from '../description/to-contents.ts';
import { NS } from '../namespaces.ts';
import { sameKey } from '../session/session.ts';
import type { OwnAction } from '../session/step.ts';
import type { JingleStanza } from '../stanza/jingle-stanza.ts';
import { writeSessionInfo } from '../stanza/session-info.ts';
import { childOf, element, type XmlElement } from '../xml/element.ts';
import { bareContent, type OwnContents } from './change-plan.ts';
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
  /** What was offered, in its order. */
  #order: readonly ContentKey[] = [];
  /** What we asked to take out, and the acceptance waits for that. */
  #leaving: readonly ContentKey[] | undefined;

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
    const refused = call.session.contents.filter(
      (content) =>
        !own.contents.some(({ key }) => key.creator === content.creator && key.name === content.name),
    );
    this.#order = call.session.contents;
    if (refused.length === 0) return this.#acceptBut([]);
    // What is not taken goes before the rest is accepted: an acceptance is of everything that is still there.
    this.#leaving = refused;
    call.act('content-remove', { contents: refused.map((key) => bareContent({ key, senders: 'both' })) });
  }

  protected override answered({ action }: OwnAction, isTaken: boolean): void {
    const leaving = this.#leaving;
    if (action !== 'content-remove' || leaving === undefined) return;
    this.#leaving = undefined;
    if (isTaken) for (const key of leaving) this.book.forget(key);
    this.#acceptBut(isTaken ? [] : leaving);
  }

  /** Accepts; what the far side would not let go (stanza 12 knows no content-remove) is taken with nothing sent either way. */
  #acceptBut(idle: readonly ContentKey[]): void {
    const { call, own } = this;
    const answer = this.#answer;
    if (call?.session.phase !== 'pending' || own === undefined || answer === undefined) return;
    const made = this.#order.flatMap((content) => {
      const ours = own.contents.find(({ key }) => sameKey(key, content));
      if (ours !== undefined) return [ours.element];
      return idle.some((key) => sameKey(key, content)) ? [this.#idleContent(content, own)] : [];
    });
    for (const key of idle) this.book.setWanted(key, 'none');
    for (const { key, senders } of own.contents) this.book.setSenders(key, senders);
    this.book.settle(own.contents);
    this.remoteOffers.follow(answer);
    call.act('session-accept', {
      responder: call.self,
      contents: made,
      groups: idle.length === 0 ? own.groups : own.groups.map((group) => bundled(group, idle)),
    });
    this.flushCandidates();
  }

  /** A content as it was offered, on the transport of the bundle, with nothing sent either way. */
  #idleContent({ creator, name }: ContentKey, own: OwnContents): XmlElement {
    const offered = this.book.remoteOf({ creator, name })?.description;
    const transport = childOf(own.contents[0]!.element, 'transport', NS.iceUdp);
    return element(
      NS.jingle,
      'content',
      { creator, name, senders: 'none' },
      [offered, transport].filter((each) => each !== undefined),
    );
  }
}

/** A group (XEP-0338) with these contents in it, too. */
function bundled(group: XmlElement, more: readonly ContentKey[]): XmlElement {
  if (group.attrs.semantics !== 'BUNDLE') return group;
  const added = more.map(({ name }) => element(NS.grouping, 'content', { name }));
  return { ...group, children: [...group.children, ...added] };
}
