import { STUN_HEADER_BYTES } from './stun-message.ts';

export type PacketKind = 'stun' | 'zrtp' | 'dtls' | 'turn-channel' | 'rtp' | 'rtcp' | 'unknown';

/**
 * What a packet on a WebRTC transport is, by its first byte (RFC 7983 section 7), RTP and RTCP by the second
 * (RFC 5761 section 4). `unknown` where the RFC says drop, and for an empty packet.
 */
export function demultiplex(bytes: Uint8Array): PacketKind {
  const first = bytes[0];
  if (first === undefined) return 'unknown';
  if (first <= 3) return 'stun';
  if (first < 16) return 'unknown';
  if (first <= 19) return 'zrtp';
  if (first <= 63) return 'dtls';
  if (first <= 79) return 'turn-channel';
  if (first < 128 || first > 191) return 'unknown';
  const second = bytes[1];
  return second !== undefined && second >= 192 && second <= 223 ? 'rtcp' : 'rtp';
}

/**
 * Whether the bytes are framed as one whole STUN message: leading zero bits, magic cookie and a length that agrees
 * (RFC 8489 section 5). It says nothing about the attributes.
 */
export function isStun(bytes: Uint8Array): boolean {
  return (
    bytes.length >= STUN_HEADER_BYTES &&
    bytes[0]! <= 0x3f &&
    bytes[4] === 0x21 &&
    bytes[5] === 0x12 &&
    bytes[6] === 0xa4 &&
    bytes[7] === 0x42 &&
    (bytes[3]! & 3) === 0 &&
    ((bytes[2]! << 8) | bytes[3]!) + STUN_HEADER_BYTES === bytes.length
  );
}
