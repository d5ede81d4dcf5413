import { FormatError } from '../format-error.ts';

const CLAUSE = 'RFC 4733 section 2.3';
const DIGITS = '0123456789*#ABCD';

/** The payload of one telephone-event packet (RFC 4733 section 2.3). */
export interface TelephoneEvent {
  /** 0..15 are the DTMF digits (section 3.2), 16 is flash. */
  readonly event: number;
  readonly end: boolean;
  /** Power level in -dBm0, 0..63. */
  readonly volume: number;
  /** In timestamp units, 0..65535. */
  readonly duration: number;
}

/** @throws FormatError when fewer than four octets are given. */
export function decodeTelephoneEvent(payload: Uint8Array): TelephoneEvent {
  if (payload.length < 4) {
    throw new FormatError('truncated', payload.length, CLAUSE, 'telephone-event shorter than four octets');
  }
  const flags = payload[1]!;
  return {
    event: payload[0]!,
    end: (flags & 0x80) !== 0,
    volume: flags & 0x3f,
    duration: (payload[2]! << 8) | payload[3]!,
  };
}

/** @throws FormatError when a field is outside its width. */
export function encodeTelephoneEvent({ event, end, volume, duration }: TelephoneEvent): Uint8Array {
  if (event < 0 || event > 255)
    throw new FormatError('bad-value', 0, CLAUSE, `event ${event} is not in 0..255`);
  if (volume < 0 || volume > 63)
    throw new FormatError('bad-value', 1, CLAUSE, `volume ${volume} is not in 0..63`);
  if (duration < 0 || duration > 0xffff) {
    throw new FormatError('bad-value', 2, CLAUSE, `duration ${duration} is not in 0..65535`);
  }
  return Uint8Array.of(event, (end ? 0x80 : 0) | volume, duration >> 8, duration & 0xff);
}

/** The DTMF digit of an event code (`0-9 * # A-D`), or undefined for the other events (RFC 4733 section 3.2). */
export function toDtmfDigit(event: number): string | undefined {
  return DIGITS[event];
}

/** The event code of a DTMF digit, or undefined when it is none. */
export function fromDtmfDigit(digit: string): number | undefined {
  const event = digit.length === 1 ? DIGITS.indexOf(digit.toUpperCase()) : -1;
  return event < 0 ? undefined : event;
}

/** One packet of an event's train; every packet of it carries the RTP timestamp of the event's beginning. */
export interface TelephoneEventPacket {
  /** Milliseconds after the event's beginning at which the packet is due. */
  readonly atMs: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

/**
 * The train of packets for one digit: an update every `packetMs` with growing duration, the first with the
 * marker bit, and the end sent three times (RFC 4733 sections 2.5.1.2 to 2.5.1.4).
 * `clockRate` is the payload's RTP clock in Hz, `volume` is in -dBm0.
 * @throws FormatError for a character that is no DTMF digit.
 */
export function telephoneEventTrain(options: {
  readonly digit: string;
  readonly durationMs: number;
  readonly clockRate?: number;
  readonly packetMs?: number;
  readonly volume?: number;
}): TelephoneEventPacket[] {
  const { digit, durationMs, clockRate = 8000, packetMs = 20, volume = 10 } = options;
  const event = fromDtmfDigit(digit);
  if (event === undefined) {
    throw new FormatError(
      'bad-value',
      0,
      'RFC 4733 section 3.2',
      `${JSON.stringify(digit)} is no DTMF digit`,
    );
  }
  const packets: TelephoneEventPacket[] = [];
  const add = (atMs: number, soFarMs: number, end: boolean) => {
    const duration = Math.min(0xffff, Math.round((soFarMs * clockRate) / 1000));
    packets.push({
      atMs,
      marker: packets.length === 0,
      payload: encodeTelephoneEvent({ event, end, volume, duration }),
    });
  };
  for (let atMs = packetMs; atMs < durationMs; atMs += packetMs) add(atMs, atMs, false);
  for (let again = 0; again < 3; again += 1) add(durationMs + again * packetMs, durationMs, true);
  return packets;
}
