import { type CallReason, wordsOf } from '../embedded/call-reason.ts';
import { type RemoteDescription, Unacceptable } from '../embedded/sdp-read.ts';
import { type CallEvents, type CallLine, type CallParties, type CallPhase, refusalOf } from './call-parts.ts';
import type { InitiationMessage } from './initiation-message.ts';
import { type Described, JingleMedia, type MediaSettings } from './jingle-media.ts';
import { Insecure, type Role, readJingle } from './jingle-read.ts';
import { fromError, readReason, writeError, writeReason } from './jingle-reasons.ts';
import { writeContents, writeTransportInfo } from './jingle-write.ts';
import { NS } from './namespaces.ts';
import { Proposal } from './proposal.ts';
import { SessionActions } from './session-actions.ts';
import { type XmlElement, xml } from './xml.ts';

const NO_ANSWER_MS = 180_000;
/** From our proceed to the session-initiate that it asks for. */
const INITIATE_MS = 20_000;

/** One call: XEP-0353 where it is proposed first, one Jingle session (XEP-0166), and its media. */
export class JingleCall implements CallParties {
  readonly id: string;
  readonly outgoing: boolean;
  readonly media: JingleMedia;
  party: string;
  phase: CallPhase;
  /** Our user called the caller at the same time: it is taken without ringing. */
  isWanted = false;
  readonly #line: CallLine;
  readonly #events: CallEvents;
  readonly #proposal: Proposal;
  readonly #actions: SessionActions;
  /** A session-initiate went out, or came: it can be terminated. */
  #hasSession = false;
  /** Of an incoming call, until it is accepted. */
  #offer: RemoteDescription | undefined;
  #hasRung = false;
  #patience: NodeJS.Timeout | undefined;
  #candidates = 0;
  /** What the far side says is done in order, each action to its end. */
  #turn: Promise<void> = Promise.resolve();

