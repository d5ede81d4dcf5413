import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';
import { AudioSession } from '../embedded/audio-session.ts';
import { wordsOf } from '../embedded/call-reason.ts';
import { LocalEnd } from '../embedded/local-end.ts';
import {
  type Agreement,
  answerOffer,
  type CodecName,
  takeAnswer,
  type Wishes,
} from '../embedded/sdp-answer.ts';
import { type Direction, readRemote, Unacceptable } from '../embedded/sdp-read.ts';
import type { LocalSection } from '../embedded/sdp-write.ts';
import { agreeEvents, EVENT_TYPE } from '../embedded/telephone-events.ts';
import { writePhoneSdp } from './phone-sdp.ts';

const SDP = 'application/sdp';

/** How the media of a phone is made. */
export interface MediaSettings {
  readonly pattern: number;
  readonly codecs: readonly CodecName[];
  readonly mediaAddress: string;
  readonly random: () => number;
}

export interface MediaEvents {
  state(state: string): void;
  held(held: boolean): void;
  digit(digit: string, durationMs: number): void;
  trouble(words: string): void;
}

/** The media of one call for SIP.js: offers and answers of G.711 over ICE and DTLS-SRTP, by libdatachannel. */
export class PhoneMedia implements SessionDescriptionHandler {
  readonly sound: AudioSession;
  readonly end: LocalEnd;
  /** Why SIP.js was refused something, last. */
  refusal: string | undefined;
  readonly #settings: MediaSettings;
  readonly #events: MediaEvents;
  readonly #origin: { readonly id: string; version: number };
  #sections: readonly LocalSection[] = [];
  #wanted: Direction = 'sendrecv';
  #held = false;
  /** An offer of ours that is not answered yet. */
  #outstanding: readonly LocalSection[] | undefined;
  /** An offer of the far side's that is not answered yet. */
  #offer: string | undefined;
  #isOfferer = false;
  #isOpen = false;
  #isClosed = false;

  constructor(settings: MediaSettings, events: MediaEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#origin = { id: String(Math.floor(settings.random() * 2 ** 50)), version: 0 };
    const ssrc = 1 + Math.floor(settings.random() * 0xfffffffe);
    this.sound = new AudioSession(
      {
        ssrc,
        pattern: settings.pattern,
        random: settings.random,
        digit: (digit, durationMs) => events.digit(digit, durationMs),
      },
      (packet) => this.end.engine.send(packet),
      (words) => events.trouble(words),
    );
    this.end = new LocalEnd(
      {
        iceServers: [],
        ssrc,
        trickle: false,
        bindAddress: settings.mediaAddress,
        // All of our candidates are in the offer: a check may come before the answer does.
        lateFingerprint: true,
      },
      {
        state: (state) => events.state(state),
        packet: (bytes) => this.sound.take(bytes),
        channel: () => {},
        trouble: (words) => events.trouble(words),
        trickle: () => {},
      },
    );
  }

