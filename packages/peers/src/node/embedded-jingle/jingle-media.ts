import type { DataChannel } from 'node-datachannel';
import { AudioSession } from '../embedded/audio-session.ts';
import { PROBE_LABEL, ProbeChannel } from '../embedded/data-probe.ts';
import { LocalEnd } from '../embedded/local-end.ts';
import {
  type Agreement,
  answerOffer,
  type CodecName,
  intersect,
  reverse,
  sends,
  takeAnswer,
  type Wishes,
} from '../embedded/sdp-answer.ts';
import { type Direction, type RemoteDescription, Unacceptable } from '../embedded/sdp-read.ts';
import type { LocalSection, LocalTransport } from '../embedded/sdp-write.ts';
import { agreeEvents, EVENT_TYPE } from '../embedded/telephone-events.ts';

/** How the media of a client is made. */
export interface MediaSettings {
  readonly pattern: number;
  readonly codecs: readonly CodecName[];
  readonly mediaAddress: string;
  readonly audio: boolean;
  readonly data: boolean;
  readonly trickle: boolean;
  readonly random: () => number;
}

export interface MediaEvents {
  state(state: string): void;
  held(held: boolean): void;
  digit(digit: string, durationMs: number): void;
  trouble(words: string): void;
  /** Candidates to be sent, and whether they are the last. */
  trickle(candidates: readonly string[], complete: boolean): void;
}

/** What is said of our media in an action. */
export interface Described {
  readonly sections: readonly LocalSection[];
  readonly transport: LocalTransport;
}

/** The media of one call: G.711 and data channels over one transport, by libdatachannel. */
export class JingleMedia {
  readonly sound: AudioSession;
  readonly end: LocalEnd;
  readonly #settings: MediaSettings;
  readonly #events: MediaEvents;
  #sections: readonly LocalSection[] = [];
  #audio: Agreement['audio'];
  /** Candidates of the far side's that came before its description. */
  #early: string[] = [];
  #probe: ProbeChannel | undefined;
  /** The far side's direction in its contents, and whether it holds the call by a word (XEP-0167 section 8.1). */
  #theirs: Direction = 'sendrecv';
  #isWordHeld = false;
  #held = false;
  #isHolding = false;
  #isClosed = false;

