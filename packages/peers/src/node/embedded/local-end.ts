import type { DataChannel } from 'node-datachannel';
import type { EngineTransport } from './engine-sdp.ts';
import { type EngineOptions, MediaEngine } from './media-engine.ts';
import type { RemoteTransport } from './sdp-read.ts';
import type { LocalTransport } from './sdp-write.ts';

/** As `RTCIceCandidate.toJSON()`. */
export interface WireCandidate {
  readonly candidate: string;
  readonly sdpMid?: string | null;
  readonly sdpMLineIndex?: number | null;
  readonly usernameFragment?: string | null;
}

export interface LocalEndOptions extends EngineOptions {
  readonly trickle: boolean;
}

export interface LocalEndEvents {
  state(state: string): void;
  packet(bytes: Uint8Array): void;
  channel(channel: DataChannel): void;
  /** Candidates to be sent, once the description is out. */
  trickle(candidates: readonly WireCandidate[]): void;
  trouble(words: string): void;
}

/**
 * Who answers lets the offerer check first, for so long. The offerer's first check says that it has the answer; a
 * ClientHello that comes to it earlier is lost, and the next one comes a second later.
 */
const COURTESY_MS = 250;
/** A server that does not answer must not keep a call from being placed. */
const GATHERING_MS = 5000;

/** Our end of one transport: the engine, what of it was told to the far side, and what of the far side to it. */
export class LocalEnd {
  readonly engine: MediaEngine;
  readonly #options: LocalEndOptions;
  readonly #events: LocalEndEvents;
  #own: EngineTransport | undefined;
  /** Candidates that the far side has, or -1 before the description is out. */
  #told = -1;
  #toldEnd = false;
  /** Candidates that are not checked yet. */
  #waiting: string[] | undefined;
  #timer: NodeJS.Timeout | undefined;
  #place: { mid: string | undefined; index: number } = { mid: undefined, index: 0 };

  constructor(options: LocalEndOptions, events: LocalEndEvents) {
    this.#options = options;
    this.#events = events;
    this.engine = new MediaEngine(options, {
      state: (state) => events.state(state),
      packet: (bytes) => events.packet(bytes),
      channel: (channel) => events.channel(channel),
      gathered: () => this.#tell(),
    });
  }

  offer(label: string | undefined): Promise<void> {
    this.#own = this.engine.offer(label);
    return this.#gathered();
  }

  answer(remote: RemoteTransport, withData: boolean): Promise<void> {
    this.#own = this.engine.answer(remote, withData);
    this.#waiting = [];
    return this.#gathered();
  }

  async #gathered(): Promise<void> {
    if (this.#options.trickle) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, GATHERING_MS);
    });
    await Promise.race([this.engine.gathered, late]);
    clearTimeout(timer);
  }

  /** The far side's end, where we offered. */
  connect(remote: RemoteTransport, withData: boolean): void {
    this.engine.connect(remote, withData);
    this.#tell();
  }

  /** What a description says of this end. */
  describe(setup: LocalTransport['setup']): LocalTransport {
    const own = this.#own;
    if (own === undefined) throw new Error('the transport is not open');
    const { ufrag, password, fingerprint } = own;
    const early = this.#options.trickle && this.engine.remote === undefined;
    const candidates = early ? [] : [...this.engine.candidates];
    const complete = !early && this.engine.complete;
    return { ufrag, password, fingerprint, setup, candidates, complete };
  }

  /** What this end does in DTLS, where it answered. */
  get role(): LocalTransport['setup'] {
    return this.#own?.setup ?? 'actpass';
  }

  /** The description is out; `described` is what stood in it. Later candidates go by themselves. */
  announce(described: LocalTransport, mid: string | undefined, index: number): void {
    this.#place = { mid, index };
    this.#told = described.candidates.length;
    this.#toldEnd = described.complete;
    if (this.#waiting !== undefined) this.#timer = setTimeout(() => this.#checkAll(), COURTESY_MS);
    this.#tell();
  }

  /**
   * Our candidates go out once the far side is known. Until then nobody could check them but to libdatachannel's harm:
   * 0.24 starts DTLS before it has stored the fingerprint when a check comes first, and refuses the certificate
   * ("unknown CA", its pull request 1612). Who compares the certificate late has nothing to fear from it.
   */
  #tell(): void {
    if (this.#told < 0 || this.#toldEnd || !this.#options.trickle) return;
    if (this.engine.remote === undefined && this.#options.lateFingerprint !== true) return;
    const fresh = this.engine.candidates.slice(this.#told);
    this.#told = this.engine.candidates.length;
    this.#toldEnd = this.engine.complete;
    const lines = this.#toldEnd ? [...fresh, ''] : fresh;
    const place = {
      ...(this.#place.mid !== undefined ? { sdpMid: this.#place.mid } : {}),
      sdpMLineIndex: this.#place.index,
      usernameFragment: this.#own?.ufrag ?? '',
    };
    if (lines.length > 0) this.#events.trickle(lines.map((candidate) => ({ candidate, ...place })));
  }

  /** One of the far side's candidates. */
  addCandidate(candidate: string): void {
    // libjuice speaks UDP, and resolves no multicast DNS names.
    if (!/^candidate:\S+ 1 udp /i.test(candidate) || /\.local /i.test(candidate)) return;
    if (this.#waiting !== undefined) this.#waiting.push(candidate);
    else this.#check(candidate);
  }

  #check(candidate: string): void {
    try {
      this.engine.addCandidate(candidate);
    } catch (error) {
      this.#events.trouble(`candidate refused: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #checkAll(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const candidate of waiting) this.#check(candidate);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.engine.close();
  }
}
