import { encodePcma, encodePcmu, encodeRtp, renderPattern, toInt16 } from '@crosspoint/media';
import type { LocalAudio } from './sdp-write.ts';

const SAMPLE_RATE = 8000;
const PACKET_MS = 20;
const PACKET_SAMPLES = (SAMPLE_RATE * PACKET_MS) / 1000;
/** A process that was stopped for longer does not flood the far side with what it has missed. */
const MAX_BEHIND_MS = 400;

export interface SentAudio {
  readonly packets: number;
  readonly octets: number;
  /** Of the last packet. */
  readonly timestamp: number;
  readonly ssrc: number;
}

/** Wall clock in milliseconds that runs evenly: an adjusted system clock must not tear the pattern. */
export const evenWallClock = (): number => performance.timeOrigin + performance.now();

/** Sends a pattern as G.711, a packet each 20 ms by a clock that does not drift. */
export class AudioSender {
  readonly ssrc: number;
  readonly #pattern: number;
  readonly #send: (packet: Uint8Array) => boolean;
  readonly #timestampBase: number;
  #codec: LocalAudio | undefined;
  #silent = false;
  #timer: NodeJS.Timeout | undefined;
  /** Number of the next packet since `#startedAt`. */
  #next = 0;
  #startedAt = 0;
  #sequence: number;
  #sent = { packets: 0, octets: 0, timestamp: 0 };

  constructor(ssrc: number, pattern: number, random: () => number, send: (packet: Uint8Array) => boolean) {
    this.ssrc = ssrc;
    this.#pattern = pattern;
    this.#send = send;
    this.#sequence = Math.floor(random() * 0x8000);
    this.#timestampBase = Math.floor(random() * 0x8000_0000);
  }

  /** From now on this codec; `undefined`: nothing is sent. */
  use(codec: LocalAudio | undefined): void {
    this.#codec = codec;
    if (codec !== undefined && this.#timer === undefined) this.#start();
  }

  get codec(): LocalAudio | undefined {
    return this.#codec;
  }

  /** Packets go on, with nothing in them. */
  set silent(on: boolean) {
    this.#silent = on;
  }

  get sent(): SentAudio {
    return { ...this.#sent, ssrc: this.ssrc };
  }

  #start(): void {
    this.#startedAt = evenWallClock();
    this.#next = 0;
    this.#wait();
  }

  #wait(): void {
    const due = this.#startedAt + (this.#next + 1) * PACKET_MS;
    this.#timer = setTimeout(() => this.#run(), Math.max(0, due - evenWallClock()));
  }

  #run(): void {
    const now = evenWallClock();
    const behind = now - (this.#startedAt + (this.#next + 1) * PACKET_MS);
    if (behind > MAX_BEHIND_MS) this.#next += Math.floor(behind / PACKET_MS);
    // A packet leaves when its last sample has been: as from a microphone.
    while (this.#startedAt + (this.#next + 1) * PACKET_MS <= now) this.#packet();
    this.#wait();
  }

  #packet(): void {
    const number = this.#next++;
    const codec = this.#codec;
    if (codec === undefined) return;
    const sound = this.#silent
      ? new Int16Array(PACKET_SAMPLES)
      : toInt16(
          renderPattern(this.#pattern, {
            sampleRate: SAMPLE_RATE,
            startWallClockMs: this.#startedAt + number * PACKET_MS,
            frames: PACKET_SAMPLES,
          }),
        );
    const timestamp = (this.#timestampBase + number * PACKET_SAMPLES) >>> 0;
    const packet = encodeRtp({
      marker: this.#sent.packets === 0,
      payloadType: codec.payloadType,
      sequenceNumber: this.#sequence,
      timestamp,
      ssrc: this.ssrc,
      payload: codec.name === 'PCMU' ? encodePcmu(sound) : encodePcma(sound),
    });
    if (!this.#send(packet)) return;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#sent = {
      packets: this.#sent.packets + 1,
      octets: this.#sent.octets + PACKET_SAMPLES,
      timestamp,
    };
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#codec = undefined;
  }
}
