import { IceError } from '../ice-error.ts';
import { AttributeWriter, inRange } from './attribute-writer.ts';
import { crc32 } from './crc32.ts';
import { encodeValue } from './encode-value.ts';
import { hmacSha1, SHA1_BYTES } from './hmac-sha1.ts';
import { hmacSha256, SHA256_BYTES } from './hmac-sha256.ts';
import { type StunAttribute, stunAttributeCodes } from './stun-attribute.ts';
import { type StunKey, sha1KeyOf, sha256KeyOf } from './stun-key.ts';
import {
  STUN_HEADER_BYTES,
  STUN_MAGIC_COOKIE,
  STUN_TRANSACTION_ID_BYTES,
  type StunClass,
  type StunMessage,
} from './stun-message.ts';

export interface EncodeStunOptions {
  /** Signs the message; integrity and fingerprint already among its attributes are computed anew. */
  readonly key?: StunKey | Uint8Array;
  /** Which integrity `key` makes: `sha1` (RFC 8489 section 14.5, the default), `sha256` (14.6) or both. */
  readonly integrity?: 'sha1' | 'sha256' | 'both';
  /** Closes the message with FINGERPRINT (RFC 8489 section 14.7). */
  readonly fingerprint?: boolean;
}

export const FINGERPRINT_XOR = 0x5354554e;
const classBits: { readonly [Class in StunClass]: number } = {
  request: 0x000,
  indication: 0x010,
  success: 0x100,
  error: 0x110,
};
const writer = new AttributeWriter();

// A datagram is some hundred bytes: carving it from a slab costs a fraction of an allocation of its own.
const SLAB_BYTES = 16_384;
let slab = new Uint8Array(SLAB_BYTES);
let slabUsed = 0;

/**
 * Encodes a message (RFC 8489 section 5). Without options it writes the attributes as they are, integrity and
 * fingerprint too, so that `encodeStun(decodeStun(bytes))` gives `bytes` back.
 * Throws `IceError` (`stun-value`) for what does not fit its field.
 */
export function encodeStun(message: StunMessage, options: EncodeStunOptions = {}): Uint8Array {
  const { key, fingerprint } = options;
  if (message.transactionId.length !== STUN_TRANSACTION_ID_BYTES) {
    throw new IceError(
      'stun-value',
      `a transaction id has 12 bytes, not ${message.transactionId.length}`,
      'RFC 8489 section 5',
    );
  }
  const type = encodeType(message);
  writer.at = 0;
  writer.u16(type);
  writer.u16(0);
  writer.u32(STUN_MAGIC_COOKIE);
  for (let i = 0; i < STUN_TRANSACTION_ID_BYTES; i++) writer.u8(message.transactionId[i]!);
  for (const attribute of message.attributes) {
    if (!isRecomputed(attribute, key !== undefined, fingerprint === true)) writeAttribute(attribute);
  }
  if (key !== undefined) writeIntegrity(key, options.integrity ?? 'sha1');
  if (fingerprint) writeFingerprint();
  setLength(writer.at);
  return takeBytes();
}

function encodeType(message: StunMessage): number {
  const method = inRange(message.method, 0xfff, 'a method', 'RFC 8489 section 5');
  // The class bits stand between the method's: M11-M7 C1 M6-M4 C0 M3-M0.
  return (method & 0xf) | ((method & 0x70) << 1) | ((method & 0xf80) << 2) | classBits[message.class];
}

function isRecomputed(attribute: StunAttribute, signs: boolean, sums: boolean): boolean {
  switch (attribute.type) {
    case 'MESSAGE-INTEGRITY':
    case 'MESSAGE-INTEGRITY-SHA256':
      return signs;
    case 'FINGERPRINT':
      return signs || sums;
    default:
      return false;
  }
}

function writeAttribute(attribute: StunAttribute): void {
  const code = attribute.type === 'unknown' ? attribute.code : stunAttributeCodes[attribute.type];
  writer.reserve(8);
  const start = writer.at;
  writer.u16(inRange(code, 0xffff, 'an attribute type', 'RFC 8489 section 14'));
  writer.u16(0);
  if (attribute.raw !== undefined) writer.raw(attribute.raw);
  else if (attribute.type === 'unknown') writer.raw(attribute.value);
  else encodeValue(writer, attribute);
  const length = inRange(writer.at - start - 4, 0xffff, "a value's length", 'RFC 8489 section 14');
  writer.bytes[start + 2] = length >>> 8;
  writer.bytes[start + 3] = length;
  const padding = -length & 3;
  if (padding === 0) return;
  writer.reserve(padding);
  if (attribute.padding?.length === padding) writer.raw(attribute.padding);
  else writer.zeros(padding);
}

/** RFC 8489 section 14.5: the HMAC covers what stands before, with the length as if this attribute were the last. */
function writeIntegrity(key: StunKey | Uint8Array, integrity: 'sha1' | 'sha256' | 'both'): void {
  writer.reserve(4 + SHA1_BYTES + 4 + SHA256_BYTES + 8);
  if (integrity !== 'sha256') {
    const end = writer.at;
    setLength(end + 4 + SHA1_BYTES);
    writer.u32((stunAttributeCodes['MESSAGE-INTEGRITY'] << 16) | SHA1_BYTES);
    writer.words(hmacSha1(sha1KeyOf(key), writer.bytes, end), SHA1_BYTES / 4);
  }
  if (integrity !== 'sha1') {
    const end = writer.at;
    setLength(end + 4 + SHA256_BYTES);
    writer.u32((stunAttributeCodes['MESSAGE-INTEGRITY-SHA256'] << 16) | SHA256_BYTES);
    writer.words(hmacSha256(sha256KeyOf(key), writer.bytes, end), SHA256_BYTES / 4);
  }
}

function writeFingerprint(): void {
  writer.reserve(8);
  const end = writer.at;
  setLength(end + 8);
  writer.u32((stunAttributeCodes.FINGERPRINT << 16) | 4);
  writer.u32(crc32(writer.bytes, 0, end) ^ FINGERPRINT_XOR);
}

function setLength(total: number): void {
  const length = total - STUN_HEADER_BYTES;
  if (length > 0xffff) {
    throw new IceError('stun-value', `a message of ${length} bytes is too long`, 'RFC 8489 section 5');
  }
  writer.bytes[2] = length >>> 8;
  writer.bytes[3] = length;
}

function takeBytes(): Uint8Array {
  const { bytes, at } = writer;
  if (at > SLAB_BYTES >> 3) return bytes.slice(0, at);
  if (slabUsed + at > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    slabUsed = 0;
  }
  const out = new Uint8Array(slab.buffer, slabUsed, at);
  for (let i = 0; i < at; i++) out[i] = bytes[i]!;
  slabUsed += at;
  return out;
}
