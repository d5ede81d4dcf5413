import { describe, expect, it } from 'vitest';
import { lineCutter } from './process-lines.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the lines of a peer', () => {
  it('are cut wherever the pipe cuts them, in the middle of a character too', () => {
    const stream = bytes('{"a":"ä€😀"}\n\n{"b":1}\nrest');
    for (let at = 0; at <= stream.length; at++) {
      const cut = lineCutter();
      expect([...cut(stream.subarray(0, at)), ...cut(stream.subarray(at))]).toEqual([
        '{"a":"ä€😀"}',
        '',
        '{"b":1}',
      ]);
    }
  });

  it('have a limit, however they come', () => {
    const cut = lineCutter(8);
    expect(cut(bytes('12345678\n1234'))).toEqual(['12345678']);
    expect(() => cut(bytes('56789'))).toThrow('more than 8 bytes');
  });

  it('are UTF-8', () => {
    expect(() => lineCutter()(Uint8Array.of(0xc3, 0x28, 0x0a))).toThrow('not UTF-8');
  });
});
