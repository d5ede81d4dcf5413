import { FormatError } from '../format-error.ts';
import type { ReportBlock, RtcpPacket } from './rtcp.ts';

const uint32 = (value: number): number[] => [
  (value >>> 24) & 0xff,
  (value >>> 16) & 0xff,
  (value >>> 8) & 0xff,
  value & 0xff,
];

function encodeReport(report: ReportBlock): number[] {
  return [
    ...uint32(report.ssrc),
    report.fractionLost & 0xff,
    ...uint32(report.cumulativeLost).slice(1),
    ...uint32(report.highestSequence),
    ...uint32(report.jitter),
    ...uint32(report.lastSr),
    ...uint32(report.delaySinceLastSr),
  ];
}

/** A text of at most 255 octets behind its length (RFC 3550 sections 6.5, 6.6). */
function encodeText(text: string): number[] {
  const octets = new TextEncoder().encode(text);
  if (octets.length > 255)
    throw new FormatError('bad-length', 0, 'RFC 3550 section 6.5', 'text over 255 octets');
  return [octets.length, ...octets];
}

function encodeBody(packet: RtcpPacket): { type: number; count: number; body: number[] } {
  switch (packet.kind) {
    case 'sr': {
      const { ssrc, ntpSeconds, ntpFraction, rtpTimestamp, packetCount, octetCount } = packet;
      const info = [ssrc, ntpSeconds, ntpFraction, rtpTimestamp, packetCount, octetCount].flatMap(uint32);
      const body = [...info, ...packet.reports.flatMap(encodeReport), ...packet.profileExtension];
      return { type: 200, count: packet.reports.length, body };
    }
    case 'rr': {
      const body = [
        ...uint32(packet.ssrc),
        ...packet.reports.flatMap(encodeReport),
        ...packet.profileExtension,
      ];
      return { type: 201, count: packet.reports.length, body };
    }
    case 'sdes': {
      const body: number[] = [];
      for (const chunk of packet.chunks) {
        body.push(...uint32(chunk.ssrc));
        for (const item of chunk.items) body.push(item.type, ...encodeText(item.text));
        do body.push(0);
        while (body.length % 4 !== 0);
      }
      return { type: 202, count: packet.chunks.length, body };
    }
    case 'bye': {
      const reason = packet.reason === undefined ? [] : encodeText(packet.reason);
      return {
        type: 203,
        count: packet.sources.length,
        body: [...packet.sources.flatMap(uint32), ...reason],
      };
    }
    case 'feedback': {
      const body = [...uint32(packet.senderSsrc), ...uint32(packet.mediaSsrc), ...packet.fci];
      return { type: packet.packetType, count: packet.format, body };
    }
    case 'unknown':
      return { type: packet.packetType, count: packet.count, body: [...packet.body] };
  }
}

/**
 * Encodes packets as one compound RTCP packet in the order given, each filled to whole 32-bit words.
 * @throws FormatError when there are over 31 blocks, or a text is over 255 octets.
 */
export function encodeRtcp(packets: readonly RtcpPacket[]): Uint8Array {
  const octets: number[] = [];
  for (const packet of packets) {
    const { type, count, body } = encodeBody(packet);
    if (count > 31)
      throw new FormatError('bad-value', octets.length, 'RFC 3550 section 6.4.1', `${count} blocks`);
    while (body.length % 4 !== 0) body.push(0);
    const words = body.length / 4;
    octets.push(0x80 | count, type, words >> 8, words & 0xff, ...body);
  }
  return Uint8Array.from(octets);
}
