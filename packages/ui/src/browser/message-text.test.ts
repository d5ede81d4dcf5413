import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { descriptionIn, parseMessageText } from './message-text.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const offer = fixture('made-chrome-av-cand.sdp');
const kinds = (raw: string): string[] => parseMessageText(raw).map((part) => part.kind);

describe('parseMessageText', () => {
  it('parts the web protocol into its line of JSON and its description, byte for byte', () => {
    const parts = parseMessageText(`{"type":"offer","to":"bob"}\n${offer}`);
    expect(parts).toEqual([
      { kind: 'json', text: '{\n  "type": "offer",\n  "to": "bob"\n}' },
      { kind: 'sdp', text: offer },
    ]);
    expect(kinds('{"type":"ringing"}')).toEqual(['json']);
    expect(kinds('{"type":"ringing"}\n')).toEqual(['json']);
  });

  it('parts a SIP message into headers and description', () => {
    const invite = fixture('invite.sip');
    const [head, body] = parseMessageText(invite);
    expect(head?.kind).toBe('headers');
    expect(head?.text.split('\r\n')[0]).toMatch(/^INVITE sip:/);
    expect(body?.kind).toBe('sdp');
    expect(invite.endsWith(body!.text)).toBe(true);
  });

  it('parts HTTP around the web protocol', () => {
    const post = `POST /calls HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n\r\n{"type":"offer"}\n${offer}`;
    expect(kinds(post)).toEqual(['headers', 'json', 'sdp']);
    expect(kinds('SIP/2.0 180 Ringing\r\nVia: SIP/2.0/WS x\r\n\r\n')).toEqual(['headers']);
  });

  it('lays XML out without touching its text', () => {
    const [part] = parseMessageText("<iq type='set'><jingle action='x'/><text> a  b </text><e></e></iq>");
    expect(part).toEqual({
      kind: 'xml',
      text: "<iq type='set'>\n  <jingle action='x'/>\n  <text> a  b </text>\n  <e></e>\n</iq>",
    });
  });

  it('takes what it cannot part as it is', () => {
    expect(parseMessageText('{"type":')).toEqual([{ kind: 'text', text: '{"type":' }]);
    expect(parseMessageText('')).toEqual([]);
    expect(kinds('200 1203 OK')).toEqual(['text']);
  });

  it('never throws and never drops a character that is not white space', () => {
    const solid = (text: string): string => text.replace(/\s/g, '');
    const wire = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('<', '>', '/', 'a', ' ', '\n', ':', '{', '"', '!', '-') }),
    );
    fc.assert(
      fc.property(wire, (raw) => {
        const parts = parseMessageText(raw);
        // JSON is written anew: its escapes may differ.
        if (parts.some((part) => part.kind === 'json')) return;
        expect(solid(parts.map((part) => part.text).join(''))).toBe(solid(raw));
      }),
    );
  });
});

describe('descriptionIn', () => {
  it('finds the description, or nothing', () => {
    expect(descriptionIn(`{}\n${offer}`)).toBe(offer);
    expect(descriptionIn('{}')).toBeUndefined();
  });
});
