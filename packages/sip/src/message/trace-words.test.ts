import { describe, expect, it } from 'vitest';
import { callIdIn, summarizeMessage, withoutSecrets } from './trace-words.ts';

const message = (...lines: string[]): string => [...lines, '', ''].join('\r\n');

describe('a message in a trace', () => {
  it.each([
    [message('INVITE sip:bob@b.example SIP/2.0', 'CSeq: 1 INVITE'), 'INVITE'],
    [message('SIP/2.0 180 Ringing', 'CSeq: 1 INVITE'), '180 Ringing'],
    [message('SIP/2.0 200 OK', 'CSeq : 2 BYE'), '200 OK (BYE)'],
    [message('SIP/2.0 200 ', 'CSeq: 3 REGISTER'), '200  (REGISTER)'],
  ])('%j is %s in a few words', (text, words) => {
    expect(summarizeMessage(text)).toBe(words);
  });

  it('names its call in either form', () => {
    expect(callIdIn(message('ACK sip:b SIP/2.0', 'call-id:  a84b@x'))).toBe('a84b@x');
    expect(callIdIn(message('ACK sip:b SIP/2.0', 'i: a84b'))).toBe('a84b');
    expect(callIdIn(message('ACK sip:b SIP/2.0', 'Via: SIP/2.0/UDP i: 1'))).toBeUndefined();
  });

  it('loses its digest response and nothing else', () => {
    const line = (name: string, response: string): string =>
      `${name}: Digest username="a", nonce="n", response=${response}, qop=auth`;
    for (const name of ['Authorization', 'proxy-authorization'])
      expect(withoutSecrets(message('REGISTER sip:b SIP/2.0', line(name, '"5ec3e7"')))).toBe(
        message('REGISTER sip:b SIP/2.0', line(name, '"(struck out)"')),
      );
  });
});
