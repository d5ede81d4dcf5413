import { describe, expect, it } from 'vitest';
import { RelayError } from '../relay/relay-error.ts';
import { encodeRtp } from '../rtp/packet.ts';
import { encodeRtcp } from '../rtp/rtcp-encode.ts';
import { SdesKeys } from './sdes.ts';
import { deriveKey, SrtpContext } from './srtp.ts';

/** RFC 3711 appendix B.3. */
const MASTER = Buffer.from('E1F97A0D3E018BE0D64FA32C06DE41390EC675AD498AFEEBB6960B3AABE6', 'hex');

const rtp = (sequenceNumber: number, ssrc = 7): Buffer =>
  Buffer.from(
    encodeRtp({
      payloadType: 0,
      sequenceNumber,
      timestamp: 1,
      ssrc,
      payload: new Uint8Array(160).fill(0x55),
    }),
  );

describe('SRTP', () => {
  it('derives the keys of RFC 3711 appendix B.3', () => {
    expect(deriveKey(MASTER, 0, 16).toString('hex')).toBe('c61e7a93744f39ee10734afe3ff7a087');
    expect(deriveKey(MASTER, 2, 14).toString('hex')).toBe('30cbbc08863d8c85d49db34a9ae1');
    expect(deriveKey(MASTER, 1, 20).toString('hex')).toBe('cebe321f6ff7716b6fd4ab49af256a156d38baa4');
  });

  it.each([
    ['AES_CM_128_HMAC_SHA1_80', 10],
    ['AES_CM_128_HMAC_SHA1_32', 4],
  ] as const)('carries packets under %s, over the turn of the numbers', (suite, tag) => {
    const [out, back] = [new SrtpContext(suite, MASTER), new SrtpContext(suite, MASTER)];
    for (const sequence of [65_533, 65_535, 65_534, 0, 1, 2]) {
      const packet = rtp(sequence);
      const sent = out.protect(packet)!;
      expect(sent.length).toBe(packet.length + tag);
      expect(sent.includes(Buffer.alloc(8, 0x55))).toBe(false);
      expect(back.unprotect(sent)).toEqual(packet);
    }
    // Without the roll-over counter the same number is another index: the packets differ.
    expect(new SrtpContext(suite, MASTER).protect(rtp(2))).not.toEqual(out.protect(rtp(2)));
  });

  it('has no index for what was before the first packet', () => {
    const out = new SrtpContext('AES_CM_128_HMAC_SHA1_80', MASTER);
    expect(out.protect(rtp(0))).toBeDefined();
    expect(out.protect(rtp(65_535))).toBeUndefined();
  });

  it('refuses what is forged, replayed or cut', () => {
    const [out, back] = [
      new SrtpContext('AES_CM_128_HMAC_SHA1_80', MASTER),
      new SrtpContext('AES_CM_128_HMAC_SHA1_80', MASTER),
    ];
    const sent = out.protect(rtp(1))!;
    const forged = Buffer.from(sent);
    forged[20]! ^= 1;
    expect(back.unprotect(forged)).toBeUndefined();
    expect(back.unprotect(sent)).toEqual(rtp(1));
    expect(back.unprotect(sent)).toBeUndefined();
    for (let length = 0; length < sent.length; length++)
      expect(back.unprotect(sent.subarray(0, length))).toBeUndefined();
  });

  it('carries RTCP with an index of its own', () => {
    const [out, back] = [
      new SrtpContext('AES_CM_128_HMAC_SHA1_32', MASTER),
      new SrtpContext('AES_CM_128_HMAC_SHA1_32', MASTER),
    ];
    const report = Buffer.from(
      encodeRtcp([{ kind: 'rr', ssrc: 7, reports: [], profileExtension: new Uint8Array(4) }]),
    );
    const sent = out.protectRtcp(report);
    expect(sent.length).toBe(report.length + 14);
    expect(back.unprotectRtcp(sent)).toEqual(report);
    expect(back.unprotectRtcp(sent)).toBeUndefined();
  });
});

describe('keys in the description', () => {
  it('are exchanged by offer and answer', () => {
    const [caller, callee] = [new SdesKeys(), new SdesKeys()];
    callee.take([
      { tag: 3, suite: 'F8_128_HMAC_SHA1_80', keyParameters: 'inline:x', sessionParameters: [] },
      caller.crypto,
    ]);
    caller.take([callee.crypto]);
    expect(callee.receiving!.unprotect(caller.sending!.protect(rtp(1))!)).toEqual(rtp(1));
    expect(caller.receiving!.unprotect(callee.sending!.protect(rtp(1))!)).toEqual(rtp(1));
    const { receiving } = callee;
    callee.take([caller.crypto]);
    expect(callee.receiving).toBe(receiving);
  });

  it('are refused where they ask for what is not done', () => {
    const { crypto } = new SdesKeys();
    const weak = { ...crypto, sessionParameters: ['UNENCRYPTED_SRTP'] };
    const indexed = { ...crypto, keyParameters: `${crypto.keyParameters}|2^20|1:4` };
    expect(() => new SdesKeys().take([weak, indexed])).toThrow(RelayError);
    expect(() => new SdesKeys().take([])).toThrow(RelayError);
  });
});
