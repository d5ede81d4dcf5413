import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32, crc32WithFirstWord } from './crc32.ts';
import { hmacSha1, hmacSha1Key } from './hmac-sha1.ts';
import { hmacSha256, hmacSha256Key, sha256 } from './hmac-sha256.ts';

const hex = (words: Int32Array): string =>
  Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
const bytes = fc.uint8Array({ maxLength: 300 });

function withFirstWord(message: Uint8Array, word: number): Uint8Array {
  const copy = message.slice();
  new DataView(copy.buffer).setUint32(0, word);
  return copy;
}

describe('own hashes against the host', () => {
  it('HMAC-SHA1, all lengths around the block', () => {
    for (let length = 0; length < 200; length++) {
      const message = new Uint8Array(length).map((_, i) => i * 7 + length);
      const key = new Uint8Array(length).map((_, i) => i * 13 + 1);
      const want = createHmac('sha1', key).update(message).digest('hex');
      expect(hex(hmacSha1(hmacSha1Key(key), message, length))).toBe(want);
    }
  });

  it('HMAC-SHA1 and HMAC-SHA256 of anything', () => {
    fc.assert(
      fc.property(bytes, bytes, (key, message) => {
        const sha1 = createHmac('sha1', key).update(message).digest('hex');
        expect(hex(hmacSha1(hmacSha1Key(key), message, message.length))).toBe(sha1);
        const sha2 = createHmac('sha256', key).update(message).digest('hex');
        expect(hex(hmacSha256(hmacSha256Key(key), message, message.length))).toBe(sha2);
        expect(Buffer.from(sha256(message))).toEqual(createHash('sha256').update(message).digest());
      }),
    );
  });

  it('a first word in place of the first four bytes', () => {
    const words = fc.integer({ min: 0, max: 0x7fffffff });
    fc.assert(
      fc.property(bytes, fc.uint8Array({ minLength: 4, maxLength: 300 }), words, (key, message, word) => {
        const other = withFirstWord(message, word);
        const end = message.length;
        expect(crc32WithFirstWord(message, end, word)).toBe(crc32(other));
        const sha1 = createHmac('sha1', key).update(other).digest('hex');
        expect(hex(hmacSha1(hmacSha1Key(key), message, end, word))).toBe(sha1);
        const sha2 = createHmac('sha256', key).update(other).digest('hex');
        expect(hex(hmacSha256(hmacSha256Key(key), message, end, word))).toBe(sha2);
      }),
    );
  });

  it('CRC-32: the check value, and sums in parts', () => {
    const nine = new TextEncoder().encode('123456789');
    expect(crc32(nine)).toBe(0xcbf43926);
    for (let cut = 0; cut <= 9; cut++) expect(crc32(nine, cut, 9, crc32(nine, 0, cut))).toBe(0xcbf43926);
  });
});
