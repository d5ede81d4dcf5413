import { IceError } from '../ice-error.ts';
import { STUN_HEADER_BYTES } from './stun-message.ts';

/** Application data on a TURN channel (RFC 8656 section 12.4). */
export interface ChannelData {
  /** 0x4000 to 0x4fff. */
  readonly channel: number;
  readonly data: Uint8Array;
  /** Bytes behind the data, as received: required to a multiple of four on a stream, allowed on UDP. */
  readonly padding?: Uint8Array;
}

/** Encodes a frame. `stream` pads it to a multiple of four, as TCP and TLS need (RFC 8656 section 12.5). */
export function encodeChannelData(frame: ChannelData, { stream = false } = {}): Uint8Array {
  const { channel, data } = frame;
  if (!isChannel(channel)) {
    throw new IceError('channel-data', `channel ${channel} is not 0x4000 to 0x4fff`, 'RFC 8656 section 12');
  }
  if (data.length > 0xffff) {
    throw new IceError('channel-data', `${data.length} bytes are too long`, 'RFC 8656 section 12.4');
  }
  const padding = frame.padding ?? new Uint8Array(stream ? -data.length & 3 : 0);
  const bytes = new Uint8Array(4 + data.length + padding.length);
  bytes[0] = channel >>> 8;
  bytes[1] = channel;
  bytes[2] = data.length >>> 8;
  bytes[3] = data.length;
  bytes.set(data, 4);
  bytes.set(padding, 4 + data.length);
  return bytes;
}

/** Decodes one frame; data and padding are views on the input. Throws `channel-data` with the byte offset. */
export function decodeChannelData(bytes: Uint8Array): ChannelData {
  if (bytes.length < 4) {
    throw new IceError('channel-data', 'the header has 4 bytes', 'RFC 8656 section 12.4', {
      offset: bytes.length,
    });
  }
  const channel = (bytes[0]! << 8) | bytes[1]!;
  if (!isChannel(channel)) {
    throw new IceError('channel-data', `channel ${channel} is reserved`, 'RFC 8656 section 12', {
      offset: 0,
    });
  }
  const length = (bytes[2]! << 8) | bytes[3]!;
  const end = 4 + length;
  if (end > bytes.length || bytes.length - end > 3) {
    throw new IceError(
      'channel-data',
      `the header says ${length} bytes, ${bytes.length - 4} follow`,
      'RFC 8656 section 12.6',
      { offset: 2 },
    );
  }
  const data = bytes.subarray(4, end);
  return end === bytes.length ? { channel, data } : { channel, data, padding: bytes.subarray(end) };
}

/**
 * How many bytes the frame at the front of a TURN stream takes, padding included: a STUN message or ChannelData.
 * Undefined while fewer than 4 bytes are there. Throws `stun-header` where the stream holds neither.
 */
export function streamFrameLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < 4) return undefined;
  const length = (bytes[2]! << 8) | bytes[3]!;
  if (bytes[0]! <= 0x3f) return STUN_HEADER_BYTES + length;
  if (bytes[0]! <= 0x4f) return 4 + length + (-length & 3);
  throw new IceError('stun-header', 'neither STUN nor ChannelData', 'RFC 8656 section 12.5', { offset: 0 });
}

function isChannel(channel: number): boolean {
  return Number.isInteger(channel) && channel >= 0x4000 && channel <= 0x4fff;
}
