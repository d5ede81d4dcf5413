import { decodeRtcp, encodeRtcp, isRtcp, type ReportBlock } from '@crosspoint/media';
import { AudioReceiver, type HeardPcm, type ReceivedAudio } from './audio-receiver.ts';
import { AudioSender, evenWallClock, type SentAudio } from './audio-sender.ts';
import { DigitReceiver } from './digit-receiver.ts';
import { digitSlots } from './digit-train.ts';
import { type CodecName, receives, sends } from './sdp-answer.ts';
import type { LocalSection } from './sdp-write.ts';

/** RFC 3550 section 6.2: reports each few seconds; browsers do so each second for audio. */
const REPORT_MS = 1000;
/** 1900 to 1970, in seconds. */
const NTP_EPOCH = 2_208_988_800;
/** What arrives at the end of a window may be this late. */
const LATE_MS = 40;

export interface AudioFigures {
  readonly sentCodec: CodecName | undefined;
  readonly sent: SentAudio;
  readonly received: ReceivedAudio;
  readonly roundTripMs: number | undefined;
}

/** Payload types of telephone-events (RFC 4733), as agreed. */
export interface EventTypes {
  readonly sent: number;
  readonly received: number;
}

export interface AudioSessionOptions {
  readonly ssrc: number;
  readonly pattern: number;
  readonly random: () => number;
  /** Told of each digit that came, at its end. */
  readonly digit?: (digit: string, durationMs: number) => void;
}

/** 48 kHz taken for 8. */
const WRONG_CLOCK = 6;

/** The sound of one call: the pattern one way, what is heard the other way, and RTCP about both. */
export class AudioSession {
  readonly ssrc: number;
  readonly #sender: AudioSender;
  readonly #receiver: AudioReceiver;
  readonly #digits: DigitReceiver;
  readonly #send: (packet: Uint8Array) => boolean;
  readonly #trouble: (words: string) => void;
  readonly #reports: NodeJS.Timeout;
  #lastReport: { middle: number; at: number } | undefined;
  #roundTripMs: number | undefined;
  #sentCodec: CodecName | undefined;
  #eventType: number | undefined;
  #hasTrouble = false;
  #impaired = false;
  /** A seeded defect: a clock rate taken for another makes each digit as many times too long (RFC 4733 section 2.1). */
  longDigits = false;
  #holding = false;

  constructor(
    options: AudioSessionOptions,
    send: (packet: Uint8Array) => boolean,
    trouble: (words: string) => void,
  ) {
    this.ssrc = options.ssrc;
    this.#send = send;
    this.#trouble = trouble;
    this.#digits = new DigitReceiver(options.digit ?? (() => {}));
    this.#receiver = new AudioReceiver((packet) => this.#digits.take(packet));
    this.#sender = new AudioSender(options.ssrc, options.pattern, options.random, send);
    this.#reports = setInterval(() => this.#report(), REPORT_MS);
  }

  /** What was agreed: from now on this is sent, and what comes is read so. */
  agree(section: LocalSection | undefined, events?: EventTypes): void {
    const audio = section?.use === 'audio' ? section : undefined;
    const first = audio !== undefined && sends(audio.direction) ? audio.codecs[0] : undefined;
    this.#sender.use(first);
    this.#sentCodec = first?.name ?? this.#sentCodec;
    const heard = audio !== undefined && receives(audio.direction) ? audio.codecs : [];
    this.#receiver.expect(new Map(heard.map((codec) => [codec.payloadType, codec.name])), events?.received);
    this.#eventType = events?.sent;
  }

