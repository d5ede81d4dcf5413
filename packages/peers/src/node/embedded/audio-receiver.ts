import {
  decodePcma,
  decodePcmu,
  decodeRtp,
  type RtpPacket,
  sequenceUnwrapper,
  timestampUnwrapper,
} from '@crosspoint/media';
import type { CodecName } from './sdp-answer.ts';

const SAMPLES_PER_MS = 8;
/** How long packets are kept for who wants to hear: more than the longest window that a check asks for. */
const KEEP_MS = 120_000;
/** The packets around one that it is played in step with, as by a jitter buffer that adapts. */
const STEP_MS = 500;
/** A packet this far out of step is of another stretch: the sender stood still, or began anew. */
const MAX_SKEW_MS = 200;

interface Piece {
  readonly arrivedAt: number;
  readonly ssrc: number;
  /** RTP timestamp in milliseconds, unwrapped within its source. */
  readonly mediaMs: number;
  readonly pcm: Int16Array;
}

export interface ReceivedAudio {
  readonly codec: CodecName | undefined;
  readonly packets: number;
  readonly lost: number;
  readonly ssrc: number | undefined;
  readonly highestSequence: number;
  /** RFC 3550 section 6.4.1, in timestamp units. */
  readonly jitter: number;
}

export interface HeardPcm {
  readonly pcm: Int16Array;
  readonly startedAt: number;
}

/** Decodes what arrives and lays it on the wall clock. */
export class AudioReceiver {
  readonly #event: (packet: RtpPacket) => void;
  #codecs: ReadonlyMap<number, CodecName> = new Map();
  #eventType: number | undefined;
  #pieces: Piece[] = [];
  #unwrap = sequenceUnwrapper();
  #unwrapTimestamp = timestampUnwrapper();
  #lowest = 0;
  #highest = 0;
  #ssrc: number | undefined;
  /** Of sources before the present one. */
  #before = { packets: 0, lost: 0 };
  #packets = 0;
  #distinct = new Set<number>();
  #codec: CodecName | undefined;
  #jitter = 0;
  #lastTransit: number | undefined;

  /** `event` is given each telephone-event packet (RFC 4733). */
  constructor(event: (packet: RtpPacket) => void = () => {}) {
    this.#event = event;
  }

  /** What the payload types mean from now on; `eventType` is that of telephone-events. */
  expect(codecs: ReadonlyMap<number, CodecName>, eventType?: number): void {
    this.#codecs = codecs;
    this.#eventType = eventType;
  }

  /** Takes one RTP packet. @throws FormatError where it is none */
  take(bytes: Uint8Array, arrivedAt: number): void {
    const packet = decodeRtp(bytes);
    if (packet.payloadType === this.#eventType) {
      if (this.#count(packet)) this.#event(packet);
      return;
    }
    const codec = this.#codecs.get(packet.payloadType);
    if (codec === undefined) return;
    if (!this.#count(packet, arrivedAt)) return;
    this.#codec = codec;
    const pcm = codec === 'PCMU' ? decodePcmu(packet.payload) : decodePcma(packet.payload);
    const mediaMs = this.#unwrapTimestamp(packet.timestamp) / SAMPLES_PER_MS;
    this.#pieces.push({ arrivedAt, ssrc: packet.ssrc, mediaMs, pcm });
    const first = this.#pieces[0]!;
    if (arrivedAt - first.arrivedAt > 2 * KEEP_MS) {
      this.#pieces = this.#pieces.filter((piece) => arrivedAt - piece.arrivedAt <= KEEP_MS);
    }
  }

  /** Without `arrivedAt` it says nothing of the jitter. @returns false for a duplicate */
  #count(packet: RtpPacket, arrivedAt?: number): boolean {
    if (packet.ssrc !== this.#ssrc) {
      this.#before = { packets: this.#packets, lost: this.lost };
      this.#ssrc = packet.ssrc;
      this.#unwrap = sequenceUnwrapper();
      this.#unwrapTimestamp = timestampUnwrapper();
      this.#distinct = new Set();
      this.#lowest = this.#highest = this.#unwrap(packet.sequenceNumber);
      this.#lastTransit = undefined;
    }
    const sequence = this.#unwrap(packet.sequenceNumber);
    if (this.#distinct.has(sequence)) return false;
    this.#distinct.add(sequence);
    this.#lowest = Math.min(this.#lowest, sequence);
    this.#highest = Math.max(this.#highest, sequence);
    this.#packets++;
    if (arrivedAt === undefined) return true;
    const transit = arrivedAt * SAMPLES_PER_MS - packet.timestamp;
    if (this.#lastTransit !== undefined) {
      this.#jitter += (Math.abs(transit - this.#lastTransit) - this.#jitter) / 16;
    }
    this.#lastTransit = transit;
    return true;
  }

  get lost(): number {
    const expected = this.#distinct.size === 0 ? 0 : this.#highest - this.#lowest + 1;
    return this.#before.lost + expected - this.#distinct.size;
  }

  get received(): ReceivedAudio {
    return {
      codec: this.#codec,
      packets: this.#packets,
      lost: this.lost,
      ssrc: this.#ssrc,
      highestSequence: this.#highest >>> 0,
      jitter: Math.round(this.#jitter) >>> 0,
    };
  }

  /** What could be heard between two times of the wall clock, without a jitter buffer; what did not arrive is silence. */
  heard(fromMs: number, toMs: number): HeardPcm {
    const pcm = new Int16Array(Math.round((toMs - fromMs) * SAMPLES_PER_MS));
    const near = this.#pieces.filter(
      ({ arrivedAt }) => arrivedAt > fromMs - 2 * STEP_MS && arrivedAt < toMs + 2 * STEP_MS,
    );
    for (const piece of near) {
      const at = Math.round((playedAt(piece, near) - fromMs) * SAMPLES_PER_MS);
      if (at <= -piece.pcm.length || at >= pcm.length) continue;
      pcm.set(piece.pcm.subarray(Math.max(0, -at), Math.max(0, pcm.length - at)), Math.max(0, at));
    }
    return { pcm, startedAt: fromMs };
  }
}

/** When the first sample of a packet is heard: at its arrival, but in step with the least delayed packets around it. */
function playedAt(piece: Piece, pieces: readonly Piece[]): number {
  const own = piece.arrivedAt - piece.mediaMs;
  let least = own;
  for (const other of pieces) {
    if (other.ssrc !== piece.ssrc || Math.abs(other.arrivedAt - piece.arrivedAt) > STEP_MS) continue;
    const offset = other.arrivedAt - other.mediaMs;
    if (offset < least && own - offset < MAX_SKEW_MS) least = offset;
  }
  return least + piece.mediaMs;
}