  constructor(settings: MediaSettings, events: MediaEvents) {
    this.#settings = settings;
    this.#events = events;
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
        trickle: settings.trickle,
        bindAddress: settings.mediaAddress,
        // With all candidates in the description a check may come before the answer does; trickled ones wait for it.
        lateFingerprint: !settings.trickle,
      },
      {
        state: (state) => events.state(state),
        packet: (bytes) => this.sound.take(bytes),
        channel: (channel) => this.#channel(channel),
        trouble: (words) => events.trouble(words),
        trickle: (candidates) => {
          const lines = candidates.map(({ candidate }) => candidate).filter((line) => line !== '');
          events.trickle(lines, lines.length < candidates.length);
        },
      },
    );
  }

  get #wishes(): Wishes {
    const { codecs, audio, data } = this.#settings;
    const direction = audio ? 'sendrecv' : 'recvonly';
    return { codecs, direction, ssrc: this.sound.ssrc, noData: !data };
  }

  get sections(): readonly LocalSection[] {
    return this.#sections;
  }

  /** Of our end, for what is said of it alone. */
  get credentials(): LocalTransport {
    return this.end.describe('actpass');
  }

  /** The username fragment of the far side's end. */
  get farUfrag(): string | undefined {
    return this.end.engine.remote?.ufrag;
  }

  /** Opens our end and says what we offer. */
  async offer(): Promise<Described> {
    const { audio, data, codecs } = this.#settings;
    const sections: LocalSection[] = [];
    if (audio || !data) {
      sections.push({
        use: 'audio',
        mid: 'audio',
        codecs: codecs.map((name) => ({ payloadType: name === 'PCMU' ? 0 : 8, name })),
        direction: this.#wishes.direction,
        ssrc: this.sound.ssrc,
        eventType: EVENT_TYPE,
      });
    }
    if (data) sections.push({ use: 'data', mid: 'data' });
    await this.end.offer(data ? PROBE_LABEL : undefined);
    this.#sections = sections;
    return { sections, transport: this.end.describe('actpass') };
  }

  /** @throws Unacceptable where an offer cannot be answered */
  check(offer: RemoteDescription): void {
    answerOffer(offer, this.#wishes);
  }

  /** Opens both ends and says what we answer. @throws Unacceptable */
  async answer(offer: RemoteDescription): Promise<Described> {
    const agreement = answerOffer(offer, this.#wishes);
    await this.end.answer(agreement.transport, agreement.data);
    // The far side's role is settled by ours: it was open.
    const transport = this.end.describe(this.end.role === 'passive' ? 'passive' : 'active');
    this.#agree(agreement);
    return { sections: agreement.sections, transport };
  }

  /** What we offered is answered. @throws Unacceptable where it does not fit */
  takeAnswer(answer: RemoteDescription): void {
    // XEP-0166 section 7.2.9: a content that is not accepted is not there.
    const sections = this.#sections.map(
      (ours) => answer.sections.find(({ mid }) => mid === ours.mid) ?? missing(ours),
    );
    const agreement = takeAnswer(this.#sections, { ...answer, sections });
    // RFC 5763 section 5: an answer decides.
    if (agreement.transport.setup === 'actpass') {
      throw new Unacceptable('a session-accept with setup actpass (XEP-0320 section 2)');
    }
    this.end.connect(agreement.transport, agreement.data);
    this.#agree(agreement);
  }

  /** Our description is out; later candidates go by themselves. */
  announce({ sections, transport }: Described): void {
    const first = sections.find(({ use }) => use !== 'refused');
    this.end.announce(transport, first?.mid, 0);
  }

  #agree(agreement: Agreement): void {
    this.#sections = agreement.sections;
    this.#audio = agreement.audio;
    this.#theirs = agreement.audio?.direction ?? 'sendrecv';
    for (const candidate of [...agreement.candidates, ...this.#early.splice(0)]) {
      this.end.addCandidate(candidate);
    }
    this.#play();
  }

  /** Does what both sides want now. */
  #play(): void {
    const section = this.#sections.find(({ use }) => use === 'audio');
    if (section?.use !== 'audio') return;
    const theirs = this.#isWordHeld ? intersect(this.#theirs, 'sendonly') : this.#theirs;
    const direction = intersect(this.wanted, reverse(theirs));
    this.sound.agree({ ...section, direction }, agreeEvents(section, this.#audio));
    const held = sends(this.#wishes.direction) && !sends(direction);
    if (held === this.#held) return;
    this.#held = held;
    this.#events.held(held);
  }

  /** What we want of the sound: who holds goes on sending, silence here, and takes nothing. */
  get wanted(): Direction {
    const { direction } = this.#wishes;
    return this.#isHolding ? intersect(direction, 'sendonly') : direction;
  }

  set holding(on: boolean) {
    this.#isHolding = on;
    this.sound.holding = on;
    this.#play();
  }

  /** The far side holds, or no more (XEP-0167 section 8.1). */
  set farHold(on: boolean) {
    this.#isWordHeld = on;
    this.#play();
  }

  /** The far side wants its content to go this way from now on (content-modify). */
  set farDirection(direction: Direction) {
    this.#theirs = direction;
    this.#play();
  }

  /** The far side took these contents out of the session. */
  remove(names: readonly string[]): void {
    this.#sections = this.#sections.map((section): LocalSection => {
      if (section.use === 'refused' || section.mid === undefined || !names.includes(section.mid))
        return section;
      if (section.use === 'audio') this.sound.agree(undefined);
      const { kind, protocol, formats } = missing(section);
      return { use: 'refused', mid: section.mid, kind, protocol, formats };
    });
  }

  /** One of the far side's candidates. */
  addCandidate(candidate: string): void {
    if (this.end.engine.remote === undefined) this.#early.push(candidate);
    else this.end.addCandidate(candidate);
  }

  #channel(channel: DataChannel): void {
    if (channel.getLabel() === PROBE_LABEL) this.#probe = new ProbeChannel(channel);
  }

  /** The probe channel, whoever opened it; opened where there is none. @throws Error where there is no data */
  probe(): ProbeChannel {
    if (this.#probe?.usable === true) return this.#probe;
    if (!this.#sections.some((section) => section.use === 'data')) {
      throw new Error('no data channels were agreed in this call');
    }
    this.#probe ??= new ProbeChannel(this.end.engine.openChannel(PROBE_LABEL));
    return this.#probe;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.sound.stop();
    this.end.close();
  }
}

function missing(ours: LocalSection): RemoteDescription['sections'][number] {
  return {
    kind: ours.use === 'audio' ? 'audio' : 'application',
    port: 0,
    protocol: ours.use === 'audio' ? 'UDP/TLS/RTP/SAVPF' : 'UDP/DTLS/SCTP',
    formats: [],
    mid: ours.mid,
    bundleOnly: false,
    direction: 'inactive',
    codecs: [],
    candidates: [],
    transport: undefined,
  };
}
