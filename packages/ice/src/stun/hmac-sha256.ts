/** HMAC-SHA256 (RFC 2104, FIPS 180-4) with a prepared key, for MESSAGE-INTEGRITY-SHA256. */
export interface HmacSha256Key {
  readonly inner: Int32Array;
  readonly outer: Int32Array;
}

export const SHA256_BYTES = 32;
const BLOCK = 64;
const w = new Int32Array(64);
const digest = new Int32Array(8);
const initial = Int32Array.from(
  [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
  (word) => word | 0,
);
const k = Int32Array.from(
  [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ],
  (word) => word | 0,
);

/** Prepares a key of any length. */
export function hmacSha256Key(key: Uint8Array): HmacSha256Key {
  const block = new Uint8Array(BLOCK);
  block.set(key.length > BLOCK ? sha256(key) : key);
  return { inner: padState(block, 0x36), outer: padState(block, 0x5c) };
}

/**
 * The eight words of the HMAC of `bytes[0..end)`. `firstWord` (where not negative) stands in for the first four
 * bytes. The result is one buffer that the next call overwrites: read it before.
 */
export function hmacSha256(key: HmacSha256Key, bytes: Uint8Array, end: number, firstWord = -1): Int32Array {
  digest.set(key.inner);
  absorb(digest, bytes, end, BLOCK, firstWord);
  w.set(digest);
  w[8] = 0x80000000 | 0;
  w.fill(0, 9, 15);
  w[15] = (BLOCK + SHA256_BYTES) * 8;
  digest.set(key.outer);
  compress(digest);
  return digest;
}

/** SHA-256 of the whole of `bytes`, 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const state = initial.slice();
  absorb(state, bytes, bytes.length, 0, -1);
  const out = new Uint8Array(SHA256_BYTES);
  for (let i = 0; i < SHA256_BYTES; i++) out[i] = state[i >> 2]! >>> (24 - (i & 3) * 8);
  return out;
}

function padState(block: Uint8Array, pad: number): Int32Array {
  const state = initial.slice();
  for (let i = 0; i < 16; i++) w[i] = wordAt(block, i * 4, BLOCK) ^ (pad * 0x01010101);
  compress(state);
  return state;
}

/** Hashes `bytes[0..end)` and the closing padding; `before` is how many bytes the state has taken already. */
function absorb(state: Int32Array, bytes: Uint8Array, end: number, before: number, firstWord: number): void {
  const blocks = ((end + 8) >>> 6) + 1;
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 16; i++) w[i] = wordAt(bytes, block * BLOCK + i * 4, end);
    if (block === 0 && firstWord >= 0 && end >= 4) w[0] = firstWord;
    if (block === blocks - 1) {
      w[14] = Math.floor((before + end) / 0x20000000);
      w[15] = (before + end) << 3;
    }
    compress(state);
  }
}

/** The word at `at`, with the closing 0x80 and zeros past `end`. */
function wordAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 <= end) {
    return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }
  let word = 0;
  for (let i = 0; i < 4; i++) {
    const byte = at + i < end ? bytes[at + i]! : at + i === end ? 0x80 : 0;
    word = (word << 8) | byte;
  }
  return word;
}

function compress(state: Int32Array): void {
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!;
    const y = w[i - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + big1 + (g ^ (e & (f ^ g))) + k[i]! + w[i]!) | 0;
    const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (big0 + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (state[0]! + a) | 0;
  state[1] = (state[1]! + b) | 0;
  state[2] = (state[2]! + c) | 0;
  state[3] = (state[3]! + d) | 0;
  state[4] = (state[4]! + e) | 0;
  state[5] = (state[5]! + f) | 0;
  state[6] = (state[6]! + g) | 0;
  state[7] = (state[7]! + h) | 0;
}
