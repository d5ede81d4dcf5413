import { randomBytes, randomInt } from 'node:crypto';
import type { MediaProfile } from '../relay/media-profile.ts';
import type { Relay, RelayedCall, RelayOptions, RelaySide } from '../relay/relay.ts';
import { RelayError } from '../relay/relay-error.ts';
import { SilenceWatch } from '../relay/silence-watch.ts';
import { SILENCE_MS } from './embedded-relay.ts';
import { NgClient } from './ng-client.ts';
import { RtpengineCall } from './rtpengine-call.ts';

export interface RtpengineRelayOptions {
  /** Where rtpengine's NG port is (`--listen-ng`). */
  readonly host: string;
  readonly port: number;
  /** How often it is asked whether it still has each call, in milliseconds; 5000 without it. */
  readonly checkMs?: number;
  /** Calls at once; 500 without it. */
  readonly calls?: number;
  /** How long a side may send nothing before its call is given up, in milliseconds; 30,000 without it. */
  readonly silenceMs?: number;
}

const CHECK_MS = 5000;
const MOST_CALLS = 500;

/** Media through an rtpengine that runs. It can transcode (`transcodeTo`) and speaks `srtp`; it carries audio alone. */
export class RtpengineRelay implements Relay {
  readonly id = 'rtpengine';
  readonly #client: NgClient;
  readonly #calls = new Set<RtpengineCall>();
  readonly #checkMs: number;
  readonly #most: number;
  readonly #silenceMs: number;
  #ticker: NodeJS.Timeout | undefined;

  constructor(options: RtpengineRelayOptions) {
    const { host, port, checkMs = CHECK_MS, calls = MOST_CALLS } = options;
    this.#client = new NgClient(host, port);
    this.#checkMs = checkMs;
    this.#most = calls;
    this.#silenceMs = options.silenceMs ?? SILENCE_MS;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Whether it answers. Rejects with RelayError `relay-unreachable` after 3 s. */
  async ping(): Promise<void> {
    await this.#client.request('ping');
  }

  async open(
    callId: string,
    profiles: Readonly<Record<RelaySide, MediaProfile>>,
    options: RelayOptions = {},
  ): Promise<RelayedCall> {
    if (this.#calls.size >= this.#most) {
      throw new RelayError('too-many', 'RFC 3261 section 21.5.4', `${this.#most} calls are relayed already`);
    }
    await this.ping();
    // Another server on the same rtpengine may use the same identifier.
    const name = `${callId}-${randomBytes(6).toString('hex')}`;
    const number = (): string => String(randomInt(1, 2 ** 47));
    const names = { caller: number(), callee: number(), stream: `relay${randomBytes(4).toString('hex')}` };
    const gone = (): void => this.#gone(call);
    const silence = new SilenceWatch(this.#silenceMs);
    const call: RtpengineCall = new RtpengineCall(this.#client, name, profiles, options, {
      ...names,
      silence,
      onClose: gone,
    });
    this.#calls.add(call);
    this.#ticker ??= setInterval(() => {
      for (const each of this.#calls) void each.check(this.#checkMs);
    }, this.#checkMs).unref();
    return call;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#calls].map((call) => call.close()));
    this.#client.close();
  }

  #gone(call: RtpengineCall): void {
    this.#calls.delete(call);
    if (this.#calls.size > 0) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }
}
