import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  sampleIpv4Response,
  sampleIpv6Response,
  sampleLongTermRequest,
  sampleRequest,
  shortTermPassword,
} from '../fixtures/rfc5769.ts';
import { decodeStun } from './decode-stun.ts';
import { encodeStun } from './encode-stun.ts';
import type { StunAttribute } from './stun-attribute.ts';
import { longTermKey, shortTermKey } from './stun-key.ts';
import { stunAttribute } from './stun-message.ts';
import { verifyFingerprint, verifyIntegrity } from './verify-stun.ts';

const key = shortTermKey(shortTermPassword);
const md5 = (bytes: Uint8Array): Uint8Array => createHash('md5').update(bytes).digest();
const spaces = (count: number): Uint8Array => new Uint8Array(count).fill(0x20);
const transactionId = bytesOf('b7e7a701bc34d686fa87dfae');

describe('the test vectors of RFC 5769', () => {
  it('2.1 sample request: built from its values byte for byte', () => {
    const attributes: StunAttribute[] = [
      { type: 'SOFTWARE', value: 'STUN test client' },
      { type: 'PRIORITY', value: 0x6e0001ff },
      { type: 'ICE-CONTROLLED', value: 0x932ff9b151263b36n },
      { type: 'USERNAME', value: 'evtj:h6vY', padding: spaces(3) },
    ];
    const message = { class: 'request', method: 1, transactionId, attributes } as const;
    const bytes = bytesOf(sampleRequest);
    expect(encodeStun(message, { key, fingerprint: true })).toEqual(bytes);
    expect(decodeStun(bytes).attributes.slice(0, 4)).toEqual(attributes);
  });

  it.each([
    ['2.2', sampleIpv4Response, '192.0.2.1'],
    ['2.3', sampleIpv6Response, '2001:db8:1234:5678:11:2233:4455:6677'],
  ])('%s sample response: built from its values byte for byte', (_section, hex, address) => {
    const attributes: StunAttribute[] = [
      { type: 'SOFTWARE', value: 'test vector', padding: spaces(1) },
      { type: 'XOR-MAPPED-ADDRESS', value: { address, port: 32853 } },
    ];
    const message = { class: 'success', method: 1, transactionId, attributes } as const;
    const bytes = bytesOf(hex);
    expect(encodeStun(message, { key, fingerprint: true })).toEqual(bytes);
    expect(decodeStun(bytes).attributes.slice(0, 2)).toEqual(attributes);
  });

  it('2.4 request with long-term authentication: built from its values byte for byte', () => {
    // The password is "The<U+00AD>M<U+00AA>tr<U+2168>": SASLprep drops the first of these and folds the others.
    const password = 'The\u00adM\u00aatr\u2168'.replace('\u00ad', '').normalize('NFKC');
    const username = 'マトリックス';
    const realm = 'example.org';
    const long = longTermKey({ username, realm, password }, md5);
    const bytes = bytesOf(sampleLongTermRequest);
    const message = {
      class: 'request',
      method: 1,
      transactionId: bytesOf('78ad3433c6ad72c029da412e'),
      attributes: [
        { type: 'USERNAME', value: username },
        { type: 'NONCE', value: 'f//499k954d6OL34oL9FSTvy64sA' },
        { type: 'REALM', value: realm },
      ],
    } as const;
    expect(encodeStun(message, { key: long })).toEqual(bytes);
    expect(verifyIntegrity(bytes, long)).toBe(true);
    expect(verifyFingerprint(bytes)).toBe(false);
    expect(stunAttribute(decodeStun(bytes), 'USERNAME')).toBe(username);
  });

  it.each([
    ['2.1', sampleRequest],
    ['2.2', sampleIpv4Response],
    ['2.3', sampleIpv6Response],
  ])('%s verifies, and does not once any one bit of it is turned', (_section, hex) => {
    const bytes = bytesOf(hex);
    expect(verifyIntegrity(bytes, key)).toBe(true);
    expect(verifyIntegrity(bytes, key, 'sha1')).toBe(true);
    expect(verifyIntegrity(bytes, key, 'sha256')).toBe(false);
    expect(verifyFingerprint(bytes)).toBe(true);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const torn = bytes.slice();
      torn[bit >> 3]! ^= 0x80 >> (bit & 7);
      expect(verifyFingerprint(torn), `bit ${bit}`).toBe(false);
      // The last eight bytes are the fingerprint, which the integrity does not cover.
      if (bit < (bytes.length - 8) * 8) expect(verifyIntegrity(torn, key), `bit ${bit}`).toBe(false);
    }
    expect(verifyIntegrity(bytes, shortTermKey('another'))).toBe(false);
  });

  it.each([sampleRequest, sampleIpv4Response, sampleIpv6Response, sampleLongTermRequest])(
    'decodes and encodes back unsigned to the same bytes',
    (hex) => {
      expect(encodeStun(decodeStun(bytesOf(hex)))).toEqual(bytesOf(hex));
    },
  );
});
