import { describe, expect, it } from 'vitest';
import { corpus } from './fuzz/corpus.ts';
import { open } from './lazy-description.ts';
import { attribute, attributes } from './lenses/attributes.ts';
import { codecs } from './lenses/codecs.ts';
import { direction } from './lenses/direction.ts';
import { iceCredentials } from './lenses/ice.ts';
import { mediaLineOf } from './lenses/media-line.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { parse } from './parse.ts';
import { SdpError } from './sdp-error.ts';

const CORPUS = corpus();
const OFFER = CORPUS.find(({ name }) => name === 'made-chrome-av-cand.sdp')!.text;

describe('open', () => {
  it('says of the whole corpus what the full parse says', () => {
    for (const { name, text } of CORPUS) {
      const lazy = open(text);
      const full = parse(text);
      expect(lazy.text).toBe(text);
      expect(lazy.mediaCount, name).toBe(full.media.length);
      expect(lazy.first(-1, 'group')).toEqual(attribute(full.session, 'group'));
      full.media.forEach((media, index) => {
        expect(lazy.media(index)).toBe(media.media);
        expect(lazy.mediaLine(index)).toEqual(mediaLineOf(media));
        expect(lazy.first(index, 'mid')).toBe(attribute(media, 'mid'));
        expect(lazy.all(index, 'candidate')).toEqual(attributes(media, 'candidate'));
        expect(lazy.count(index, 'rtcp-fb')).toBe(attributes(media, 'rtcp-fb').length);
        expect(lazy.direction(index)).toBe(direction(media, full.session));
        expect(lazy.iceCredentials(index)).toEqual(iceCredentials(full, media));
        expect(lazy.codecs(index)).toEqual(codecs(media));
        expect(lazy.sectionText(index)).toBe(media.text);
      });
      expect(lazy.typed()).toEqual(full);
      expect(lazy.typed()).toBe(lazy.typed());
    }
  });

  it('checks a text that it has just checked against other limits', () => {
    expect(open(OFFER).mediaCount).toBeGreaterThan(1);
    expect(() => open(OFFER, { ...DEFAULT_LIMITS, media: 1 })).toThrow(SdpError);
    expect(() => open(OFFER, { ...DEFAULT_LIMITS, media: 1 })).toThrow(SdpError);
    expect(open(OFFER).mediaCount).toBeGreaterThan(1);
  });

  it('reads two descriptions in turn without mixing them up', () => {
    const [a, b] = [open(OFFER), open(OFFER.replaceAll('a=mid:', 'a=mid:x'))];
    expect([a.first(0, 'mid'), b.first(0, 'mid'), a.first(1, 'mid'), b.first(1, 'mid')]).toEqual([
      '0',
      'x0',
      '1',
      'x1',
    ]);
    parse(
      OFFER.toUpperCase()
        .replace('V=0', 'v=0')
        .replaceAll(/^[A-Z]=/gm, 'i='),
    );
    expect([a.first(0, 'setup'), b.codecs(0).length]).toEqual(['actpass', 8]);
  });

  it('finds nothing of the texts before, refused ones and longer ones than the limits of others allow', () => {
    const many = `${OFFER}${'a=ptime:20\r\n'.repeat(12_000)}`;
    const limits = { ...DEFAULT_LIMITS, size: 1_000_000, lines: 20_000 };
    expect(() => open(many)).toThrow(SdpError);
    expect(open(many, limits).count(1, 'ptime')).toBe(12_000);
    expect(() => open(`${OFFER}a=ptime:20\r\nbroken`)).toThrow(SdpError);
    const lazy = open(OFFER);
    expect([lazy.first(1, 'ptime'), lazy.first(-1, 'mid'), lazy.count(1, 'candidate')]).toEqual([
      undefined,
      undefined,
      attributes(parse(OFFER).media[1]!, 'candidate').length,
    ]);
    expect(lazy.first(1, 'mid')).toBe('1');
    const changed = lazy.replaceAttribute(1, 'mid', 'changed');
    expect(() => open('v=0\r\nbroken')).toThrow(SdpError);
    expect([changed.first(1, 'mid'), lazy.first(1, 'mid')]).toEqual(['changed', '1']);
  });

  it.each([
    'audio 9 RTP/AVP 0 8 0 200 008 x 101',
    'audio  9  RTP/AVP  0   8',
    'audio 9 RTP/AVP 0 8 \t',
    'audio 9/2 RTP/AVP 0',
    'audio 009 UDP/TLS/RTP/SAVPF 0',
    'audio 9 RTP/AVP',
    'audio 9 RTP 0',
    'application 9 UDP/DTLS/SCTP webrtc-datachannel',
  ])('joins the codecs of m=%s as the typed lens does', (value) => {
    const text = `v=0\r\nm=${value}\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n`;
    expect(open(text).codecs(0)).toEqual(codecs(parse(text).media[0]!));
  });

  it.each(['audio', 'audio 9', 'audio  RTP/AVP 0', 'audio x RTP/AVP 0', ' 9 RTP/AVP 0'])(
    'joins no codecs of m=%s',
    (value) => {
      expect(() => open(`v=0\r\nm=${value}\r\n`).codecs(0)).toThrow(SdpError);
    },
  );

  it('changes one line and no other byte', () => {
    const lazy = open(OFFER);
    expect(lazy.replaceAttribute(1, 'mid', 'v').text).toBe(OFFER.replace('a=mid:1', 'a=mid:v'));
    expect(lazy.replaceAttribute(0, 'ptime', 20).text).toBe(lazy.addAttribute(0, 'ptime', 20).text);
    expect(lazy.addAttribute(0, 'ptime', 20).text).toBe(OFFER.replace('m=video', 'a=ptime:20\r\nm=video'));
    expect(lazy.addAttribute(1, 'ptime', 20).text).toBe(`${OFFER}a=ptime:20\r\n`);
    expect(open(OFFER.slice(0, -2)).addAttribute(1, 'ptime', 20).text).toBe(`${OFFER}a=ptime:20\r\n`);
    expect(lazy.withoutAttribute(0, 'candidate').withoutAttribute(1, 'candidate').text).toBe(
      OFFER.replaceAll(/a=candidate:.*\r\n/g, ''),
    );
    expect(lazy.withoutAttribute(0, 'ptime')).toBe(lazy);
    expect(lazy.text).toBe(OFFER);
    expect(lazy.replaceAttribute(0, 'setup', 'active').first(0, 'setup')).toBe('active');
  });

  it('passes over malformed lines and longer names', () => {
    const lazy = open(
      'v=0\r\nm=audio 9 RTP/AVP 0\r\na=mid\r\na=midi:1\r\na=mid :2\r\na=mid:3 \r\na=rtcp-mux:1\r\n',
    );
    expect(lazy.first(0, 'mid')).toBe('3');
    expect(lazy.first(0, 'rtcp-mux')).toBeUndefined();
  });

  it('refuses what parse refuses of the structure, and a bad value when it is asked for', () => {
    expect(() => open('v=0\r\nhello\r\n')).toThrow(SdpError);
    const lazy = open('v=0\r\nm=audio x RTP/AVP 0\r\na=mid:0\r\n');
    expect(lazy.first(0, 'mid')).toBe('0');
    expect(() => lazy.mediaLine(0)).toThrow(SdpError);
    expect(() => lazy.typed()).toThrow(SdpError);
    expect(() => lazy.first(1, 'mid')).toThrow(RangeError);
  });
});
