import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBytes } from './file-bytes.ts';

describe('decodeBytes', () => {
  it('reads UTF-8 as UTF-8', () => {
    expect(decodeBytes(Buffer.from('s=Žižkov')).text).toBe('s=Žižkov');
  });

  it('gives back the same bytes, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const { text, encode } = decodeBytes(bytes);
        expect(encode(text).equals(Buffer.from(bytes))).toBe(true);
      }),
    );
  });

  it('keeps a byte order mark, which is no part of SDP and so must be found', () => {
    expect(decodeBytes(Buffer.from('\ufeffv=0')).text).toBe('\ufeffv=0');
  });
});
