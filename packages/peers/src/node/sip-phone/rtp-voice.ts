import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import {
  decodeRtp,
  decodeTelephoneEvent,
  encodePcma,
  encodePcmu,
  encodeRtp,
  isRtcp,
  renderPattern,
  telephoneEventTrain,
  toDtmfDigit,
  toInt16,
} from '@crosspoint/media';
import type { Heard, PeerStats } from '../../contract.ts';
import { AudioReceiver } from '../embedded/audio-receiver.ts';
import { evenWallClock } from '../embedded/audio-sender.ts';
import type { RtpAgreement } from './rtp-description.ts';

const RATE = 8000;
const PACKET_MS = 20;
const PACKET_SAMPLES = (RATE * PACKET_MS) / 1000;
const MAX_BEHIND_MS = 400;
/** Between two digits. */
const PAUSE_PACKETS = 4;

interface DuePacket {
  readonly payload: Uint8Array;
  readonly marker: boolean;
}

export interface RtpVoiceEvents {
  /** The first packet came. */
  media(): void;
  dtmf(digit: string, durationMs: number): void;
}

/** The sound of a phone that has none: plain RTP with G.711 and telephone-events, a pattern out, what comes in kept. */
export class RtpVoice {
  readonly port: number;
  readonly #socket: Socket;
  readonly #pattern: number;
  readonly #events: RtpVoiceEvents;
  readonly #receiver = new AudioReceiver();
  readonly #ssrc = randomInt(1, 0xffff_ffff);
  readonly #timestampBase = randomInt(0x8000_0000);
  #sequence = randomInt(0x8000);
  #agreed: RtpAgreement | undefined;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #next = 0;
  #sent = 0;
  #heardAny = false;
  #lastEventAt = -1;
  /** Digits that wait, a packet each; `undefined` is a pause. */
  #digits: (DuePacket | undefined)[] = [];
  #digitTimestamp = 0;
  #dialled: (() => void) | undefined;