  constructor(parties: CallParties, settings: MediaSettings, line: CallLine, events: CallEvents) {
    this.id = parties.id;
    this.party = parties.party;
    this.outgoing = parties.outgoing;
    this.phase = parties.outgoing ? 'calling' : 'incoming';
    this.#line = line;
    this.#events = events;
    const { tell } = events;
    this.media = new JingleMedia(settings, {
      state: (state) => this.#transport(state),
      held: (held) => tell('held', { held }),
      digit: (digit, durationMs) => tell('dtmf', { digit, durationMs }),
      trouble: (words) => tell('trouble', { words }),
      trickle: (candidates) => this.#trickle(candidates),
    });
    this.#proposal = new Proposal(this, line, {
      tell,
      ringing: () => this.#ringing(),
      proceed: (from) => {
        this.party = from;
        void this.#inTurn(() => this.initiate());
      },
      over: (reason) => this.#over(reason),
    });
    this.#actions = new SessionActions(this, {
      tell,
      request: (action, ...children) => this.#request(action, ...children),
    });
  }

  get role(): Role {
    return this.outgoing ? 'initiator' : 'responder';
  }

  /** Whether it is only proposed: no client of the other user's is in it. */
  get isProposed(): boolean {
    return this.phase === 'calling' && this.#proposal.isOpen;
  }

  /** Whether our session-initiate is not answered. */
  get isInitiating(): boolean {
    return this.phase === 'calling' && this.#hasSession;
  }

  /** Whether a session-initiate of the far side's is to come. */
  get awaitsSession(): boolean {
    return this.phase === 'incoming' && !this.#hasSession;
  }

  async propose(): Promise<void> {
    this.#wait(NO_ANSWER_MS, { code: 'no-answer' });
    await this.#proposal.propose();
  }

  /** Begins the session with one client of the other user's. */
  async initiate(): Promise<void> {
    this.#wait(NO_ANSWER_MS, { code: 'no-answer' });
    const described = await this.media.offer();
    if (this.phase === 'ended') return;
    this.#hasSession = true;
    const sent = this.#request('session-initiate', ...this.#contents(described));
    this.media.announce(described);
    sent.catch((error: unknown) => this.#over(refusalOf(error)));
  }

  #wait(ms: number, reason: CallReason): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.hangUp(reason), ms);
  }

  #contents({ sections, transport }: Described): XmlElement[] {
    this.#candidates = transport.candidates.length;
    return writeContents(sections, transport, this.role);
  }

  /** Rings for a proposal. */
  ringProposed(): void {
    this.#events.tell('incoming', { from: this.party });
    this.#proposal.ring();
  }

  /** Takes a session-initiate: at once where the call was taken already, else it rings. */
  ringInitiated(jingle: XmlElement): void {
    this.#hasSession = true;
    clearTimeout(this.#patience);
    void this.#inTurn(async () => {
      const offer = readJingle(jingle, 'initiator');
      this.media.check(offer);
      if (this.#proposal.isTaken || this.isWanted) return this.#acceptSession(offer);
      this.#offer = offer;
      this.#events.tell('incoming', { from: this.party });
      await this.#request('session-info', xml('ringing', { xmlns: NS.rtpInfo }));
    });
  }

  /** Takes the call. @throws Error where none rings */
  async accept(): Promise<void> {
    if (this.phase !== 'incoming' || this.#proposal.isTaken) throw new Error('no call rings');
    const offer = this.#offer;
    this.#offer = undefined;
    if (offer !== undefined) return this.#inTurn(() => this.#acceptSession(offer));
    if (this.#hasSession) throw new Error('the call is taken already');
    this.#wait(INITIATE_MS, { code: 'expired', text: 'no session-initiate came after proceed' });
    await this.#proposal.proceed();
  }

  async #acceptSession(offer: RemoteDescription): Promise<void> {
    const described = await this.media.answer(offer);
    if (this.phase === 'ended') return;
    this.#removeRefused(described);
    const sent = this.#request('session-accept', ...this.#contents(described));
    this.media.announce(described);
    await sent;
    this.#connected();
  }

  /** XEP-0166 section 6.3: what is not taken is removed first. */
  #removeRefused({ sections }: Described): void {
    const refused = sections.filter(({ use }) => use === 'refused');
    if (refused.length === 0) return;
    const contents = refused.map(({ mid }) => xml('content', { creator: 'initiator', name: mid }));
    this.#request('content-remove', ...contents, writeReason({ code: 'not-acceptable' })).catch(
      (error: unknown) => this.#events.tell('trouble', { words: `content-remove: ${wordsOf(error)}` }),
    );
  }

  /** A message about this call. @param isOwn another client of our user's said it */
  takeMessage(message: InitiationMessage, isOwn: boolean): void {
    if (this.phase !== 'ended') this.#proposal.take(message, isOwn);
  }

  /** A message of ours was not delivered. */
  takeMessageError(condition: string, text: string | undefined): void {
    if (this.isProposed) this.#over(fromError(condition, text));
  }

  #ringing(): void {
    if (this.phase !== 'calling' || this.#hasRung) return;
    this.#hasRung = true;
    this.#events.tell('ringing');
  }

  /** An action of the far side's in the session. @returns the error that it is answered with */
  take(action: string, jingle: XmlElement): XmlElement | undefined {
    const theirs = this.outgoing ? 'responder' : 'initiator';
    const outOfOrder = (): XmlElement => writeError('wait', 'unexpected-request', 'out-of-order');
    if (!this.#hasSession) return outOfOrder();
    if (action === 'session-accept') {
      if (this.phase !== 'calling') return outOfOrder();
      void this.#inTurn(async () => {
        this.media.takeAnswer(readJingle(jingle, theirs));
        this.#connected();
      });
      return undefined;
    }
    if (action === 'session-terminate') {
      setImmediate(() => this.#over(readReason(jingle, 'normal')));
      return undefined;
    }
    if (action === 'session-info' && jingle.getChild('ringing', NS.rtpInfo) !== undefined) {
      this.#ringing();
      return undefined;
    }
    return this.#actions.take(action, jingle, theirs);
  }

  /** Asks to hold or resume. @throws Error without a call */
  hold(on: boolean): void {
    if (this.phase !== 'connected') throw new Error('there is no call to hold');
    this.media.holding = on;
    this.#actions.hold(on);
  }

  #connected(): void {
    if (this.phase === 'ended' || this.phase === 'connected') return;
    clearTimeout(this.#patience);
    this.phase = 'connected';
    this.#events.tell('connected');
  }

  #transport(state: string): void {
    if (this.phase === 'ended') return;
    this.#events.tell('transport', { state });
    if (state === 'failed') {
      this.hangUp({ code: 'media-failed', text: 'the media transport failed (ICE or DTLS)' });
    }
  }

  #trickle(candidates: readonly string[]): void {
    if (this.phase === 'ended' || candidates.length === 0) return;
    const first = this.media.sections.find(({ use }) => use !== 'refused')?.mid ?? 'audio';
    const content = writeTransportInfo(first, this.media.credentials, candidates, this.#candidates + 1);
    this.#candidates += candidates.length;
    this.#request('transport-info', content).catch((error: unknown) => {
      if (this.phase !== 'ended') {
        this.#events.tell('trouble', { words: `transport-info: ${wordsOf(error)}` });
      }
    });
  }

  /** Refuses a call that rings. @throws Error where none rings */
  decline(code: 'declined' | 'busy'): void {
    if (this.phase !== 'incoming') throw new Error('no call rings');
    this.hangUp({ code });
  }

  /** Ends, cancels or refuses the call, whichever it is now. */
  hangUp(reason?: CallReason): void {
    if (this.phase === 'ended') return;
    const code = this.phase === 'calling' ? 'cancelled' : this.phase === 'incoming' ? 'declined' : 'normal';
    this.#end(reason ?? { code });
  }

  /** @param said what the far side is told, where it is not what our user is */
  #end(reason: CallReason, said = reason): void {
    if (this.#hasSession) {
      this.#request('session-terminate', writeReason(said)).catch((error: unknown) =>
        process.stderr.write(`session-terminate: ${wordsOf(error)}\n`),
      );
    } else this.#proposal.giveUp(said);
    this.#over(reason);
  }

  /** The session is over without a word to the far side: it cannot be told. */
  lose(reason: CallReason): void {
    this.#over(reason);
  }

  #over(reason: CallReason): void {
    if (this.phase === 'ended') return;
    this.#proposal.finish(reason);
    this.drop();
    this.#events.tell('ended', { reason });
  }

  /** It goes without a word to anybody: another call is in its place. */
  drop(): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    clearTimeout(this.#patience);
    this.media.close();
    this.#events.over();
  }

  #request(action: string, ...children: XmlElement[]): Promise<void> {
    const own = action === 'session-initiate' ? { initiator: this.#line.jid } : {};
    const more = action === 'session-accept' ? { responder: this.#line.jid } : own;
    const jingle = xml('jingle', { xmlns: NS.jingle, action, sid: this.id, ...more }, ...children);
    return this.#line.request(this.party, jingle);
  }

  /** What the far side wrote must not end this process: it ends the call. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(async () => {
      // Its IQ is answered first.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.phase !== 'ended') await work();
    });
    this.#turn = done.catch((error: unknown) => {
      if (this.phase === 'ended') return;
      const text = wordsOf(error).slice(0, 200);
      this.#events.tell('trouble', { words: text });
      const code = error instanceof Unacceptable ? 'not-acceptable' : 'protocol-error';
      this.#end({ code, text }, error instanceof Insecure ? { code: 'insecure', text } : { code, text });
    });
    return this.#turn;
  }
}
