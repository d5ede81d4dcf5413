import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, sampleRequest } from '../fixtures/rfc5769.ts';
import { IceError } from '../ice-error.ts';
import { writeIpAddress } from '../ip-address.ts';
import { decodeStun } from './decode-stun.ts';
import { encodeStun } from './encode-stun.ts';
import { type StunAttribute, stunAttributeCodes } from './stun-attribute.ts';
import { longTermKeySha256, shortTermKey, userHash } from './stun-key.ts';
import {
  type StunClass,
  type StunMessage,
  stunAttribute,
  stunMethodName,
  stunMethods,
  unknownRequiredAttributes,
} from './stun-message.ts';
import { verifyFingerprint, verifyIntegrity } from './verify-stun.ts';

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const u64 = fc.bigInt({ min: 0n, max: 0xffffffffffffffffn });
const some = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const ip = fc.oneof(some(4), some(16)).map(writeIpAddress);
const address = fc.record({ address: ip, port: u16 });
const family = fc.constantFrom('IPv4' as const, 'IPv6' as const);
const errorCode = fc.record({ code: fc.integer({ min: 300, max: 699 }), reason: text });
const algorithm = fc.record({ algorithm: u16, parameters: fc.uint8Array({ maxLength: 9 }) });
const typed = <T extends string, V>(type: T, value: fc.Arbitrary<V>) =>
  value.map((v) => ({ type, value: v }));

const arbitraries = {
  'MAPPED-ADDRESS': typed('MAPPED-ADDRESS', address),
  'CHANGE-REQUEST': typed('CHANGE-REQUEST', fc.record({ ip: fc.boolean(), port: fc.boolean() })),
  USERNAME: typed('USERNAME', text),
  'MESSAGE-INTEGRITY': typed('MESSAGE-INTEGRITY', some(20)),
  'ERROR-CODE': typed('ERROR-CODE', errorCode),
  'UNKNOWN-ATTRIBUTES': typed('UNKNOWN-ATTRIBUTES', fc.array(u16, { maxLength: 5 })),
  'CHANNEL-NUMBER': typed('CHANNEL-NUMBER', u16),
  LIFETIME: typed('LIFETIME', u32),
  'XOR-PEER-ADDRESS': typed('XOR-PEER-ADDRESS', address),
  DATA: typed('DATA', fc.uint8Array({ maxLength: 1500 })),
  REALM: typed('REALM', text),
  NONCE: typed('NONCE', text),
  'XOR-RELAYED-ADDRESS': typed('XOR-RELAYED-ADDRESS', address),
  'REQUESTED-ADDRESS-FAMILY': typed('REQUESTED-ADDRESS-FAMILY', family),
  'EVEN-PORT': typed('EVEN-PORT', fc.record({ reserveNext: fc.boolean() })),
  'REQUESTED-TRANSPORT': typed('REQUESTED-TRANSPORT', fc.integer({ min: 0, max: 255 })),
  'DONT-FRAGMENT': typed('DONT-FRAGMENT', fc.constant(true as const)),
  'MESSAGE-INTEGRITY-SHA256': typed('MESSAGE-INTEGRITY-SHA256', fc.oneof(some(16), some(32))),
  'PASSWORD-ALGORITHM': typed('PASSWORD-ALGORITHM', algorithm),
  USERHASH: typed('USERHASH', some(32)),
  'XOR-MAPPED-ADDRESS': typed('XOR-MAPPED-ADDRESS', address),
  'RESERVATION-TOKEN': typed('RESERVATION-TOKEN', some(8)),
  PRIORITY: typed('PRIORITY', u32),
  'USE-CANDIDATE': typed('USE-CANDIDATE', fc.constant(true as const)),
  'CONNECTION-ID': typed('CONNECTION-ID', u32),
  'ADDITIONAL-ADDRESS-FAMILY': typed('ADDITIONAL-ADDRESS-FAMILY', family),
  'ADDRESS-ERROR-CODE': typed(
    'ADDRESS-ERROR-CODE',
    fc.record({ family, code: fc.integer({ min: 300, max: 699 }), reason: text }),
  ),
  'PASSWORD-ALGORITHMS': typed('PASSWORD-ALGORITHMS', fc.array(algorithm, { minLength: 1, maxLength: 3 })),
  'ALTERNATE-DOMAIN': typed('ALTERNATE-DOMAIN', text),
  ICMP: typed(
    'ICMP',
    fc.record({
      icmpType: fc.integer({ min: 0, max: 127 }),
      icmpCode: fc.integer({ min: 0, max: 511 }),
      data: u32,
    }),
  ),
  SOFTWARE: typed('SOFTWARE', text),
  'ALTERNATE-SERVER': typed('ALTERNATE-SERVER', address),
  FINGERPRINT: typed('FINGERPRINT', u32),
  'ICE-CONTROLLED': typed('ICE-CONTROLLED', u64),
  'ICE-CONTROLLING': typed('ICE-CONTROLLING', u64),
  'RESPONSE-ORIGIN': typed('RESPONSE-ORIGIN', address),
  'OTHER-ADDRESS': typed('OTHER-ADDRESS', address),
  'GOOG-NETWORK-INFO': typed('GOOG-NETWORK-INFO', fc.record({ networkId: u16, networkCost: u16 })),
};
const known = new Set<number>(Object.values(stunAttributeCodes));
const unknown = fc.record({
  type: fc.constant('unknown' as const),
  code: u16.filter((code) => !known.has(code)),
  value: fc.uint8Array({ maxLength: 50 }),
});
const attribute: fc.Arbitrary<StunAttribute> = fc.oneof(...Object.values(arbitraries), unknown);
const message: fc.Arbitrary<StunMessage> = fc.record({
  class: fc.constantFrom<StunClass>('request', 'indication', 'success', 'error'),
  method: fc.integer({ min: 0, max: 0xfff }),
  transactionId: some(12),
  attributes: fc.array(attribute, { maxLength: 8 }),
});