  get #wishes(): Wishes {
    return {
      codecs: this.#settings.codecs,
      direction: this.#wanted,
      ssrc: this.sound.ssrc,
      noData: true,
    };
  }

  /** Whether both sides have said what they want. */
  get isAgreed(): boolean {
    return this.#sections.length > 0;
  }

  /** @throws Unacceptable where an offer cannot be answered */
  check(offer: string): void {
    answerOffer(readRemote(offer), this.#wishes);
  }

  /** RFC 3264 section 8.4: who holds goes on sending, silence here, and asks to be sent nothing. */
  set holding(on: boolean) {
    this.#wanted = on ? 'sendonly' : 'sendrecv';
    this.sound.holding = on;
  }

  hasDescription(contentType: string): boolean {
    return contentType.split(';')[0]!.trim().toLowerCase() === SDP;
  }

  async getDescription(): Promise<BodyAndContentType> {
    return this.#said(async () => {
      const body = this.#offer === undefined ? await this.#makeOffer() : await this.#makeAnswer(this.#offer);
      return { body, contentType: SDP };
    });
  }

  async setDescription(sdp: string): Promise<void> {
    return this.#said(async () => {
      if (this.#outstanding !== undefined) this.#takeAnswer(sdp, this.#outstanding);
      else {
        this.check(sdp);
        this.#offer = sdp;
      }
    });
  }

  async rollbackDescription(): Promise<void> {
    this.#outstanding = undefined;
    this.#offer = undefined;
  }

  /** SIP.js answers a fault with a status of its own: why is kept here. */
  async #said<T>(work: () => Promise<T>): Promise<T> {
    try {
      if (this.#isClosed) throw new Error('the call is over');
      const result = await work();
      if (this.#isClosed) throw new Error('the call is over');
      return result;
    } catch (error) {
      this.refusal = wordsOf(error);
      throw error;
    }
  }

  async #makeOffer(): Promise<string> {
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#isOfferer = true;
      await this.end.offer(undefined);
    }
    const audio: LocalSection = {
      use: 'audio',
      mid: '0',
      codecs: this.#settings.codecs.map((name) => ({ payloadType: name === 'PCMU' ? 0 : 8, name })),
      direction: this.#wanted,
      ssrc: this.sound.ssrc,
      eventType: EVENT_TYPE,
    };
    const sections = this.isAgreed
      ? this.#sections.map(
          (section): LocalSection =>
            section.use === 'audio' ? { ...section, direction: this.#wanted } : section,
        )
      : [audio];
    this.#outstanding = sections;
    return this.#describe(sections, 'actpass');
  }

  async #makeAnswer(sdp: string): Promise<string> {
    const offer = readRemote(sdp);
    const agreement = answerOffer(offer, this.#wishes);
    const { remote } = this.end.engine;
    if (remote === undefined) {
      this.#isOpen = true;
      await this.end.answer(agreement.transport, false);
    } else if (agreement.transport.ufrag !== remote.ufrag) {
      throw new Unacceptable('libdatachannel cannot restart ICE');
    }
    this.#offer = undefined;
    const text = this.#describe(agreement.sections, this.#role);
    this.#agree(agreement);
    return text;
  }

  #takeAnswer(sdp: string, outstanding: readonly LocalSection[]): void {
    const agreement = takeAnswer(outstanding, readRemote(sdp));
    if (this.end.engine.remote === undefined) {
      // RFC 5763 section 5: an answer decides.
      if (agreement.transport.setup === 'actpass') throw new Unacceptable('an answer with a=setup:actpass');
      this.end.connect(agreement.transport, false);
    }
    this.#outstanding = undefined;
    this.#agree(agreement);
  }

  #describe(sections: readonly LocalSection[], setup: 'actpass' | 'active' | 'passive'): string {
    const transport = this.end.describe(setup);
    this.#origin.version++;
    // SIP.js sends it at once.
    this.end.announce(transport, undefined, 0);
    return writePhoneSdp(this.#origin, sections, transport);
  }

  /** Which side of DTLS is ours, once decided: a later description says the same (RFC 8842 section 5.3). */
  get #role(): 'active' | 'passive' {
    if (!this.#isOfferer) return this.end.role === 'passive' ? 'passive' : 'active';
    return this.end.engine.remote?.setup === 'active' ? 'passive' : 'active';
  }

  #agree(agreement: Agreement): void {
    this.#sections = agreement.sections;
    const section = agreement.sections.find(({ use }) => use === 'audio');
    this.sound.agree(section, agreeEvents(section, agreement.audio));
    for (const candidate of agreement.candidates) this.end.addCandidate(candidate);
    const theirs = agreement.audio?.direction;
    const held = theirs === 'sendonly' || theirs === 'inactive';
    if (held === this.#held) return;
    this.#held = held;
    this.#events.held(held);
  }

  /** For SIP.js; the phone itself waits until they are out (`AudioSession.dial`). */
  sendDtmf(tones: string): boolean {
    this.sound.dial(tones, 100).catch((error: unknown) => this.#events.trouble(wordsOf(error)));
    return true;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.sound.stop();
    this.end.close();
  }
}
