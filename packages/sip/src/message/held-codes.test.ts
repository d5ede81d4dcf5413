import { describe, expect, it } from 'vitest';
import { headerAt } from './header-names.ts';
import { holdCodes } from './held-codes.ts';
import { DEFAULT_SIP_LIMITS } from './limits.ts';
import { parseMessage } from './parse-message.ts';
import { sourceOf } from './source.ts';

const NAMES = [
  'Via',
  'v',
  'To',
  'CSeq',
  'Call-ID',
  'Route',
  'Contact',
  'Max-Forwards',
  'Authentication-Info',
];

function headerIn(line: string, from: number): string | undefined {
  const { codes } = sourceOf(line);
  holdCodes(codes, codes.length);
  return headerAt(codes, from)?.header.key;
}

describe('held codes', () => {
  it('know a name in any case, wherever it stands, and no name that differs by a letter', () => {
    for (const name of NAMES) {
      const key = name === 'v' ? 'via' : name.toLowerCase();
      for (let from = 0; from < 9; from++) {
        const before = ' '.repeat(from);
        for (const spelled of [name, name.toLowerCase(), name.toUpperCase()]) {
          expect(headerIn(`${before}${spelled}: x\r\n`, from)).toBe(key);
        }
        for (let at = 0; at < name.length; at++) {
          const other = `${name.slice(0, at)}_${name.slice(at + 1)}`;
          expect(headerIn(`${before}${other}: x\r\n`, from), other).toBeUndefined();
        }
        expect(headerIn(`${before}${name}x: x\r\n`, from)).toBeUndefined();
      }
    }
  });

  it('have room for a head above the default limit, and for more lines than most have', () => {
    const many = Array.from({ length: 3000 }, (_, at) => `X-${at}: ${'x'.repeat(40)}\r\n`).join('');
    const text = `OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n${many}CSeq: 7 OPTIONS\r\n\r\n`;
    const bytes = new TextEncoder().encode(text);
    const limits = { ...DEFAULT_SIP_LIMITS, head: 1_000_000, headers: 10_000 };
    const message = parseMessage(bytes, limits);
    expect([message.fields.length, message.via.host, message.cseq.number]).toEqual([3002, 'h', 7]);
    expect(message.get('x-2999')).toBe('x'.repeat(40));
    expect(() => parseMessage(bytes)).toThrow(/the head is over/);
  });

  it('leave the first of several fields the first, also where a space stands before its colon', () => {
    const text =
      'BYE sip:a@b SIP/2.0\r\nRoute : <sip:one>\r\nroute: <sip:two>\r\nf:\t<sip:x>;tag=1\r\n' +
      'From: <sip:y>;tag=2\r\nCSeq:8\r\n BYE \r\nl: 0\r\n\r\n';
    const message = parseMessage(new TextEncoder().encode(text));
    expect(message.routes.map(({ uri }) => uri)).toEqual(['sip:one', 'sip:two']);
    expect([message.from.tag, message.cseq, message.get('cseq')]).toEqual([
      '1',
      { number: 8, method: 'BYE' },
      '8 BYE',
    ]);
    expect(message.set('From', '<sip:z>;tag=3').from.tag).toBe('3');
    expect(message.remove('Route').routes).toEqual([]);
    expect(message.contentLength).toBe(0);
  });
});
