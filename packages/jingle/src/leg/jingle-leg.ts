import type { LazyDescription } from '@crosspoint/sdp';
import type { EndReason, Leg, Signal, TrickledCandidate } from '@crosspoint/signaling';
import { candidatesContent, readCandidates } from '../description/candidates.ts';
import { JINGLE_EXTENSIONS, type JingleExtension } from '../description/extensions.ts';
import type { JingleFinding } from '../description/finding.ts';
import type { JingleRole } from '../description/senders.ts';
import { NS } from '../namespaces.ts';
import type { OwnAction } from '../session/step.ts';
import type { IqError } from '../stanza/iq-error.ts';
import type { JingleContent } from '../stanza/jingle-content.ts';
import type { JingleStanza } from '../stanza/jingle-stanza.ts';
import type { JingleReason } from '../stanza/reason.ts';
import { readSessionInfo } from '../stanza/session-info.ts';
import { childOf } from '../xml/element.ts';
import { type OwnContents, ownContents } from './change-plan.ts';
import { ContentBook } from './content-book.ts';
import { fromIqError, fromReason, toReason } from './end-reasons.ts';
import type { JingleCall } from './jingle-call.ts';
import type { JingleEndpoint } from './jingle-endpoint.ts';
import { OwnOffer } from './own-offer.ts';
import { RemoteOffers } from './remote-offers.ts';

export interface JingleLegOptions {
  readonly endpoint: JingleEndpoint;
  /** Elements that no XEP defines; all without it, since who does not know them passes them over. */
  readonly extensions?: readonly JingleExtension[];
  /** A call without DTLS ends with `security-error` (RFC 8827 section 6.5); true without it. */
  readonly requireDtls?: boolean;
  /** Milliseconds that a new ICE generation waits for the far side's; 10,000 without it. */
  readonly restartMs?: number;
  /** What is wrong with a stanza that was read, and Signals that Jingle has no words for. Must not throw. */
  readonly onFinding?: (finding: Omit<JingleFinding, 'element'>) => void;
}

/** What both directions of a Jingle leg share: Signals on one hand, one session's actions on the other. */
export abstract class JingleLeg implements Leg {
  readonly protocol = 'jingle';
  abstract readonly party: string;
  protected readonly options: JingleLegOptions;
  readonly role: JingleRole;
  protected readonly book: ContentBook;
  protected call: JingleCall | undefined;
  /** What we last said, content by content. */
  protected own: OwnContents | undefined;
  /** The last description of the far side. */
  remote: LazyDescription | undefined;
  #receive: ((signal: Signal) => void) | undefined;
  #early: Signal[] = [];
  #lost: (() => void) | undefined;
  #waiting: TrickledCandidate[] = [];
  #hasRung = false;
  #isOnHold = false;
  protected readonly ownOffer: OwnOffer;
  protected readonly remoteOffers: RemoteOffers;
  protected isOver = false;

  constructor(options: JingleLegOptions, role: JingleRole, sid: string) {
    this.options = options;
    this.role = role;
    this.book = new ContentBook(role, sid);
    const parts = {
      book: this.book,
      call: () => this.call,
      tell: (signal: Signal) => this.tell(signal),
      idle: () => this.remoteOffers.next(),
      own: () => this.own,
      learnOwn: (own: OwnContents) => {
        this.own = own;
      },
      contents: (description: LazyDescription) => this.contents(description),
      describe: (type: 'offer' | 'answer', template: LazyDescription | undefined) =>
        this.describe(type, template),
      role,
    };
    this.ownOffer = new OwnOffer(parts, options.endpoint.options.clock, options.restartMs ?? 10_000);
    this.remoteOffers = new RemoteOffers(parts, () => !this.ownOffer.isOut);
  }

  attach(receive: (signal: Signal) => void): void {
    this.#receive = receive;
    const early = this.#early;
    this.#early = [];
    for (const signal of early) receive(signal);
  }

  /** Called once when the far side is gone without a session-terminate. */
  whenLost(lost: () => void): void {
    this.#lost = lost;
  }

  abstract send(signal: Signal): void;

