import type { DataChannel } from 'node-datachannel';
import type { EngineTransport } from './engine-sdp.ts';
import type { IceServerEntry } from './ice-servers.ts';
import { MediaEngine } from './media-engine.ts';
import type { RemoteTransport } from './sdp-read.ts';
import type { LocalTransport } from './sdp-write.ts';

/** As `RTCIceCandidate.toJSON()`. */
export interface WireCandidate {
  readonly candidate: string;
  readonly sdpMid?: string | null;
  readonly sdpMLineIndex?: number | null;
  readonly usernameFragment?: string | null;
}

export interface LocalEndOptions {
  readonly iceServers: readonly IceServerEntry[];
  readonly ssrc: number;
  readonly trickle: boolean;
}

export interface LocalEndEvents {
  state(state: string): void;
  packet(bytes: Uint8Array): void;
  channel(channel: DataChannel): void;
  /** Candidates to be sent, once the description is out. */
  trickle(candidates: readonly WireCandidate[]): void;
}

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

  /** What a description says of this end. */
  describe(setup: LocalTransport['setup']): LocalTransport {
    const own = this.#own;
    if (own === undefined) throw new Error('the transport is not open');
    const { ufrag, password, fingerprint } = own;
    const { candidates, complete } = this.engine;
    return { ufrag, password, fingerprint, setup, candidates: [...candidates], complete };
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
    this.#tell();
  }

  #tell(): void {
    if (this.#told < 0 || this.#toldEnd || !this.#options.trickle) return;
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

  /** One of the far side's candidates. @returns what is wrong with it, in words */
  addCandidate(candidate: string): string | undefined {
    // libjuice speaks UDP, and resolves no multicast DNS names.
    if (!/^candidate:\S+ 1 udp /i.test(candidate) || /\.local /i.test(candidate)) return undefined;
    try {
      this.engine.addCandidate(candidate);
      return undefined;
    } catch (error) {
      return `candidate refused: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  close(): void {
    this.engine.close();
  }
}
