import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../format-error.ts';
import {
  genericNack,
  isPictureLossIndication,
  nackedSequenceNumbers,
  pictureLossIndication,
} from './feedback.ts';
import { decodeRtcp, type RtcpPacket } from './rtcp.ts';
import { encodeRtcp } from './rtcp-encode.ts';

const report = {
  ssrc: 0x1020304,
  fractionLost: 25,
  cumulativeLost: -2,
  highestSequence: 0x10007,
  jitter: 33,
  lastSr: 0xdeadbeef,
  delaySinceLastSr: 65536,
};

const compound: RtcpPacket[] = [
  {
    kind: 'sr',
    ssrc: 1,
    ntpSeconds: 0xe0000000,
    ntpFraction: 0x80000000,
    rtpTimestamp: 160,
    packetCount: 2,
    octetCount: 320,
    reports: [report],
    profileExtension: new Uint8Array(),
  },
  { kind: 'rr', ssrc: 2, reports: [report, report], profileExtension: Uint8Array.of(1, 2, 3, 4) },
  {
    kind: 'sdes',
    chunks: [
      { ssrc: 1, items: [{ type: 1, text: 'cross@point' }] },
      { ssrc: 2, items: [] },
    ],
  },
  pictureLossIndication(1, 2),
  { kind: 'unknown', packetType: 207, count: 0, body: Uint8Array.of(0, 0, 0, 1) },
  { kind: 'bye', sources: [1, 2], reason: 'hung up.' },
];

describe('RTCP', () => {
  it('reads back a compound packet of every kind, and writes the same bytes again', () => {
    const bytes = encodeRtcp(compound);
    const decoded = decodeRtcp(bytes);
    expect(decoded.map(({ kind }) => kind)).toEqual(['sr', 'rr', 'sdes', 'feedback', 'unknown', 'bye']);
    expect(decoded.slice(0, 5)).toEqual(compound.slice(0, 5));
    expect(decoded[5]).toEqual(compound[5]);
    expect(encodeRtcp(decoded)).toEqual(bytes);
  });

  it('writes a picture loss indication as RFC 4585 section 6.3.1 draws it', () => {
    expect([...encodeRtcp([pictureLossIndication(0x01020304, 0x05060708)])]).toEqual([
      0x81, 206, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(isPictureLossIndication(pictureLossIndication(1, 2))).toBe(true);
  });

  it('packs lost numbers into NACK pairs across the wrap', () => {
    const lost = [0xfffe, 0xffff, 0, 14, 15, 40];
    const nack = genericNack(1, 2, lost);
    expect(nack.fci.length).toBe(12);
    expect(nackedSequenceNumbers(nack)).toEqual(lost);
  });

  it('steps over padding of the last packet', () => {
    const bytes = Uint8Array.of(0xa0, 201, 0, 2, 0, 0, 0, 9, 0, 0, 0, 4);
    expect(decodeRtcp(bytes)).toEqual([
      { kind: 'rr', ssrc: 9, reports: [], profileExtension: new Uint8Array() },
    ]);
  });

  it('never fails on damaged packets but with a FormatError', () => {
    const bytes = encodeRtcp(compound);
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(bytes.length),
        (at, turn, cut) => {
          const damaged = bytes.slice(0, cut);
          if (at < cut) damaged[at]! ^= turn;
          try {
            expect(decodeRtcp(damaged).length).toBeLessThanOrEqual(cut / 4);
          } catch (error) {
            expect(error).toBeInstanceOf(FormatError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