  protected tell(signal: Signal): void {
    if (this.isOver && signal.type !== 'end') return;
    if (signal.type === 'end') this.isOver = true;
    if (this.#receive !== undefined) this.#receive(signal);
    else this.#early.push(signal);
  }

  protected finding(code: string, message: string, clause: string): void {
    this.options.onFinding?.({ code, severity: 'warning', message, clause });
  }

  protected contents(description: LazyDescription): OwnContents {
    const keyOf = (mid: string | undefined, index: number) => this.book.keyOf(mid, index);
    return ownContents(description, this.role, keyOf, this.options.extensions ?? JINGLE_EXTENSIONS);
  }

  /** The far side's contents as a description that is told. */
  protected describe(type: 'offer' | 'answer', template: LazyDescription | undefined): LazyDescription {
    const { description, findings } = this.book.describe(type, template);
    for (const { element: _, ...finding } of findings) this.options.onFinding?.(finding);
    this.remote = description;
    return description;
  }

  /** Why contents cannot be used at all; undefined where they can. */
  protected refusalOf(contents: readonly JingleContent[]): JingleReason | undefined {
    const refuse = (condition: JingleReason['condition'], text: string): JingleReason => ({
      condition,
      text,
      details: [],
    });
    const isKnown = ({ description, transport }: JingleContent): boolean =>
      description?.xmlns === NS.rtp ||
      (transport !== undefined && childOf(transport, 'sctpmap', NS.dtlsSctp) !== undefined);
    if (!contents.some(isKnown))
      return refuse('unsupported-applications', 'no content is RTP or a data channel');
    const isIce = ({ transport }: JingleContent): boolean =>
      transport?.xmlns === NS.iceUdp || transport?.xmlns === NS.ice;
    if (!contents.some(isIce)) return refuse('unsupported-transports', 'no transport is ICE');
    const hasDtls = ({ transport }: JingleContent): boolean =>
      transport !== undefined && childOf(transport, 'fingerprint', NS.dtls) !== undefined;
    if (this.options.requireDtls === false || contents.some(hasDtls)) return undefined;
    return refuse('security-error', 'a call without DTLS');
  }

  /** Takes over a session: from now on its actions come here. */
  protected take(call: JingleCall): void {
    this.call = call;
    call.handle({
      told: (stanza) => this.told(stanza),
      collided: () => this.ownOffer.lose('glare', undefined),
      acknowledged: (own) => {
        this.ownOffer.acknowledged(own);
        this.answered(own, true);
      },
      failed: (own, error) => this.#failed(own, error),
      ended: (reason, error) => this.ended(reason, error),
    });
  }

  protected told(stanza: JingleStanza): void {
    const { action, contents } = stanza;
    switch (action) {
      case 'transport-info':
        return this.#transportInfo(contents);
      case 'session-info':
        return this.#sessionInfo(stanza);
      case 'content-accept':
        this.book.learn(contents, stanza.groups);
        return this.ownOffer.answered(contents);
      case 'content-reject':
        for (const content of contents) this.book.forget(content);
        return this.ownOffer.answered(contents);
      default:
        this.remoteOffers.take(stanza);
    }
  }

  /** The far side acknowledged an action of ours, or refused it. */
  protected answered(_own: OwnAction, _isTaken: boolean): void {}

  #failed(own: OwnAction, error: IqError): void {
    if (this.call?.isOver !== false) return;
    this.answered(own, false);
    const words = error.text ?? `${own.action} was refused: ${error.condition}`;
    if (own.action === 'content-modify' && error.jingle !== 'tie-break' && this.ownOffer.isHold) {
      // Who knows hold as an information alone has heard of it by that.
      this.finding('content-modify-refused', words, 'XEP-0166 section 7.2.5');
      this.ownOffer.acknowledged(own);
    } else if (this.ownOffer.concerns(own))
      this.ownOffer.lose(error.jingle === 'tie-break' ? 'glare' : 'not-acceptable', words);
    else this.finding('action-refused', words, 'RFC 6120 section 8.3');
    this.remoteOffers.next();
  }

