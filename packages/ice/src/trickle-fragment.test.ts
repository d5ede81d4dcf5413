import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCandidate } from './candidate-text.ts';
import { IceError } from './ice-error.ts';
import { parseTrickleFragment, writeTrickleFragment } from './trickle-fragment-text.ts';

const whip = readFileSync(new URL('./fixtures/whip-patch.sdpfrag', import.meta.url), 'utf8');
const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join('');
const host = 'a=candidate:1 1 UDP 2130706432 192.0.2.1 5000 typ host';

describe('trickle fragments', () => {
  it('reads the example of RFC 9725', () => {
    const fragment = parseTrickleFragment(whip);
    expect(fragment).toMatchObject({ group: 'BUNDLE 0 1', iceLite: false, candidates: [] });
    expect(fragment.media).toHaveLength(1);
    expect(fragment.media[0]).toMatchObject({
      media: 'audio',
      port: '9',
      protocol: 'UDP/TLS/RTP/SAVPF',
      formats: ['111'],
      mid: '0',
      iceUfrag: 'EsAw',
      icePwd: 'P2uYro0UCOQ4zxjKXaWCBui1',
      endOfCandidates: true,
    });
    expect(fragment.media[0]!.candidates.map((candidate) => candidate.type)).toEqual([
      'host',
      'host',
      'host',
    ]);
    expect(fragment.spelling).toBeUndefined();
    expect(writeTrickleFragment(fragment)).toBe(whip);
  });

  it('writes session credentials and an end of candidates of one stream (RFC 8840 section 4.4)', () => {
    const text = lines(
      'a=ice-options:trickle ice2',
      'a=ice-ufrag:8hhY',
      'a=ice-pwd:asd88fgpdd777uzjYhagZg',
      'm=audio 9 RTP/AVP 0',
      'a=mid:1',
      host,
      'a=end-of-candidates',
      'm=audio 9 RTP/AVP 0',
      'a=mid:2',
    );
    const fragment = parseTrickleFragment(text);
    expect(fragment).toMatchObject({
      iceUfrag: '8hhY',
      icePwd: 'asd88fgpdd777uzjYhagZg',
      endOfCandidates: false,
    });
    expect(fragment.iceOptions).toEqual(['trickle', 'ice2']);
    expect(
      fragment.media.map((media) => [media.mid, media.candidates.length, media.endOfCandidates]),
    ).toEqual([
      ['1', 1, true],
      ['2', 0, false],
    ]);
    const candidate = parseCandidate('candidate:2 1 UDP 1 192.0.2.2 5002 typ host');
    const media = fragment.media.map((each) =>
      each.mid === '2' ? { ...each, candidates: [candidate] } : each,
    );
    expect(writeTrickleFragment({ ...fragment, media })).toBe(
      `${text}a=candidate:2 1 UDP 1 192.0.2.2 5002 typ host\r\n`,
    );
  });

  it.each([
    ['LF', 'a=ice-ufrag:a\nm=audio 9 RTP/AVP 0\na=mid:0\n'],
    ['no last line end', 'a=ice-ufrag:a\r\na=ice-pwd:b'],
    ['another order', lines('m=audio 9 RTP/AVP 0', host, 'a=mid:0')],
    [
      'unknown lines',
      lines('a=ice-pacing:50', 'm=audio 9 RTP/AVP 0', 'a=mid:0', 'a=setup:active', host, 'a=x'),
    ],
    ['a repeated line', lines('a=ice-lite', 'a=ice-lite', 'm=audio 9 RTP/AVP 0', 'a=mid:0', 'a=mid:1')],
    ['a candidate above every m-line', lines(host)],
    ['nothing', ''],
  ])('gives back %s byte for byte, until a field changes', (_what, text) => {
    const fragment = parseTrickleFragment(text);
    expect(writeTrickleFragment(fragment)).toBe(text);
    const changed = writeTrickleFragment({ ...fragment, iceUfrag: 'changed' });
    expect(parseTrickleFragment(changed)).toMatchObject({ iceUfrag: 'changed', media: fragment.media });
  });

  it.each([
    ['a=ice-ufrag:a\r\nnonsense\r\n', 'fragment-syntax', 2, 1],
    ['m=audio 9\r\n', 'fragment-syntax', 1, 10],
    [lines('m=audio 9 RTP/AVP 0', 'a=candidate:1 0 UDP 1 192.0.2.1 9 typ host'), 'candidate-range', 2, 15],
  ])('refuses %j and says where', (text, code, line, column) => {
    const error = expect.objectContaining({ name: 'IceError', code, line, column });
    expect(() => parseTrickleFragment(text)).toThrow(error);
  });

  it('gives back whatever it takes, and throws nothing but IceError', () => {
    const mutation = fc.tuple(fc.nat(), fc.nat({ max: 6 }), fc.string({ maxLength: 4 }));
    let taken = 0;
    fc.assert(
      fc.property(mutation, ([place, cut, put]) => {
        const at = place % whip.length;
        const text = whip.slice(0, at) + put + whip.slice(at + cut);
        try {
          expect(writeTrickleFragment(parseTrickleFragment(text))).toBe(text);
          taken++;
        } catch (error) {
          if (!(error instanceof IceError)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
