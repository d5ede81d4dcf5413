import { toDtmfDigit } from '../codec/telephone-event.ts';
import type { RelayFlow } from './statistics.ts';

const MOST_DIGITS = 256;
/** A jump this far is another beginning and no loss. */
const GREATEST_GAP = 3000;

/** Counts what goes one way; written to for each packet, so its fields are plain. */
export class FlowCount {
  packets = 0;
  octets = 0;
  rtcpPackets = 0;
  feedbackRemoved = 0;
  strangers = 0;
  payloadType = 0;
  malformed = 0;
  rate = 0;
  #lost = 0;
  #digits = '';
  #lastEvent = '';
  readonly #highest = new Map<number, number>();
  #ssrc = -1;
  #last = 0;

  /** A packet that is sent on. Gives its synchronisation source where that is another than the last one's. */
  count(packet: Uint8Array): number | undefined {
    this.packets++;
    this.octets += packet.length;
    const sequence = (packet[2]! << 8) | packet[3]!;
    const ssrc = ((packet[8]! << 24) | (packet[9]! << 16) | (packet[10]! << 8) | packet[11]!) >>> 0;
    if (ssrc !== this.#ssrc) {
      this.#switch(ssrc, sequence);
      return ssrc;
    }
    const ahead = (sequence - this.#last) & 0xffff;
    if (ahead === 1) this.#last = sequence;
    else if (ahead > 0x8000) this.#lost = Math.max(0, this.#lost - 1);
    else if (ahead > 0) {
      if (ahead < GREATEST_GAP) this.#lost += ahead - 1;
      this.#last = sequence;
    }
    return undefined;
  }

  #switch(ssrc: number, sequence: number): void {
    if (this.#ssrc >= 0) this.#highest.set(this.#ssrc, this.#last);
    // Sources come from outside: a flood of them must not fill the memory.
    if (this.#highest.size > 64) this.#highest.clear();
    const last = this.#highest.get(ssrc);
    this.#ssrc = ssrc;
    const ahead = last === undefined ? 1 : (sequence - last) & 0xffff;
    if (ahead > 1 && ahead < GREATEST_GAP) this.#lost += ahead - 1;
    this.#last = ahead < 0x8000 ? sequence : last!;
  }

  /** A telephone-event packet that is sent on; its end is told once, though it comes three times. */
  countEvent(packet: Uint8Array): void {
    const at = 12 + 4 * (packet[0]! & 0x0f) + extensionLength(packet);
    if (at + 4 > packet.length || (packet[at + 1]! & 0x80) === 0) return;
    const event = `${packet[at]} ${packet.subarray(4, 12).join(' ')}`;
    if (event === this.#lastEvent) return;
    this.#lastEvent = event;
    const digit = toDtmfDigit(packet[at]!);
    if (digit !== undefined && this.#digits.length < MOST_DIGITS) this.#digits += digit;
  }

  /** Whatever came that was media or a report of it. */
  get heard(): number {
    return this.packets + this.rtcpPackets + this.feedbackRemoved;
  }

  read(): RelayFlow {
    const { packets, octets, rtcpPackets, feedbackRemoved, strangers, payloadType, malformed, rate } = this;
    const refused = { strangers, payloadType, malformed, rate };
    return { packets, octets, lost: this.#lost, rtcpPackets, feedbackRemoved, digits: this.#digits, refused };
  }
}

function extensionLength(packet: Uint8Array): number {
  if ((packet[0]! & 0x10) === 0) return 0;
  const at = 12 + 4 * (packet[0]! & 0x0f);
  return 4 + 4 * (((packet[at + 2] ?? 0) << 8) | (packet[at + 3] ?? 0));
}
