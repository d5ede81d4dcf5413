import { encodePcma, encodePcmu, encodeRtp, renderPattern, toInt16 } from '@crosspoint/media';
import type { DigitSlot } from './digit-train.ts';
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

/** A slot that waits for its turn. `done` is told after the last of one order. */
interface WaitingSlot {
  readonly slot: DigitSlot;
  readonly payloadType: number;
  readonly done?: (out: boolean) => void;
}

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
  #digits: WaitingSlot[] = [];
  /** Number of the packet in which the digit under way began. */
  #digitBegan = 0;

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
    if (codec === undefined) this.#dropDigits();
    else if (this.#timer === undefined) this.#start();
  }

  /** Sends digits in the place of sound. @returns whether all of them went out */
  dial(slots: readonly DigitSlot[], payloadType: number): Promise<boolean> {
    if (this.#codec === undefined) return Promise.resolve(false);
    return new Promise((done) => {
      slots.forEach((slot, at) => {
        this.#digits.push({ slot, payloadType, ...(at === slots.length - 1 ? { done } : {}) });
      });
    });
  }

  #dropDigits(): void {
    for (const { done } of this.#digits.splice(0)) done?.(false);
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
    const waiting = this.#digits.shift();
    const out =
      waiting?.slot.kind === 'event'
        ? this.#sendDigit(number, waiting.slot, waiting.payloadType)
        : this.#sendSound(number, codec);
    waiting?.done?.(out);
  }

  #sendSound(number: number, codec: LocalAudio): boolean {
    const sound = this.#silent
      ? new Int16Array(PACKET_SAMPLES)
      : toInt16(
          renderPattern(this.#pattern, {
            sampleRate: SAMPLE_RATE,
            startWallClockMs: this.#startedAt + number * PACKET_MS,
            frames: PACKET_SAMPLES,
          }),
        );
    const payload = codec.name === 'PCMU' ? encodePcmu(sound) : encodePcma(sound);
    return this.#sendPacket(number, number, codec.payloadType, payload, this.#sent.packets === 0);
  }

  /** All packets of one event carry the timestamp of its beginning (RFC 4733 section 2.2.1). */
  #sendDigit(number: number, slot: DigitSlot & { kind: 'event' }, payloadType: number): boolean {
    if (slot.first) this.#digitBegan = number;
    return this.#sendPacket(number, this.#digitBegan, payloadType, slot.payload, slot.first);
  }

  #sendPacket(
    number: number,
    began: number,
    payloadType: number,
    payload: Uint8Array,
    marker: boolean,
  ): boolean {
    const packet = encodeRtp({
      marker,
      payloadType,
      sequenceNumber: this.#sequence,
      timestamp: this.#timestampOf(began),
      ssrc: this.ssrc,
      payload,
    });
    if (!this.#send(packet)) return false;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#sent = {
      packets: this.#sent.packets + 1,
      octets: this.#sent.octets + payload.length,
      timestamp: this.#timestampOf(number),
    };
    return true;
  }

  #timestampOf(number: number): number {
    return (this.#timestampBase + number * PACKET_SAMPLES) >>> 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.use(undefined);
  }
}
