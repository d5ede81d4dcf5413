import { type CallReason, wordsOf } from '../embedded/call-reason.ts';
import type { Tell } from '../embedded/peer-program.ts';
import { Unacceptable } from '../embedded/sdp-read.ts';
import { type Described, JingleMedia, type MediaSettings } from './jingle-media.ts';
import { Insecure, type Role, readJingle } from './jingle-read.ts';
import { fromError, readReason, writeError, writeReason } from './jingle-reasons.ts';
import { writeContents, writeTransportInfo } from './jingle-write.ts';
import { NS } from './namespaces.ts';
import { SessionActions } from './session-actions.ts';
import { type XmlElement, xml } from './xml.ts';

export interface CallLine {
  readonly jid: string;
  readonly bareJid: string;
  request(to: string, child: XmlElement): Promise<void>;
  message(to: string, id: string, child: XmlElement): Promise<void>;
}

export interface CallEvents {
  readonly tell: Tell;
  over(): void;
}

/** Which call it is: `id` is the session's identifier, and the proposal's. */
export interface CallParties {
  readonly id: string;
  /** A bare address while it is proposed, full once a client of the user's is in it. */
  readonly party: string;
  readonly outgoing: boolean;
}

type Phase = 'calling' | 'incoming' | 'connected' | 'ended';

const NO_ANSWER_MS = 180_000;
/** From our proceed to the session-initiate that it asks for. */
const INITIATE_MS = 20_000;

