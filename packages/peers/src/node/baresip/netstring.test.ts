import { describe, expect, it } from 'vitest';
import { encodeNetstring, NetstringCutter } from './netstring.ts';

describe('netstrings', () => {
  it('come back whole, however the stream is cut', () => {
    const texts = ['', 'hold', '{"event":true,"param":"Zoë, 5:x,"}'];
    const stream = Buffer.concat(texts.map(encodeNetstring));
    for (let size = 1; size <= stream.length; size += 1) {
      const cutter = new NetstringCutter();
      const found: string[] = [];
      for (let at = 0; at < stream.length; at += size)
        found.push(...cutter.take(stream.subarray(at, at + size)));
      expect(found).toEqual(texts);
    }
  });

  it.each(['x:1,', '3:abcd', '99999999:', '-1:,'])('refuses %s', (stream) => {
    expect(() => new NetstringCutter().take(Buffer.from(stream))).toThrow('netstring');
  });
});