  private constructor(socket: Socket, pattern: number, events: RtpVoiceEvents) {
    this.#socket = socket;
    this.port = socket.address().port;
    this.#pattern = pattern;
    this.#events = events;
    socket.on('error', () => {});
    socket.on('message', (bytes) => this.#take(bytes));
  }

  /** @throws Error where the port cannot be bound */
  static async open(
    address: string,
    port: number,
    pattern: number,
    events: RtpVoiceEvents,
  ): Promise<RtpVoice> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, address, resolve);
    });
    return new RtpVoice(socket, pattern, events);
  }

  /** What was agreed: where to and what to send from now on. */
  agree(agreed: RtpAgreement): void {
    this.#agreed = agreed;
    this.#receiver.expect(agreed.codecs);
    if (this.#timer !== undefined) return;
    this.#startedAt = evenWallClock();
    this.#next = 0;
    this.#wait();
  }

  get dialling(): boolean {
    return this.#digits.length > 0;
  }

  /** Sends digits as telephone-events. @throws Error where these were not agreed */
  async dial(digits: string, durationMs: number): Promise<void> {
    if (this.#agreed?.eventType === undefined) throw new Error('no telephone-event was agreed');
    for (const digit of digits) {
      for (const { payload, marker } of telephoneEventTrain({ digit, durationMs, packetMs: PACKET_MS })) {
        this.#digits.push({ payload, marker });
      }
      for (let packet = 0; packet < PAUSE_PACKETS; packet += 1) this.#digits.push(undefined);
    }
    await new Promise<void>((resolve) => {
      this.#dialled = resolve;
    });
  }

  /** What arrives in the next milliseconds. */
  async hear(ms: number): Promise<Heard> {
    const from = evenWallClock();
    await new Promise((resolve) => setTimeout(resolve, ms + 2 * PACKET_MS));
    const { pcm, startedAt } = this.#receiver.heard(from, from + ms);
    const bytes = Buffer.alloc(2 * pcm.length);
    for (let at = 0; at < pcm.length; at += 1) bytes.writeInt16LE(pcm[at]!, 2 * at);
    return { sampleRate: RATE, pcm: bytes.toString('base64'), startedAt };
  }

  get stats(): PeerStats {
    const { codec, packets, lost } = this.#receiver.received;
    const agreed = this.#agreed;
    return {
      transport: {
        ...(this.#heardAny ? { state: 'connected' } : {}),
        protocol: 'udp',
        ...(agreed === undefined ? {} : { remote: `${agreed.address}:${agreed.port}` }),
      },
      audio: {
        sent: { packets: this.#sent, ...(agreed === undefined ? {} : { codec: agreed.codec.name }) },
        received: { packets, lost, ...(codec === undefined ? {} : { codec }) },
      },
    };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#dialled?.();
    this.#socket.close();
  }

  #take(bytes: Buffer): void {
    if (isRtcp(bytes)) return;
    try {
      const packet = decodeRtp(bytes);
      if (packet.payloadType === this.#agreed?.eventType) {
        this.#takeEvent(packet.timestamp, packet.payload);
        return;
      }
      this.#receiver.take(bytes, evenWallClock());
    } catch {
      // Not RTP: a phone without ICE ignores what else comes to its port.
      return;
    }
    if (this.#heardAny) return;
    this.#heardAny = true;
    this.#events.media();
  }

  #takeEvent(timestamp: number, payload: Uint8Array): void {
    const { event, end, duration } = decodeTelephoneEvent(payload);
    const digit = toDtmfDigit(event);
    // The end is sent three times with the same timestamp (RFC 4733 section 2.5.1.4).
    if (!end || timestamp === this.#lastEventAt || digit === undefined) return;
    this.#lastEventAt = timestamp;
    this.#events.dtmf(digit, (duration * 1000) / RATE);
  }

  #wait(): void {
    const due = this.#startedAt + (this.#next + 1) * PACKET_MS;
    this.#timer = setTimeout(() => this.#run(), Math.max(0, due - evenWallClock()));
  }

  #run(): void {
    const now = evenWallClock();
    const behind = now - (this.#startedAt + (this.#next + 1) * PACKET_MS);
    if (behind > MAX_BEHIND_MS) this.#next += Math.floor(behind / PACKET_MS);
    while (this.#startedAt + (this.#next + 1) * PACKET_MS <= now) this.#packet();
    this.#wait();
  }

  #packet(): void {
    const number = this.#next++;
    const agreed = this.#agreed;
    if (agreed === undefined) return;
    const timestamp = (this.#timestampBase + number * PACKET_SAMPLES) >>> 0;
    const digit = this.#nextDigit();
    if (!agreed.sends) return;
    if (digit !== undefined && agreed.eventType !== undefined) {
      if (digit.marker) this.#digitTimestamp = timestamp;
      this.#send(agreed, { ...digit, payloadType: agreed.eventType, timestamp: this.#digitTimestamp });
      return;
    }
    const startWallClockMs = this.#startedAt + number * PACKET_MS;
    const sound = toInt16(
      renderPattern(this.#pattern, { sampleRate: RATE, startWallClockMs, frames: PACKET_SAMPLES }),
    );
    const payload = agreed.codec.name === 'PCMU' ? encodePcmu(sound) : encodePcma(sound);
    this.#send(agreed, {
      marker: this.#sent === 0,
      payload,
      payloadType: agreed.codec.payloadType,
      timestamp,
    });
  }

  #nextDigit(): DuePacket | undefined {
    if (this.#digits.length === 0) return undefined;
    const digit = this.#digits.shift();
    if (this.#digits.length === 0) this.#dialled?.();
    return digit;
  }

  #send(
    agreed: RtpAgreement,
    packet: { marker: boolean; payload: Uint8Array; payloadType: number; timestamp: number },
  ): void {
    const bytes = encodeRtp({ ...packet, sequenceNumber: this.#sequence, ssrc: this.#ssrc });
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#sent += 1;
    this.#socket.send(bytes, agreed.port, agreed.address);
  }
}
