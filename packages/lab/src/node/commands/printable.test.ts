import { describe, expect, it } from 'vitest';
import { printable } from './printable.ts';

describe('printable', () => {
  it('leaves words alone, in any script', () => {
    expect(printable('a=msid:ž 音 - x')).toBe('a=msid:ž 音 - x');
  });

  it('shows what would move the cursor, recolour or turn the text around', () => {
    expect(printable('a\u001b[31mb\r\nc\u202ed')).toBe('a\\u{1b}[31mb\\u{d}\\u{a}c\\u{202e}d');
  });

  it('keeps a tab one column wide, so that a mark below still points at its place', () => {
    expect(printable('a\tb')).toBe('a b');
  });
});