/** One call: XEP-0353 where it is proposed first, one Jingle session (XEP-0166), and its media. */
export class JingleCall {
  readonly id: string;
  readonly outgoing: boolean;
  readonly media: JingleMedia;
  party: string;
  phase: Phase;
  readonly #line: CallLine;
  readonly #events: CallEvents;
  readonly #actions: SessionActions;
  /** Something of the session went out, or came: it can be terminated. */
  #hasSession = false;
  /** The session-initiate of an incoming call, until it is accepted. */
  #offer: XmlElement | undefined;
  /** The call is taken as soon as its session-initiate comes. */
  #isTaken = false;
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
    this.#actions = new SessionActions(this, {
      tell,
      request: (action, ...children) => this.#request(action, ...children),
    });
  }

  get role(): Role {
    return this.outgoing ? 'initiator' : 'responder';
  }

  get #theirs(): Role {
    return this.outgoing ? 'responder' : 'initiator';
  }

  /** Whether the far side may say something of this session. */
  isWith(from: string): boolean {
    return from === this.party;
  }

  /** Whether it is only proposed: no client of the other user's is in it. */
  get isProposed(): boolean {
    return this.outgoing && this.phase === 'calling' && !this.#hasSession;
  }

  /** Asks all of the other user's clients (XEP-0353 section 3.1). */
  async propose(): Promise<void> {
    this.#patience = setTimeout(() => this.hangUp({ code: 'no-answer' }), NO_ANSWER_MS);
    const description = xml('description', { xmlns: NS.rtp, media: 'audio' });
    await this.#message(this.party, 'propose', description);
  }

  /** Begins the session with one client of the other user's. */
  async initiate(): Promise<void> {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.hangUp({ code: 'no-answer' }), NO_ANSWER_MS);
    const described = await this.media.offer();
    if (this.phase === 'ended') return;
    this.#hasSession = true;
    const sent = this.#request('session-initiate', ...this.#contents(described));
    this.media.announce(described);
    sent.catch((error: unknown) => this.#over(reasonOf(error)));
  }

  #contents({ sections, transport }: Described): XmlElement[] {
    this.#candidates = transport.candidates.length;
    return writeContents(sections, transport, this.role);
  }

  /** Rings for a proposal. */
  ringProposed(): void {
    this.#events.tell('incoming', { from: this.party });
    void this.#message(this.party, 'ringing');
  }

  /** Takes a session-initiate: at once where the call was taken already, else it rings. */
  ringInitiated(jingle: XmlElement): void {
    this.#hasSession = true;
    clearTimeout(this.#patience);
    void this.#inTurn(async () => {
      const offer = readJingle(jingle, 'initiator');
      this.media.check(offer);
      this.#offer = jingle;
      if (this.#isTaken) return this.#acceptSession();
      this.#events.tell('incoming', { from: this.party });
      await this.#request('session-info', xml('ringing', { xmlns: NS.rtpInfo }));
    });
  }

  /** Takes the call. @throws Error where none rings */
  async accept(): Promise<void> {
    if (this.phase !== 'incoming' || this.#isTaken) throw new Error('no call rings');
    this.#isTaken = true;
    if (this.#offer !== undefined) return this.#inTurn(() => this.#acceptSession());
    // Our other clients ring no more.
    await this.#message(this.#line.bareJid, 'accept');
    await this.#message(this.party, 'proceed');
    this.#patience = setTimeout(() => {
      const text = 'no session-initiate came after proceed';
      void this.#message(this.party, 'finish', writeReason({ code: 'expired', text }));
      this.#over({ code: 'protocol-error', text });
    }, INITIATE_MS);
  }

  async #acceptSession(): Promise<void> {
    const offer = readJingle(this.#offer!, 'initiator');
    this.#offer = undefined;
    const described = await this.media.answer(offer);
    if (this.phase === 'ended') return;
    const refused = described.sections.filter(({ use }) => use === 'refused');
    // XEP-0166 section 6.3: what is not taken is removed first.
    if (refused.length > 0) {
      const contents = refused.map(({ mid }) => xml('content', { creator: 'initiator', name: mid }));
      void this.#request('content-remove', ...contents, writeReason({ code: 'not-acceptable' })).catch(
        (error: unknown) => this.#events.tell('trouble', { words: `content-remove: ${wordsOf(error)}` }),
      );
    }
    const sent = this.#request('session-accept', ...this.#contents(described));
    this.media.announce(described);
    await sent;
    this.#connected();
  }

  /** A message of XEP-0353 about this call. */
  takeMessage(from: string, name: string, child: XmlElement): void {
    if (this.phase === 'ended' || this.phase === 'connected') return;
    const isOwn = from.split('/')[0] === this.#line.bareJid && from !== this.#line.jid;
    switch (name) {
      case 'ringing':
        return this.#ringing();
      case 'proceed':
        if (!this.isProposed) return;
        this.party = from;
        this.#inTurn(() => this.initiate());
        return;
      case 'reject':
        return this.#over(readReason(child, 'declined'));
      case 'retract':
        if (!this.outgoing) this.#over(readReason(child, 'cancelled'));
        return;
      case 'finish':
        return this.#over(readReason(child, 'normal'));
      case 'accept':
        if (isOwn && !this.#isTaken) this.#over({ code: 'answered-elsewhere' });
    }
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
    if (!this.#hasSession) return writeError('wait', 'unexpected-request', 'out-of-order');
    switch (action) {
      case 'session-accept':
        if (this.phase !== 'calling') return writeError('wait', 'unexpected-request', 'out-of-order');
        void this.#inTurn(async () => {
          this.media.takeAnswer(readJingle(jingle, this.#theirs));
          this.#connected();
        });
        return undefined;
      case 'session-terminate':
        setImmediate(() => this.#over(readReason(jingle, 'normal')));
        return undefined;
      case 'session-info':
        if (jingle.getChild('ringing', NS.rtpInfo) !== undefined) {
          this.#ringing();
          return undefined;
        }
    }
    return this.#actions.take(action, jingle, this.#theirs);
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
    const why = reason ?? { code };
    this.#say(why);
    this.#over(why);
  }

  #say(why: CallReason): void {
    const words = writeReason(why);
    if (this.#hasSession) {
      this.#request('session-terminate', words).catch((error: unknown) =>
        process.stderr.write(`session-terminate: ${wordsOf(error)}\n`),
      );
    } else void this.#message(this.party, this.outgoing ? 'retract' : 'reject', words);
  }

  /** The call is over without a word to the far side: it cannot be told. */
  lose(reason: CallReason): void {
    this.#over(reason);
  }

  #over(reason: CallReason): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    clearTimeout(this.#patience);
    this.media.close();
    this.#events.tell('ended', { reason });
    this.#events.over();
  }

  #request(action: string, ...children: XmlElement[]): Promise<void> {
    const own = action === 'session-initiate' ? { initiator: this.#line.jid } : {};
    const more = action === 'session-accept' ? { responder: this.#line.jid } : own;
    const jingle = xml('jingle', { xmlns: NS.jingle, action, sid: this.id, ...more }, ...children);
    return this.#line.request(this.party, jingle);
  }

  #message(to: string, name: string, ...children: XmlElement[]): Promise<void> {
    const child = xml(name, { xmlns: NS.message, id: this.id }, ...children);
    return this.#line
      .message(to, this.id, child)
      .catch((error: unknown) => this.#events.tell('trouble', { words: `${name}: ${wordsOf(error)}` }));
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
      if (error instanceof Insecure) {
        this.#say({ code: 'insecure', text });
        this.#over({ code: 'not-acceptable', text });
      } else {
        this.hangUp({ code: error instanceof Unacceptable ? 'not-acceptable' : 'protocol-error', text });
      }
    });
    return this.#turn;
  }
}

/** What it means that a request was refused. */
function reasonOf(error: unknown): CallReason {
  const { condition, text } = error as { condition?: unknown; text?: unknown };
  if (typeof condition === 'string') return fromError(condition, typeof text === 'string' ? text : undefined);
  return { code: 'unavailable', text: wordsOf(error) };
}
