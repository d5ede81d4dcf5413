import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_PARAMS } from './params.ts';
import { sameUri } from './same-uri.ts';
import { SipSyntaxError } from './sip-error.ts';
import { isSipUri, parseUri, type SipUri } from './uri.ts';
import { writeUri } from './write-uri.ts';

describe('parseUri', () => {
  it('reads all parts of a sip address', () => {
    const uri = parseUri(
      'sips:al%69ce:se%40cret@[2001:db8::9]:5061;transport=tcp;lr?Subject=hi%20there&To=x',
    );
    expect(uri).toMatchObject({
      scheme: 'sips',
      user: 'alice',
      password: 'se@cret',
      host: '[2001:db8::9]',
      port: 5061,
    });
    if (!isSipUri(uri)) throw new Error('not sip');
    expect(uri.params.get('transport')).toBe('tcp');
    expect(uri.params.get('LR')).toBe('');
    expect(uri.headers).toEqual([
      ['Subject', 'hi there'],
      ['To', 'x'],
    ]);
  });

  // An address with headers is never read in one go.
  it.each(
    [
      'a',
      'a.',
      'a-b.c',
      '127.0.0.1',
      '1',
      'a.b.',
      '.',
      '',
      'a..b',
      '-a',
      'a-',
      'a.-b',
      'a-.b',
      'a_b',
      'a:5060',
      'a:0',
    ].flatMap((host) => [
      `sip:${host}`,
      `sips:u;x=1?&=+$,/@${host};lr;p=[::1];q=a:b`,
      `sip:a@b@${host}`,
      `sip:@${host};`,
      `sip:${host};=x`,
    ]),
  )('%s reads alike in one go and with care', (text) => {
    const outcome = (of: string) => {
      try {
        const { headers, params, ...rest } = parseUri(of) as SipUri;
        return { ...rest, params: params.list };
      } catch (error) {
        if (!(error instanceof SipSyntaxError)) throw error;
        return error.what;
      }
    };
    expect(outcome(text)).toEqual(outcome(`${text}?X=1`));
  });

  it('reads tel and keeps others', () => {
    expect(parseUri('tel:+1-201-555-0123;ext=7')).toMatchObject({ scheme: 'tel', number: '+1-201-555-0123' });
    expect(parseUri('urn:service:sos')).toEqual({ scheme: 'urn', rest: 'service:sos' });
  });

  it.each([
    'alice@a',
    'sip:',
    'sip:a b@c',
    'sip:@host',
    'sip:a@',
    'sip:a@b:99999',
    'sip:a@b;=x',
    'sip:a@b?x',
    'tel:+',
    'tel:12+3',
    'sip:a@[::1',
    'sip:%zz@b',
    ':x',
    'sip:a@b;p=<',
  ])('refuses %s', (text) => {
    expect(() => parseUri(text)).toThrow(SipSyntaxError);
  });

  it('writes any user so that it reads the same', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string({ unit: 'binary' }),
        (user, value) => {
          const made = {
            scheme: 'sip' as const,
            user,
            password: undefined,
            host: 'h.example',
            port: 5060,
            params: NO_PARAMS,
            headers: [['X', value]] as const,
          };
          const read = parseUri(writeUri(made));
          expect(read).toMatchObject({ user, host: 'h.example', port: 5060 });
          expect(isSipUri(read) && read.headers[0]![1]).toBe(value);
        },
      ),
    );
  });

  it('keeps escaped bytes that are not UTF-8', () => {
    expect(writeUri(parseUri('sip:%FF%41%2580@h'))).toBe('sip:%FFA%2580@h');
  });
});

// The examples of RFC 3261 section 19.1.4.
describe('sameUri', () => {
  it.each([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtlanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
    ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
    ['tel:+1-201-555-0123', 'tel:+12015550123'],
    ['sip:a@b;transport=udp;transport=tcp', 'sip:a@b;transport=udp;transport=tcp'],
    ['sip:a@b;transport=tcp;transport=tcp', 'sip:a@b;transport=tcp'],
  ])('%s is %s', (a, b) => {
    expect(sameUri(a, b)).toBe(true);
    expect(sameUri(b, a)).toBe(true);
  });

  it.each([
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:a@b', 'sips:a@b'],
    ['tel:+12015550123', 'tel:12015550123'],
  ])('%s is not %s', (a, b) => {
    expect(sameUri(a, b)).toBe(false);
    expect(sameUri(b, a)).toBe(false);
  });
});
