import { decodeTelephoneEvent, type RtpPacket, toDtmfDigit } from '@crosspoint/media';

const SAMPLES_PER_MS = 8;

interface HeardEvent {
  readonly ssrc: number;
  /** RTP timestamp of its beginning: it tells one event from the next (RFC 4733 section 2.2.1). */
  readonly timestamp: number;
  readonly event: number;
  duration: number;
  told: boolean;
}

/** Puts the packets of telephone-events together: each digit is told once, when it has ended. */
export class DigitReceiver {
  readonly #tell: (digit: string, durationMs: number) => void;
  #current: HeardEvent | undefined;

  constructor(tell: (digit: string, durationMs: number) => void) {
    this.#tell = tell;
  }

  /** @throws FormatError where it is no telephone-event */
  take({ ssrc, timestamp, payload }: RtpPacket): void {
    const { event, end, duration } = decodeTelephoneEvent(payload);
    let current = this.#current;
    if (current === undefined || current.ssrc !== ssrc || current.timestamp !== timestamp) {
      // A packet of an event before this one, that came late.
      if (current?.ssrc === ssrc && ((timestamp - current.timestamp) | 0) < 0) return;
      this.flush();
      current = { ssrc, timestamp, event, duration, told: false };
      this.#current = current;
    }
    current.duration = Math.max(current.duration, duration);
    if (end) this.flush();
  }

  /** Whatever was heard is all that there will be: its end may be lost. */
  flush(): void {
    const current = this.#current;
    if (current === undefined || current.told) return;
    current.told = true;
    const digit = toDtmfDigit(current.event);
    if (digit !== undefined) this.#tell(digit, current.duration / SAMPLES_PER_MS);
  }
}