  #transportInfo(contents: readonly JingleContent[]): void {
    const read = readCandidates(contents, (content) => this.book.midOf(content));
    for (const { element: _, ...finding } of read.findings) this.options.onFinding?.(finding);
    const candidates: TrickledCandidate[] = [];
    for (const { content, candidates: trickled, ufrag, pwd } of read.contents) {
      const mid = this.book.midOf(content);
      const before = mid === undefined ? undefined : this.book.ufragOf(mid);
      // A new fragment with its password is a new generation (XEP-0176 section 5.6).
      if (
        mid !== undefined &&
        ufrag !== undefined &&
        pwd !== undefined &&
        before !== undefined &&
        before !== ufrag
      ) {
        this.book.restart(content, ufrag, pwd);
        if (!this.ownOffer.restarted(content)) this.remoteOffers.restarted(content);
      }
      candidates.push(...trickled);
    }
    if (candidates.length > 0) this.tell({ type: 'candidates', candidates });
  }

  #sessionInfo({ payload }: JingleStanza): void {
    for (const each of payload) {
      const info = readSessionInfo(each);
      if (info === 'ringing') this.rung();
      // Some end a hold by saying that they are active again.
      else if (info === 'hold' || info === 'unhold' || (info === 'active' && this.#isOnHold)) {
        this.#isOnHold = info === 'hold';
        this.remoteOffers.hold(this.#isOnHold);
      }
    }
  }

  protected rung(): void {
    if (this.#hasRung) return;
    this.#hasRung = true;
    this.tell({ type: 'ringing' });
  }

  protected ended(reason: JingleReason | undefined, error: IqError | undefined): void {
    this.ownOffer.stop();
    if (this.call !== undefined) this.options.endpoint.finish(this.call.session.sid, SUCCESS);
    const isLost = error?.jingle === 'unknown-session' || error?.condition === 'remote-server-timeout';
    if (isLost && this.#lost !== undefined) {
      this.isOver = true;
      this.#lost();
    } else
      this.tell({
        type: 'end',
        reason: error === undefined ? fromReason(reason, 'normal') : fromIqError(error),
      });
  }

  /** Candidates go once the far side has the contents that they belong to. */
  protected candidates(candidates: readonly TrickledCandidate[]): void {
    this.#waiting.push(...candidates);
    this.flushCandidates();
  }

  protected flushCandidates(): void {
    const { call, own } = this;
    if (call === undefined || own === undefined || this.#waiting.length === 0) return;
    const waiting = this.#waiting.splice(0);
    own.contents.forEach((content, index) => {
      const ours = waiting.filter(({ mid, mLineIndex }) =>
        mid === undefined ? (mLineIndex ?? 0) === index : mid === content.mid,
      );
      if (ours.length > 0)
        call.act('transport-info', { contents: [candidatesContent(content.key, content.ice, ours)] });
    });
  }

  /** What every direction does with Signals inside of a session. */
  protected within(signal: Signal): void {
    switch (signal.type) {
      case 'offer':
        this.remoteOffers.refuse('glare');
        this.ownOffer.send(signal.description);
        return this.flushCandidates();
      case 'answer':
        this.remoteOffers.answer(signal.description);
        return this.flushCandidates();
      case 'refuse':
        return this.remoteOffers.refuse(signal.why);
      case 'candidates':
        return this.candidates(signal.candidates);
      case 'dtmf':
        return this.finding('dtmf-unsupported', 'Jingle carries digits in RTP only', 'RFC 4733');
      case 'transfer':
        return this.finding('transfer-unsupported', 'Jingle knows no transfer', 'XEP-0251 (deferred)');
      case 'end':
        return this.hangUp(signal.reason);
      default:
        return;
    }
  }

  protected hangUp(reason: EndReason): void {
    this.isOver = true;
    this.ownOffer.stop();
    const { call } = this;
    if (call === undefined) return;
    const written = toReason(reason);
    call.act('session-terminate', {}, written);
    this.options.endpoint.finish(call.session.sid, written);
  }
}

const SUCCESS: JingleReason = { condition: 'success', details: [] };
