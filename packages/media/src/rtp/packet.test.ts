import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../format-error.ts';
import { decodeExtensionElements, encodeExtensionElements } from './header-extension.ts';
import { decodeRtp, encodeRtp, isRtcp } from './packet.ts';

const hex = (text: string) =>
  Uint8Array.from(text.replace(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const codeOf = (run: () => unknown): [string, number, string] => {
  try {
    run();
  } catch (error) {
    if (error instanceof FormatError) return [error.code, error.offset, error.clause];
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('decodeRtp', () => {
  it('reads every field of a packet with CSRC, one-byte extension and padding', () => {
    const packet = decodeRtp(hex('b1 ef 1234 89abcdef 01020304 0a0b0c0d bede0001 10ff0000 aabbcc 000003'));
    expect(packet).toEqual({
      marker: true,
      payloadType: 0x6f,
      sequenceNumber: 0x1234,
      timestamp: 0x89abcdef,
      ssrc: 0x01020304,
      csrcs: [0x0a0b0c0d],
      extension: { profile: 0xbede, data: hex('10ff0000') },
      payload: hex('aabbcc'),
      padding: 3,
    });
    expect(decodeExtensionElements(packet.extension!)).toEqual([{ id: 1, data: hex('ff') }]);
  });

  it('names offset and clause of what is wrong', () => {
    expect(codeOf(() => decodeRtp(hex('80 00 0001')))).toEqual(['truncated', 4, 'RFC 3550 section 5.1']);
    expect(codeOf(() => decodeRtp(hex('40 00 0001 00000000 00000000')))[0]).toBe('bad-version');
    expect(codeOf(() => decodeRtp(hex('82 00 0001 00000000 00000000 00000000')))[0]).toBe('truncated');
    expect(codeOf(() => decodeRtp(hex('90 00 0001 00000000 00000000 bede0002 00000000')))).toEqual([
      'bad-length',
      14,
      'RFC 3550 section 5.3.1',
    ]);
    expect(codeOf(() => decodeRtp(hex('a0 00 0001 00000000 00000000 00000009')))).toEqual([
      'bad-padding',
      15,
      'RFC 3550 section 5.1',
    ]);
  });

  it('reads back what encodeRtp wrote, and its bytes are the same again', () => {
    const octets = (maximum: number) => fc.uint8Array({ maxLength: maximum });
    const packets = fc.record({
      marker: fc.boolean(),
      payloadType: fc.integer({ min: 0, max: 127 }),
      sequenceNumber: fc.integer({ min: 0, max: 0xffff }),
      timestamp: fc.integer({ min: 0, max: 0xffffffff }),
      ssrc: fc.integer({ min: 0, max: 0xffffffff }),
      csrcs: fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 15 }),
      payload: octets(60),
      padding: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(packets, (packet) => {
        const bytes = encodeRtp(packet);
        expect(decodeRtp(bytes)).toEqual(packet);
        expect(encodeRtp(decodeRtp(bytes))).toEqual(bytes);
      }),
    );
  });

  it('never fails on arbitrary octets but with a FormatError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          expect(decodeRtp(bytes).payload.length).toBeLessThan(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
    );
  });
});

describe('header extension elements', () => {
  it('are written in the two-byte form where an id or a length needs it', () => {
    const elements = [
      { id: 15, data: hex('') },
      { id: 3, data: hex('0102') },
    ];
    const extension = encodeExtensionElements(elements);
    expect(extension.profile).toBe(0x1000);
    expect(decodeExtensionElements(extension)).toEqual(elements);
  });
});

describe('isRtcp', () => {
  it('tells a sender report from PCMU with the marker bit', () => {
    expect([isRtcp(hex('80c80006')), isRtcp(hex('80800006')), isRtcp(hex('80'))]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
