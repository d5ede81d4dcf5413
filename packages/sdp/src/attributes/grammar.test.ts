import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../parse.ts';
import { sourceOf } from '../source.ts';
import { writeLine } from '../write.ts';
import { attributeNumberAt } from './dispatch.ts';
import { ATTRIBUTE_ROWS, attributeRow } from './grammar.ts';

const HEAD = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';

function lineOf(content: string) {
  const line = parse(`${HEAD}m=audio 9 RTP/AVP 0\r\n${content}\r\n`).media[0]?.lines[1];
  if (line === undefined) throw new Error('the line is gone');
  return line;
}

describe('the attribute grammar', () => {
  it.each(ATTRIBUTE_ROWS)('reads and writes its sample of $name', ({ name, sample, clause, prefix }) => {
    const line = lineOf(sample);
    expect(line.kind).toBe(name);
    expect(writeLine(line, '')).toBe(sample);
    expect(sample.startsWith(prefix)).toBe(true);
    expect(clause).toMatch(/^(RFC \d{4} section \d+(\.\d+)*|draft-[\w-]+ section \d+(\.\d+)*)$/);
  });

  it.each(ATTRIBUTE_ROWS)(
    'calls $name malformed without its value, or with one too many',
    ({ name, flag }) => {
      expect(lineOf(flag ? `a=${name}:1` : `a=${name}`).kind).toBe('malformed');
    },
  );

  it.each([
    'a=rtpmap:111',
    'a=rtpmap:x opus/48000',
    'a=rtpmap:111 opus',
    'a=rtpmap:111 opus/x',
    'a=rtpmap:111 opus/48000/x',
    'a=fmtp:111',
    'a=rtcp-fb:96',
    'a=extmap:x urn:a',
    'a=extmap:1/both urn:a',
    'a=extmap:1',
    'a=mid:a b',
    'a=ssrc:4294967296 cname:x',
    'a=ssrc:1',
    'a=ssrc-group:FID 1 x',
    'a=candidate:1 1 udp 1 10.0.0.1 9 host',
    'a=candidate: 1 udp 1 10.0.0.1 9 typ host',
    'a=candidate:1 1 udp 1 10.0.0.1 65536 typ host',
    'a=fingerprint:sha-256',
    'a=setup:both',
    'a=rtcp:65536',
    'a=rtcp:9 IN IP4',
    'a=crypto:1 AES',
    'a=sctp-port:x',
    'a=sctpmap:5000',
    'a=rid:1 both',
    'a=simulcast:send',
    'a=simulcast:send 1 send 2',
    'a=simulcast:send 1;;2',
    'a=imageattr:97 send',
    'a=imageattr:97',
    'a=ptime:1.2.3',
    'a=framerate:x',
    'a=msid:a b c',
    'a=remote-candidates:1 10.0.0.1',
  ])('calls %s malformed', (content) => {
    expect(lineOf(content).kind).toBe('malformed');
  });

  it('reads what calls for care', () => {
    expect(lineOf('a=fmtp:101 0-15').value).toEqual({
      format: '101',
      parameters: [{ name: '0-15', value: undefined }],
    });
    expect(lineOf('a=fmtp:63 111/111').value).toEqual({
      format: '63',
      parameters: [{ name: '111/111', value: undefined }],
    });
    expect(lineOf('a=fmtp:97 a=1; b=x=y;;c').value).toEqual({
      format: '97',
      parameters: [
        { name: 'a', value: '1' },
        { name: 'b', value: 'x=y' },
        { name: 'c', value: undefined },
      ],
    });
    expect(lineOf('a=simulcast:send 1,~4;2 recv h').value).toEqual({
      send: [
        [
          { id: '1', paused: false },
          { id: '4', paused: true },
        ],
        [{ id: '2', paused: false }],
      ],
      recv: [[{ id: 'h', paused: false }]],
    });
    expect(lineOf('a=msid-semantic: WMS').value).toEqual({ semantic: 'WMS', streams: [] });
    expect(lineOf('a=sendrecv  ').kind).toBe('sendrecv');
    expect(lineOf('a=rtcp:9').value).toMatchObject({ port: 9, address: undefined });
  });

  it('finds every name of the grammar and no other', () => {
    const numberOf = (name: string) => attributeNumberAt(sourceOf(`a=${name}:`), 2, 2 + name.length);
    ATTRIBUTE_ROWS.forEach((row, number) => {
      expect(numberOf(row.name)).toBe(number);
    });
    expect(numberOf('constructor')).toBe(-1);
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(numberOf(name) >= 0).toBe(attributeRow(name) !== undefined);
      }),
      { seed: 20261122 },
    );
  });
});
