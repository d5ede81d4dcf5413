import { FormatError } from '../format-error.ts';

/** One report block of an SR or RR (RFC 3550 section 6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** Loss since the last report in 1/256. */
  readonly fractionLost: number;
  /** Signed 24 bits: duplicates can make it negative. */
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** In timestamp units. */
  readonly jitter: number;
  readonly lastSr: number;
  /** In 1/65536 seconds. */
  readonly delaySinceLastSr: number;
}

export interface SenderReport {
  readonly kind: 'sr';
  readonly ssrc: number;
  /** NTP time: seconds since 1900 and the fraction in 2^-32 seconds. */
  readonly ntpSeconds: number;
  readonly ntpFraction: number;
  readonly rtpTimestamp: number;
  readonly packetCount: number;
  readonly octetCount: number;
  readonly reports: readonly ReportBlock[];
  readonly profileExtension: Uint8Array;
}

export interface ReceiverReport {
  readonly kind: 'rr';
  readonly ssrc: number;
  readonly reports: readonly ReportBlock[];
  readonly profileExtension: Uint8Array;
}

/** `type` 1 is CNAME (RFC 3550 section 6.5). */
export interface SdesItem {
  readonly type: number;
  readonly text: string;
}

export interface SourceDescription {
  readonly kind: 'sdes';
  readonly chunks: readonly { readonly ssrc: number; readonly items: readonly SdesItem[] }[];
}

export interface Goodbye {
  readonly kind: 'bye';
  readonly sources: readonly number[];
  readonly reason?: string;
}

/** Transport (205) and payload-specific (206) feedback with its control information raw (RFC 4585 section 6.1). */
export interface Feedback {
  readonly kind: 'feedback';
  readonly packetType: 205 | 206;
  readonly format: number;
  readonly senderSsrc: number;
  readonly mediaSsrc: number;
  readonly fci: Uint8Array;
}

/** A packet of a type this table does not know, kept as it came. */
export interface UnknownRtcp {
  readonly kind: 'unknown';
  readonly packetType: number;
  /** The five bits after the padding flag: a count or a subtype. */
  readonly count: number;
  readonly body: Uint8Array;
}

export type RtcpPacket = SenderReport | ReceiverReport | SourceDescription | Goodbye | Feedback | UnknownRtcp;

const HEADER_CLAUSE = 'RFC 3550 section 6.4.1';
const REPORT_BLOCK = 24;

function decodeReports(view: DataView, from: number, count: number, base: number): ReportBlock[] {
  if (from + count * REPORT_BLOCK > view.byteLength) {
    throw new FormatError(
      'truncated',
      base + view.byteLength,
      HEADER_CLAUSE,
      `${count} report blocks do not fit`,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const at = from + index * REPORT_BLOCK;
    return {
      ssrc: view.getUint32(at),
      fractionLost: view.getUint8(at + 4),
      cumulativeLost: (view.getInt32(at + 4) << 8) >> 8,
      highestSequence: view.getUint32(at + 8),
      jitter: view.getUint32(at + 12),
      lastSr: view.getUint32(at + 16),
      delaySinceLastSr: view.getUint32(at + 20),
    };
  });
}

function decodeSdes(body: Uint8Array, view: DataView, count: number, base: number): SourceDescription {
  const clause = 'RFC 3550 section 6.5';
  const chunks: { ssrc: number; items: SdesItem[] }[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 4 > body.length) throw new FormatError('truncated', base + at, clause, 'SDES chunk cut off');
    const chunk = { ssrc: view.getUint32(at), items: [] as SdesItem[] };
    at += 4;
    for (;;) {
      const type = body[at];
      if (type === undefined)
        throw new FormatError('truncated', base + at, clause, 'SDES chunk without its end');
      if (type === 0) break;
      const length = body[at + 1] ?? Number.POSITIVE_INFINITY;
      if (at + 2 + length > body.length)
        throw new FormatError('bad-length', base + at, clause, 'SDES item too long');
      chunk.items.push({ type, text: new TextDecoder().decode(body.subarray(at + 2, at + 2 + length)) });
      at += 2 + length;
    }
    // At least one null octet ends the items, and more fill the word.
    at += 4 - (at % 4);
    chunks.push(chunk);
  }
  return { kind: 'sdes', chunks };
}

