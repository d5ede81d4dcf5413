import { describe, expect, it } from 'vitest';
import { corpus } from './fuzz/corpus.ts';
import { parse } from './parse.ts';
import { SdpError } from './sdp-error.ts';
import { write, writeCanonical } from './write.ts';

const CORPUS = corpus();

const SMALL = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';

function refusal(text: string): SdpError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof SdpError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('parse', () => {
  it('has the whole corpus at hand', () => {
    expect(CORPUS.length).toBe(187);
  });

  it.each(CORPUS)('writes $name back byte for byte', ({ text }) => {
    const description = parse(text);
    expect(write(description)).toBe(text);
    for (const section of [description.session, ...description.media]) {
      expect(section.lines.map((line) => line.raw).join('')).toBe(section.text);
    }
  });

  it('reads every attribute of the corpus typed, and writes it from its value alone', () => {
    for (const { name, text } of CORPUS) {
      const description = parse(text);
      for (const section of [description.session, ...description.media]) {
        const loose = section.lines.filter((line) => line.kind === 'malformed' || line.kind === 'attribute');
        expect(loose, name).toEqual([]);
      }
      // Chromium's space after `msid-semantic:` is the one oddity a value does not hold.
      expect(writeCanonical(description), name).toBe(text.replace('msid-semantic: ', 'msid-semantic:'));
    }
  });

  it.each([
    ['LF endings', SMALL.replaceAll('\r\n', '\n')],
    ['mixed endings', 'v=0\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\nt=0 0\r\nm=audio 9 RTP/AVP 0\na=mid:0\r\n'],
    ['no final ending', `${SMALL}m=audio 9 RTP/AVP 0\r\na=sendrecv`],
    ['spaces at the end of m=', `${SMALL}m=audio 9 RTP/AVP 0 8  \r\n`],
    ['odd numbers', `${SMALL}m=audio 009 RTP/AVP 00 08\r\na=ptime:020\r\na=rtpmap:00 PCMU/08000\r\n`],
    [
      'unknown lines and attributes',
      `${SMALL}y=what\r\na=x-thing:1 2\r\nm=audio 9 RTP/AVP 0\r\nw=\r\na=y\r\n`,
    ],
    ['blank lines at the end', `${SMALL}\r\n\n`],
    [
      'malformed attributes',
      `${SMALL}m=audio 9 RTP/AVP 0\r\na=rtpmap:x\r\na=mid\r\na=sendrecv:1\r\nb=AS\r\n`,
    ],
    ['characters beyond Latin-1', `${SMALL}i=Gespräch 電話\r\n`],
    ['order against RFC 8866', 'v=0\r\na=tool:x\r\nt=0 0\r\ns=\r\no=- 1 1 IN IP4 ::1\r\n'],
  ])('keeps %s', (_, text) => {
    expect(write(parse(text))).toBe(text);
  });

  it('keeps a malformed attribute in its place, with its clause', () => {
    const { media } = parse(`${SMALL}m=audio 9 RTP/AVP 0\r\na=rtpmap:x\r\n`);
    expect(media[0]?.lines[1]).toEqual({
      kind: 'malformed',
      value: { name: 'rtpmap', text: 'x', clause: 'RFC 8866 section 6.6' },
      raw: 'a=rtpmap:x\r\n',
    });
  });

  it.each([
    ['', 'empty', 1, 1],
    ['hello', 'version-missing', 1, 1],
    ['v=1\r\n', 'version-unsupported', 1, 3],
    ['v=00\r\n', 'version-unsupported', 1, 3],
    [`${SMALL}=x\r\n`, 'line-malformed', 5, 1],
    [`${SMALL}audio\r\n`, 'line-malformed', 5, 2],
    [`${SMALL}a`, 'line-malformed', 5, 2],
    [`${SMALL}\r\na=x\r\n`, 'blank-line', 5, 1],
    [`${SMALL}a=x\ry\r\n`, 'control-character', 5, 4],
    [`${SMALL}a=x\0y\r\n`, 'control-character', 5, 4],
    ['v=0\r\no=- 1 IN IP4 127.0.0.1\r\n', 'origin-malformed', 2, 3],
    [`${SMALL}c=IN IP4\r\n`, 'connection-malformed', 5, 3],
    ['v=0\r\nt=now\r\n', 'timing-malformed', 2, 3],
    [`${SMALL}m=audio\r\n`, 'media-malformed', 5, 8],
    [`${SMALL}m=audio x RTP/AVP 0\r\n`, 'media-malformed', 5, 9],
    [`${SMALL}m=audio 9\r\n`, 'media-malformed', 5, 10],
    [`${SMALL}a=x:${'y'.repeat(20_000)}\r\n`, 'line-too-long', 5, 16_385],
    [`${SMALL}${'a=x\r\n'.repeat(10_000)}`, 'too-many-lines', 10_001, 1],
    [`${SMALL}${'m=audio 9 RTP/AVP 0\r\n'.repeat(300)}`, 'too-many-media', 261, 1],
    [`v=0\r\n${'a'.repeat(300_000)}`, 'too-large', 1, 1],
  ])('refuses %.20j with %s', (text, code, line, column) => {
    const error = refusal(text);
    expect([error.code, error.line, error.column]).toEqual([code, line, column]);
    expect(error.clause).toMatch(/^(RFC 8866 section [\d.]+|limit)$/);
  });
});