describe('the STUN codec', () => {
  it('has an arbitrary for every attribute it names', () => {
    expect(Object.keys(arbitraries).sort()).toEqual(Object.keys(stunAttributeCodes).sort());
  });

  it('decodes what it encoded, and encodes it to the same bytes', () => {
    fc.assert(
      fc.property(message, (original) => {
        const bytes = encodeStun(original);
        const decoded = decodeStun(bytes);
        expect(decoded).toEqual(original);
        expect(encodeStun(decoded)).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('signs and sums what it encodes, whatever integrity the message carried before', () => {
    const integrity = fc.constantFrom('sha1' as const, 'sha256' as const, 'both' as const);
    const key = shortTermKey('VOkJxbRl1RmTxUk/WvJxBt');
    fc.assert(
      fc.property(message, integrity, (original, kind) => {
        const bytes = encodeStun(original, { key, integrity: kind, fingerprint: true });
        expect(verifyIntegrity(bytes, key)).toBe(true);
        expect(verifyIntegrity(bytes, key, 'sha1')).toBe(kind !== 'sha256');
        expect(verifyIntegrity(bytes, key, 'sha256')).toBe(kind !== 'sha1');
        expect(verifyIntegrity(bytes, shortTermKey('x'))).toBe(false);
        expect(verifyFingerprint(bytes)).toBe(true);
        // A raw key signs as a prepared one does.
        const raw = new TextEncoder().encode('VOkJxbRl1RmTxUk/WvJxBt');
        expect(encodeStun(original, { key: raw, integrity: kind, fingerprint: true })).toEqual(bytes);
        expect(verifyIntegrity(bytes, raw)).toBe(true);
      }),
    );
  });

  it('gives bytes back that took another way: reserved bits, padding, text that is not UTF-8', () => {
    const mutation = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 });
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(message, mutation, (original, changes) => {
        const bytes = encodeStun(original).slice();
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        try {
          expect(encodeStun(decodeStun(bytes))).toEqual(bytes);
          taken++;
        } catch (error) {
          if (!(error instanceof IceError)) throw error;
          expect(error.clause).toMatch(/^(RFC \d+ section|libwebrtc)/);
          expect(error.offset).toBeLessThanOrEqual(bytes.length);
          refused++;
        }
        verifyIntegrity(bytes, bytes);
        verifyFingerprint(bytes);
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(100);
  });

  it('never fails on bytes but with a typed error', () => {
    const prefixed = fc.uint8Array({ maxLength: 120 }).map((tail) => {
      const whole = tail.slice(0, tail.length & ~3);
      const header = bytesOf(`0001${whole.length.toString(16).padStart(4, '0')}2112a442${'00'.repeat(12)}`);
      return Uint8Array.from([...header, ...whole]);
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), prefixed), (bytes) => {
        try {
          expect(encodeStun(decodeStun(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(IceError);
        }
        expect(verifyIntegrity(bytes, bytes)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['cut', (b: Uint8Array) => b.slice(0, 19), 'stun-length', 19],
    ['without the cookie', (b: Uint8Array) => b.with(4, 0), 'stun-header', 4],
    ['a leading bit', (b: Uint8Array) => b.with(0, 0x80), 'stun-header', 0],
    ['a length of no multiple of four', (b: Uint8Array) => b.with(3, 0x59), 'stun-length', 2],
    ['a byte behind it', (b: Uint8Array) => Uint8Array.from([...b, 0]), 'stun-length', 2],
    ['a value past the end', (b: Uint8Array) => b.with(103, 9), 'stun-attribute', 102],
    ['a priority of three bytes', (b: Uint8Array) => b.with(43, 3), 'stun-attribute', 44],
  ])('refuses a message %s, and says where', (_what, change, code, offset) => {
    const bytes = change(bytesOf(sampleRequest));
    expect(() => decodeStun(bytes)).toThrow(expect.objectContaining({ name: 'IceError', code, offset }));
  });

  it.each([
    [{ type: 'PRIORITY', value: 2 ** 32 }],
    [{ type: 'ICE-CONTROLLED', value: -1n }],
    [{ type: 'XOR-MAPPED-ADDRESS', value: { address: 'localhost', port: 1 } }],
    [{ type: 'XOR-MAPPED-ADDRESS', value: { address: '192.0.2.1', port: 65_536 } }],
    [{ type: 'ERROR-CODE', value: { code: 200, reason: 'OK' } }],
    [{ type: 'DATA', value: new Uint8Array(70_000) }],
  ] satisfies [StunAttribute][])('refuses to encode %o', (bad) => {
    const transactionId = new Uint8Array(12);
    const encode = () => encodeStun({ class: 'request', method: 1, transactionId, attributes: [bad] });
    expect(encode).toThrow(expect.objectContaining({ name: 'IceError', code: 'stun-value' }));
  });

  it('shares no memory with its input and hands out bytes that stay', () => {
    const bytes = bytesOf(sampleRequest);
    const decoded = decodeStun(bytes);
    const first = encodeStun(decoded);
    bytes.fill(0);
    encodeStun({ ...decoded, transactionId: new Uint8Array(12) });
    expect(first).toEqual(bytesOf(sampleRequest));
    expect(encodeStun(decoded)).toEqual(first);
  });

  it('does not see attributes behind the integrity, which nothing protects', () => {
    const key = shortTermKey('secret');
    const signed = decodeStun(
      encodeStun({ class: 'request', method: 1, transactionId: new Uint8Array(12), attributes: [] }, { key }),
    );
    const use: StunAttribute = { type: 'USE-CANDIDATE', value: true };
    const forged = decodeStun(encodeStun({ ...signed, attributes: [...signed.attributes, use] }));
    expect(stunAttribute(forged, 'USE-CANDIDATE')).toBeUndefined();
    expect(stunAttribute({ ...forged, attributes: [use, ...signed.attributes] }, 'USE-CANDIDATE')).toBe(true);
  });

  it('names methods and the unknown attributes that call for 420', () => {
    expect(stunMethodName(stunMethods.channelBind)).toBe('channelBind');
    expect(stunMethodName(0xfff)).toBeUndefined();
    const attributes = [0x7001, 0x8fff].map(
      (code): StunAttribute => ({ type: 'unknown', code, value: new Uint8Array(0) }),
    );
    const request: StunMessage = {
      class: 'request',
      method: 1,
      transactionId: new Uint8Array(12),
      attributes,
    };
    expect(unknownRequiredAttributes(request)).toEqual([0x7001]);
  });

  it('takes a cut MESSAGE-INTEGRITY-SHA256, and a fingerprint only at the end', () => {
    const key = longTermKeySha256({ username: 'u', realm: 'r', password: 'p' });
    const plain: StunMessage = {
      class: 'request',
      method: 1,
      transactionId: new Uint8Array(12),
      attributes: [{ type: 'USERHASH', value: userHash('u', 'r') }],
    };
    const withIntegrity = (value: Uint8Array): Uint8Array =>
      encodeStun({
        ...plain,
        attributes: [...plain.attributes, { type: 'MESSAGE-INTEGRITY-SHA256', value }],
      });
    // What is signed says how long the message is with the cut value, so cutting the long one's is not enough.
    const header = withIntegrity(new Uint8Array(16));
    const secret = createHash('sha256').update('u:r:p').digest();
    const hmac = createHmac('sha256', secret).update(header.subarray(0, -20)).digest();
    expect(verifyIntegrity(withIntegrity(hmac.subarray(0, 16)), key)).toBe(true);
    const whole = decodeStun(encodeStun(plain, { key, integrity: 'sha256' }));
    const long = stunAttribute(whole, 'MESSAGE-INTEGRITY-SHA256')!;
    expect(verifyIntegrity(withIntegrity(long), key)).toBe(true);
    expect(verifyIntegrity(withIntegrity(long.slice(0, 16)), key)).toBe(false);
    const summed = decodeStun(encodeStun(plain, { fingerprint: true }));
    const moved = [...summed.attributes].reverse();
    expect(verifyFingerprint(encodeStun({ ...summed, attributes: moved }))).toBe(false);
  });
});
