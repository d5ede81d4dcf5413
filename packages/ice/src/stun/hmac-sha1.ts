import { sha1Block } from './sha1-block.ts';

/**
 * HMAC-SHA1 (RFC 2104, RFC 3174) made for many short messages under few keys: a key's two padded blocks are hashed
 * once, after that a message costs its own blocks and one more. The host's HMAC costs more in crossing into native
 * code than in hashing, and the pure door has none.
 */
export interface HmacSha1Key {
  readonly inner: Int32Array;
  readonly outer: Int32Array;
}

export const SHA1_BYTES = 20;
const BLOCK = 64;
const w = new Int32Array(16);
const initial = Int32Array.of(0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0);
const digest = new Int32Array(5);

/** Prepares a key of any length (RFC 2104 section 2: longer than a block is hashed first). */
export function hmacSha1Key(key: Uint8Array): HmacSha1Key {
  const block = new Uint8Array(BLOCK);
  if (key.length > BLOCK) {
    const hashed = sha1(key);
    for (let i = 0; i < 5; i++) writeWord(block, i * 4, hashed[i]!);
  } else {
    block.set(key);
  }
  return { inner: padState(block, 0x36), outer: padState(block, 0x5c) };
}

/**
 * The five words of the HMAC of `bytes[0..end)`. `firstWord` (where not negative) stands in for the first four
 * bytes. The result is one buffer that the next call overwrites: read it before.
 */
export function hmacSha1(key: HmacSha1Key, bytes: Uint8Array, end: number, firstWord = -1): Int32Array {
  copyState(key.inner);
  absorb(digest, bytes, end, BLOCK, firstWord);
  w[0] = digest[0]!;
  w[1] = digest[1]!;
  w[2] = digest[2]!;
  w[3] = digest[3]!;
  w[4] = digest[4]!;
  w[5] = 0x80000000 | 0;
  for (let i = 6; i < 15; i++) w[i] = 0;
  w[15] = (BLOCK + SHA1_BYTES) * 8;
  copyState(key.outer);
  sha1Block(digest, w);
  return digest;
}

// A loop: for five words the array's own copying costs more in the call than in the work.
function copyState(state: Int32Array): void {
  for (let i = 0; i < 5; i++) digest[i] = state[i]!;
}

function sha1(bytes: Uint8Array): Int32Array {
  const state = initial.slice();
  absorb(state, bytes, bytes.length, 0, -1);
  return state;
}

function padState(block: Uint8Array, pad: number): Int32Array {
  const state = initial.slice();
  loadBlock(block, 0);
  for (let i = 0; i < 16; i++) w[i]! ^= pad * 0x01010101;
  sha1Block(state, w);
  return state;
}

/** Hashes `bytes[0..end)` and the closing padding; `before` is how many bytes the state has taken already. */
function absorb(state: Int32Array, bytes: Uint8Array, end: number, before: number, firstWord: number): void {
  let at = 0;
  for (; at + BLOCK <= end; at += BLOCK) {
    loadBlock(bytes, at);
    if (at === 0 && firstWord >= 0) w[0] = firstWord;
    sha1Block(state, w);
  }
  let i = 0;
  let p = at;
  for (; p + 4 <= end; p += 4) {
    w[i++] = (bytes[p]! << 24) | (bytes[p + 1]! << 16) | (bytes[p + 2]! << 8) | bytes[p + 3]!;
  }
  let last = 0x80 << 24;
  if (p < end) {
    last = 0;
    let shift = 24;
    for (; p < end; p++, shift -= 8) last |= bytes[p]! << shift;
    last |= 0x80 << shift;
  }
  w[i++] = last;
  if (at === 0 && firstWord >= 0 && end >= 4) w[0] = firstWord;
  if (i > 14) {
    while (i < 16) w[i++] = 0;
    sha1Block(state, w);
    i = 0;
  }
  while (i < 14) w[i++] = 0;
  const length = before + end;
  w[14] = Math.floor(length / 0x20000000);
  w[15] = length << 3;
  sha1Block(state, w);
}

function loadBlock(bytes: Uint8Array, at: number): void {
  for (let i = 0, p = at; i < 16; i++, p += 4) {
    w[i] = (bytes[p]! << 24) | (bytes[p + 1]! << 16) | (bytes[p + 2]! << 8) | bytes[p + 3]!;
  }
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}