  /**
   * Sends digits, and answers once they are out.
   * @throws FormatError for a character that is no digit, Error where they cannot be sent
   */
  async dial(digits: string, durationMs: number): Promise<void> {
    if (this.#eventType === undefined) throw new Error('no telephone-events were agreed in this call');
    const ms = this.longDigits ? durationMs * WRONG_CLOCK : durationMs;
    const out = await this.#sender.dial(digitSlots(digits, ms), this.#eventType);
    if (!out) throw new Error('nothing can be sent now');
  }

  set impaired(on: boolean) {
    this.#impaired = on;
    this.#sender.silent = this.#impaired || this.#holding;
  }

  /** Who holds sends silence. */
  set holding(on: boolean) {
    this.#holding = on;
    this.#sender.silent = this.#impaired || this.#holding;
  }

  /** A packet that came. */
  take(bytes: Uint8Array): void {
    const arrivedAt = evenWallClock();
    try {
      if (isRtcp(bytes)) this.#takeReports(bytes, arrivedAt);
      else this.#receiver.take(bytes, arrivedAt);
    } catch (error) {
      // One word is enough: a far side that sends nonsense sends it fifty times a second.
      if (!this.#hasTrouble) this.#trouble(`RTP: ${error instanceof Error ? error.message : String(error)}`);
      this.#hasTrouble = true;
    }
  }

  #takeReports(bytes: Uint8Array, arrivedAt: number): void {
    for (const packet of decodeRtcp(bytes)) {
      if (packet.kind !== 'sr' && packet.kind !== 'rr') continue;
      if (packet.kind === 'sr') {
        const middle = ((packet.ntpSeconds << 16) | (packet.ntpFraction >>> 16)) >>> 0;
        this.#lastReport = { middle, at: arrivedAt };
      }
      for (const report of packet.reports) {
        if (report.ssrc !== this.ssrc || report.lastSr === 0) continue;
        // RFC 3550 section 6.4.1: arrival - LSR - DLSR, in 1/65536 s.
        const trip = (middleOf(arrivedAt) - report.lastSr - report.delaySinceLastSr) | 0;
        if (trip >= 0) this.#roundTripMs = (trip * 1000) / 65536;
      }
    }
  }

  #report(): void {
    const received = this.#receiver.received;
    const now = evenWallClock();
    const reports: ReportBlock[] =
      received.ssrc === undefined
        ? []
        : [
            {
              ssrc: received.ssrc,
              fractionLost: 0,
              cumulativeLost: received.lost,
              highestSequence: received.highestSequence,
              jitter: received.jitter,
              lastSr: this.#lastReport?.middle ?? 0,
              delaySinceLastSr:
                this.#lastReport === undefined ? 0 : Math.round(((now - this.#lastReport.at) * 65536) / 1000),
            },
          ];
    const cname = {
      kind: 'sdes',
      chunks: [{ ssrc: this.ssrc, items: [{ type: 1, text: 'embedded' }] }],
    } as const;
    const profileExtension = new Uint8Array();
    const { packets, octets, timestamp } = this.#sender.sent;
    const ntp = toNtp(now);
    this.#send(
      encodeRtcp([
        this.#sender.codec === undefined || packets === 0
          ? { kind: 'rr', ssrc: this.ssrc, reports, profileExtension }
          : {
              kind: 'sr',
              ssrc: this.ssrc,
              ntpSeconds: ntp.seconds,
              ntpFraction: ntp.fraction,
              rtpTimestamp: timestamp,
              packetCount: packets,
              octetCount: octets,
              reports,
              profileExtension,
            },
        cname,
      ]),
    );
  }

  /** Listens for so long; what does not come is silence. */
  async hear(ms: number): Promise<HeardPcm> {
    const from = evenWallClock();
    await new Promise((resolve) => setTimeout(resolve, ms + LATE_MS));
    return this.#receiver.heard(from, from + ms);
  }

  get figures(): AudioFigures {
    return {
      sentCodec: this.#sentCodec,
      sent: this.#sender.sent,
      received: this.#receiver.received,
      roundTripMs: this.#roundTripMs,
    };
  }

  stop(): void {
    clearInterval(this.#reports);
    this.#digits.flush();
    this.#sender.stop();
  }
}

function toNtp(wallClockMs: number): { seconds: number; fraction: number } {
  const seconds = wallClockMs / 1000 + NTP_EPOCH;
  return { seconds: Math.floor(seconds) >>> 0, fraction: Math.floor((seconds % 1) * 2 ** 32) >>> 0 };
}

/** The middle 32 bits of an NTP time. */
function middleOf(wallClockMs: number): number {
  const { seconds, fraction } = toNtp(wallClockMs);
  return ((seconds << 16) | (fraction >>> 16)) >>> 0;
}
