import { crc32WithFirstWord } from './crc32.ts';
import { isStun } from './demultiplex.ts';
import { FINGERPRINT_XOR } from './encode-stun.ts';
import { hmacSha1, SHA1_BYTES } from './hmac-sha1.ts';
import { hmacSha256 } from './hmac-sha256.ts';
import { stunAttributeCodes } from './stun-attribute.ts';
import { type StunKey, sha1KeyOf, sha256KeyOf } from './stun-key.ts';
import { STUN_HEADER_BYTES } from './stun-message.ts';

const SHA1 = stunAttributeCodes['MESSAGE-INTEGRITY'];
const SHA256 = stunAttributeCodes['MESSAGE-INTEGRITY-SHA256'];
const FINGERPRINT = stunAttributeCodes.FINGERPRINT;

/**
 * Whether the message carries an integrity that `key` made. Without `integrity` the stronger of those present is
 * judged (RFC 8489 section 9.2.4). False also where there is none, and for bytes that are no STUN message.
 */
export function verifyIntegrity(
  bytes: Uint8Array,
  key: StunKey | Uint8Array,
  integrity?: 'sha1' | 'sha256',
): boolean {
  if (!isStun(bytes)) return false;
  if (integrity !== 'sha1') {
    const at = findAttribute(bytes, SHA256);
    if (at > 0) return isSha256(bytes, at, key);
    if (integrity === 'sha256') return false;
  }
  const at = findAttribute(bytes, SHA1);
  return at > 0 && isSha1(bytes, at, key);
}

/** Whether FINGERPRINT is there, is the last attribute and has the right sum (RFC 8489 section 14.7). */
export function verifyFingerprint(bytes: Uint8Array): boolean {
  if (!isStun(bytes)) return false;
  const at = findAttribute(bytes, FINGERPRINT);
  if (at === 0 || at + 8 !== bytes.length || valueLength(bytes, at) !== 4) return false;
  const sum = crc32WithFirstWord(bytes, at, firstWord(bytes, at + 8)) ^ FINGERPRINT_XOR;
  return sum === wordAt(bytes, at + 4);
}

function isSha1(bytes: Uint8Array, at: number, key: StunKey | Uint8Array): boolean {
  if (valueLength(bytes, at) !== SHA1_BYTES) return false;
  const hmac = hmacSha1(sha1KeyOf(key), bytes, at, firstWord(bytes, at + 4 + SHA1_BYTES));
  return isEqual(bytes, at + 4, hmac, SHA1_BYTES / 4);
}

/** RFC 8489 section 14.6: it may have been cut, to no less than 16 bytes. */
function isSha256(bytes: Uint8Array, at: number, key: StunKey | Uint8Array): boolean {
  const length = valueLength(bytes, at);
  if (length < 16 || length > 32 || (length & 3) !== 0) return false;
  const hmac = hmacSha256(sha256KeyOf(key), bytes, at, firstWord(bytes, at + 4 + length));
  return isEqual(bytes, at + 4, hmac, length / 4);
}

/** The offset of the first attribute of that type in a well-formed message, or 0. */
function findAttribute(bytes: Uint8Array, code: number): number {
  const end = bytes.length;
  for (let at = STUN_HEADER_BYTES; at < end; ) {
    const length = valueLength(bytes, at);
    const next = at + 4 + length + (-length & 3);
    if (next > end) return 0;
    if (((bytes[at]! << 8) | bytes[at + 1]!) === code) return at;
    at = next;
  }
  return 0;
}

function valueLength(bytes: Uint8Array, at: number): number {
  return (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** The header's first four bytes, with the length of a message that ends at `end`. */
function firstWord(bytes: Uint8Array, end: number): number {
  return (bytes[0]! << 24) | (bytes[1]! << 16) | (end - STUN_HEADER_BYTES);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** Compares all words whatever the first ones say, so that the time taken says nothing about the key. */
function isEqual(bytes: Uint8Array, at: number, words: Int32Array, count: number): boolean {
  let difference = 0;
  for (let i = 0; i < count; i++) difference |= words[i]! ^ wordAt(bytes, at + i * 4);
  return difference === 0;
}