function decodeBye(body: Uint8Array, view: DataView, count: number, base: number): Goodbye {
  const clause = 'RFC 3550 section 6.6';
  if (count * 4 > body.length)
    throw new FormatError('truncated', base, clause, `${count} sources do not fit`);
  const sources = Array.from({ length: count }, (_, index) => view.getUint32(4 * index));
  const at = count * 4;
  if (at === body.length) return { kind: 'bye', sources };
  const length = body[at]!;
  if (at + 1 + length > body.length)
    throw new FormatError('bad-length', base + at, clause, 'reason too long');
  return { kind: 'bye', sources, reason: new TextDecoder().decode(body.subarray(at + 1, at + 1 + length)) };
}

function decodeOne(body: Uint8Array, packetType: number, count: number, base: number): RtcpPacket {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const need = (octets: number, clause: string) => {
    if (body.length < octets)
      throw new FormatError('truncated', base + body.length, clause, 'RTCP packet too short');
  };
  switch (packetType) {
    case 200: {
      need(24, HEADER_CLAUSE);
      return {
        kind: 'sr',
        ssrc: view.getUint32(0),
        ntpSeconds: view.getUint32(4),
        ntpFraction: view.getUint32(8),
        rtpTimestamp: view.getUint32(12),
        packetCount: view.getUint32(16),
        octetCount: view.getUint32(20),
        reports: decodeReports(view, 24, count, base),
        profileExtension: body.subarray(24 + count * REPORT_BLOCK),
      };
    }
    case 201: {
      need(4, 'RFC 3550 section 6.4.2');
      const reports = decodeReports(view, 4, count, base);
      const profileExtension = body.subarray(4 + count * REPORT_BLOCK);
      return { kind: 'rr', ssrc: view.getUint32(0), reports, profileExtension };
    }
    case 202:
      return decodeSdes(body, view, count, base);
    case 203:
      return decodeBye(body, view, count, base);
    case 205:
    case 206: {
      need(8, 'RFC 4585 section 6.1');
      const [senderSsrc, mediaSsrc] = [view.getUint32(0), view.getUint32(4)];
      return { kind: 'feedback', packetType, format: count, senderSsrc, mediaSsrc, fci: body.subarray(8) };
    }
    default:
      return { kind: 'unknown', packetType, count, body };
  }
}

/**
 * Decodes a compound RTCP packet into its packets (RFC 3550 section 6.1, also the reduced size of RFC 5506).
 * @throws FormatError with the byte offset and the clause.
 */
export function decodeRtcp(bytes: Uint8Array): RtcpPacket[] {
  const packets: RtcpPacket[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) throw new FormatError('truncated', at, HEADER_CLAUSE, 'RTCP header cut off');
    const first = bytes[at]!;
    if (first >> 6 !== 2)
      throw new FormatError('bad-version', at, HEADER_CLAUSE, `version ${first >> 6} instead of 2`);
    const end = at + 4 * (((bytes[at + 2]! << 8) | bytes[at + 3]!) + 1);
    if (end > bytes.length)
      throw new FormatError('bad-length', at + 2, HEADER_CLAUSE, 'length beyond the datagram');
    let bodyEnd = end;
    if ((first & 0x20) !== 0) {
      const padding = bytes[end - 1]!;
      if (padding === 0 || padding > end - at - 4) {
        throw new FormatError('bad-padding', end - 1, HEADER_CLAUSE, `padding count ${padding} cannot be`);
      }
      bodyEnd = end - padding;
    }
    packets.push(decodeOne(bytes.subarray(at + 4, bodyEnd), bytes[at + 1]!, first & 0x1f, at + 4));
    at = end;
  }
  return packets;
}
