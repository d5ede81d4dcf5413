import { randomInt } from 'node:crypto';
import type { MediaProfile } from '../relay/media-profile.ts';
import type { Relay, RelayedCall, RelayOptions, RelaySide } from '../relay/relay.ts';
import { RelayError } from '../relay/relay-error.ts';
import { EmbeddedCall } from './embedded-call.ts';

export interface EmbeddedRelayOptions {
  /** The address of this machine that media is anchored at, as it is written into descriptions. */
  readonly address: string;
  /** UDP ports to use, both ends included; those of the system for WebRTC and 20000-59999 for RTP without it. */
  readonly ports?: { readonly from: number; readonly to: number };
  /** Calls at once; 500 without it. */
  readonly calls?: number;
  /** Packets a second that one side of one call may send, RTP and RTCP; 3000 without it. */
  readonly packetsPerSecond?: number;
  /** How long a side may send nothing before its call is given up, in milliseconds; 30,000 without it. */
  readonly silenceMs?: number;
}

export interface EmbeddedRelaySettings {
  readonly address: string;
  readonly ports: { readonly from: number; readonly to: number } | undefined;
  readonly packetsPerSecond: number;
  readonly silenceMs: number;
  readonly random: () => number;
}

const MOST_CALLS = 500;
const MOST_PACKETS = 3000;
export const SILENCE_MS = 30_000;
const PRECISION = 2 ** 47;

/**
 * The relay in this process: ICE and DTLS-SRTP by libdatachannel on a WebRTC side, two UDP ports for each m-line on a
 * plain one. It changes payload types and nothing else of a packet, so it does not transcode.
 */
export class EmbeddedRelay implements Relay {
  readonly id = 'embedded';
  readonly #settings: EmbeddedRelaySettings;
  readonly #most: number;
  readonly #calls = new Set<EmbeddedCall>();
  #ticker: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: EmbeddedRelayOptions) {
    const { address, ports, calls = MOST_CALLS, packetsPerSecond = MOST_PACKETS } = options;
    this.#most = calls;
    this.#settings = {
      address,
      ports,
      packetsPerSecond,
      silenceMs: options.silenceMs ?? SILENCE_MS,
      // Port numbers and session names that a stranger cannot guess.
      random: () => randomInt(PRECISION) / PRECISION,
    };
  }

  /** Calls that are open. */
  get size(): number {
    return this.#calls.size;
  }

  async open(
    _callId: string,
    profiles: Readonly<Record<RelaySide, MediaProfile>>,
    options: RelayOptions = {},
  ): Promise<RelayedCall> {
    if (this.#closed) throw new RelayError('closed', 'RFC 3261 section 15', 'the relay is closed');
    if (this.#calls.size >= this.#most) {
      throw new RelayError('too-many', 'RFC 3261 section 21.5.4', `${this.#most} calls are relayed already`);
    }
    // Without a transcoder a call may still have one of these codecs on both sides.
    const { transcodeTo, ...rest } = options;
    const cut =
      rest.codecs === undefined && transcodeTo !== undefined ? { ...rest, codecs: transcodeTo } : rest;
    const call: EmbeddedCall = new EmbeddedCall(profiles, cut, this.#settings, () => this.#gone(call));
    this.#calls.add(call);
    this.#ticker ??= setInterval(() => {
      for (const each of this.#calls) each.tick();
    }, 1000).unref();
    return call;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#calls].map((call) => call.close()));
  }

  #gone(call: EmbeddedCall): void {
    this.#calls.delete(call);
    if (this.#calls.size > 0) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }
}
