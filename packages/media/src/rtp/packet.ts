import { FormatError } from '../format-error.ts';

const FIXED_HEADER = 12;
const CLAUSE = 'RFC 3550 section 5.1';

/** The header extension as it stands on the wire: the profile's 16 bits and whole 32-bit words. */
export interface RtpHeaderExtension {
  readonly profile: number;
  readonly data: Uint8Array;
}

/** One RTP data packet (RFC 3550 section 5.1). */
export interface RtpPacket {
  readonly marker: boolean;
  readonly payloadType: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly csrcs: readonly number[];
  readonly extension?: RtpHeaderExtension;
  readonly payload: Uint8Array;
  /** Octets of padding after the payload, the count octet included; 0 for none. */
  readonly padding: number;
}

/**
 * Tells RTCP from RTP on a shared port by the second octet (RFC 5761 section 4).
 */
export function isRtcp(bytes: Uint8Array): boolean {
  const second = bytes[1];
  return bytes.length >= 4 && second !== undefined && second >= 192 && second <= 223;
}

/*
    0                   1                   2                   3
    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
   |V=2|P|X|  CC   |M|     PT      |       sequence number         |
   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
   |                           timestamp                           |
   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
   |           synchronization source (SSRC) identifier            |
   +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
   |            contributing source (CSRC) identifiers             |
   |                             ....                              |
   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
*/

/**
 * Decodes one RTP packet. `payload` and `extension.data` are views on `bytes`, not copies.
 * @throws FormatError with the byte offset and the clause of RFC 3550.
 */
export function decodeRtp(bytes: Uint8Array): RtpPacket {
  if (bytes.length < FIXED_HEADER) {
    throw new FormatError('truncated', bytes.length, CLAUSE, 'RTP packet shorter than its fixed header');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getUint8(0);
  if (first >> 6 !== 2) {
    throw new FormatError('bad-version', 0, CLAUSE, `RTP version ${first >> 6} instead of 2`);
  }
  const second = view.getUint8(1);
  const csrcCount = first & 0x0f;
  let offset = FIXED_HEADER + 4 * csrcCount;
  if (offset > bytes.length) {
    throw new FormatError('truncated', bytes.length, CLAUSE, `${csrcCount} CSRCs do not fit`);
  }
  const csrcs = Array.from({ length: csrcCount }, (_, at) => view.getUint32(FIXED_HEADER + 4 * at));

  let extension: RtpHeaderExtension | undefined;
  if ((first & 0x10) !== 0) {
    const clause = 'RFC 3550 section 5.3.1';
    if (offset + 4 > bytes.length) {
      throw new FormatError('truncated', bytes.length, clause, 'header extension cut off');
    }
    const end = offset + 4 + 4 * view.getUint16(offset + 2);
    if (end > bytes.length) {
      throw new FormatError('bad-length', offset + 2, clause, 'header extension longer than the packet');
    }
    extension = { profile: view.getUint16(offset), data: bytes.subarray(offset + 4, end) };
    offset = end;
  }

  let padding = 0;
  if ((first & 0x20) !== 0) {
    padding = view.getUint8(bytes.length - 1);
    if (padding === 0 || offset + padding > bytes.length) {
      throw new FormatError('bad-padding', bytes.length - 1, CLAUSE, `padding count ${padding} cannot be`);
    }
  }
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    csrcs,
    ...(extension ? { extension } : {}),
    payload: bytes.subarray(offset, bytes.length - padding),
    padding,
  };
}

/** The fields one must name to make a packet; the rest default to none. */
export type RtpPacketInit = Omit<RtpPacket, 'marker' | 'csrcs' | 'padding'> &
  Partial<Pick<RtpPacket, 'marker' | 'csrcs' | 'padding'>>;

/**
 * Encodes one RTP packet (RFC 3550 section 5.1). Sequence number, timestamp and SSRC are taken modulo
 * their width, so that counters may simply be counted up.
 * @throws FormatError when a field cannot be expressed (payload type, CSRC count, padding, extension length).
 */
export function encodeRtp(packet: RtpPacketInit): Uint8Array {
  const { marker = false, csrcs = [], padding = 0, extension, payload } = packet;
  if (packet.payloadType < 0 || packet.payloadType > 127) {
    throw new FormatError('bad-value', 1, CLAUSE, `payload type ${packet.payloadType} is not in 0..127`);
  }
  if (csrcs.length > 15) {
    throw new FormatError('bad-value', 0, CLAUSE, `${csrcs.length} CSRCs, at most 15 fit`);
  }
  if (padding < 0 || padding > 255) {
    throw new FormatError('bad-padding', 0, CLAUSE, `padding ${padding} is not in 0..255`);
  }
  const extensionLength = extension?.data.length ?? 0;
  if (extensionLength % 4 !== 0 || extensionLength > 4 * 0xffff) {
    throw new FormatError('bad-length', 0, 'RFC 3550 section 5.3.1', 'extension is not whole 32-bit words');
  }
  const header = FIXED_HEADER + 4 * csrcs.length + (extension ? 4 + extensionLength : 0);
  const bytes = new Uint8Array(header + payload.length + padding);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80 | (padding > 0 ? 0x20 : 0) | (extension ? 0x10 : 0) | csrcs.length);
  view.setUint8(1, (marker ? 0x80 : 0) | packet.payloadType);
  view.setUint16(2, packet.sequenceNumber);
  view.setUint32(4, packet.timestamp);
  view.setUint32(8, packet.ssrc);
  csrcs.forEach((csrc, at) => {
    view.setUint32(FIXED_HEADER + 4 * at, csrc);
  });
  if (extension) {
    const at = FIXED_HEADER + 4 * csrcs.length;
    view.setUint16(at, extension.profile);
    view.setUint16(at + 2, extensionLength / 4);
    bytes.set(extension.data, at + 4);
  }
  bytes.set(payload, header);
  if (padding > 0) bytes[bytes.length - 1] = padding;
  return bytes;
}
