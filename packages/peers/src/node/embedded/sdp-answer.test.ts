import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerOffer, intersect, reverse, takeAnswer, type Wishes } from './sdp-answer.ts';
import { readRemote, Unacceptable } from './sdp-read.ts';
import { type LocalSection, type LocalTransport, writeLocal } from './sdp-write.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`./fixtures/${name}-offer.sdp`, import.meta.url), 'utf8');
const WISHES: Wishes = { codecs: ['PCMU', 'PCMA'], direction: 'sendrecv', ssrc: 7 };
const TRANSPORT: LocalTransport = {
  ufrag: 'sWJi',
  password: 'df693FZE2Ug14L4FsRpNSa',
  fingerprint: 'sha-256 AA:BB',
  setup: 'active',
  candidates: ['candidate:1 1 UDP 2114977791 192.0.2.2 34852 typ host'],
  complete: true,
};
const answered = (offer: string, wishes = WISHES): string =>
  writeLocal({ id: '1', version: 1 }, answerOffer(readRemote(offer), wishes).sections, TRANSPORT);
const linesOf = (sdp: string, start: string): string[] =>
  sdp.split('\r\n').filter((line) => line.startsWith(start));

describe('an answer to a browser', () => {
  it.each([
    ['chromium', 126],
    ['firefox', 101],
  ])('takes the G.711, the digits and the data of %s, and refuses its video', (browser, events) => {
    const answer = answered(fixture(browser));
    expect(linesOf(answer, 'm=')).toEqual([
      `m=audio 9 UDP/TLS/RTP/SAVPF 0 8 ${events}`,
      expect.stringMatching(/^m=video 0 UDP\/TLS\/RTP\/SAVPF \d/),
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    ]);
    expect(linesOf(answer, 'a=mid:')).toEqual(['a=mid:0', 'a=mid:1', 'a=mid:2']);
    // RFC 9143 section 7.3.3: what is refused is not bundled.
    expect(linesOf(answer, 'a=group:')).toEqual(['a=group:BUNDLE 0 2']);
    expect(linesOf(answer, 'a=candidate:')).toHaveLength(1);
    expect(linesOf(answer, 'a=setup:')).toEqual(['a=setup:active', 'a=setup:active']);
  });

  it('uses the payload types of the offer, in the order that was asked for', () => {
    const offer = fixture('chromium')
      .replace('SAVPF 111 63 9 0 8', 'SAVPF 111 63 9 96 97')
      .replace(
        'a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000',
        'a=rtpmap:96 pcmu/8000\r\na=rtpmap:97 PCMA/8000',
      );
    const answer = answered(offer, { ...WISHES, codecs: ['PCMA', 'PCMU'] });
    expect(linesOf(answer, 'm=audio')).toEqual(['m=audio 9 UDP/TLS/RTP/SAVPF 97 96 126']);
    expect(linesOf(answer, 'a=rtpmap:')).toEqual([
      'a=rtpmap:97 PCMA/8000',
      'a=rtpmap:96 PCMU/8000',
      'a=rtpmap:126 telephone-event/8000',
    ]);
  });

  it('knows the static payload types without an rtpmap (RFC 3551 section 6)', () => {
    const offer = fixture('firefox').replace(/a=rtpmap:[08] PCM[UA]\/8000(\/1)?\r\n/g, '');
    expect(linesOf(answered(offer), 'm=audio')).toEqual(['m=audio 9 UDP/TLS/RTP/SAVPF 0 8 101']);
  });

  it('leaves out what the offer does not bundle with the first: there is one transport', () => {
    const offer = fixture('chromium').replace('a=group:BUNDLE 0 1 2', 'a=group:BUNDLE 0 1');
    expect(linesOf(answered(offer), 'm=application')).toEqual([
      'm=application 0 UDP/DTLS/SCTP webrtc-datachannel',
    ]);
  });

  it('takes what it needs of the transport, wherever in the bundle it stands', () => {
    const { transport } = answerOffer(readRemote(fixture('firefox')), WISHES);
    expect(transport).toMatchObject({ ufrag: 'bb6f25c5', setup: 'actpass' });
    expect(transport.fingerprint).toMatch(/^sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });

  it('follows a hold, and answers only what both want', () => {
    const held = fixture('chromium').replace('a=sendrecv', 'a=sendonly');
    const direction = (wishes: Wishes): string | undefined =>
      answerOffer(readRemote(held), wishes).sections.flatMap((each) =>
        each.use === 'audio' ? [each.direction] : [],
      )[0];
    expect(direction(WISHES)).toBe('recvonly');
    expect(direction({ ...WISHES, direction: 'sendonly' })).toBe('inactive');
    expect(reverse('sendonly')).toBe('recvonly');
    expect(intersect('sendrecv', 'recvonly')).toBe('recvonly');
  });

  it.each([
    ['v=1\r\n', 'v=0'],
    ['v=0\r\ns=-\r\n', 'without media'],
    ['v=0\r\nm=audio x RTP/AVP 0\r\n', 'cannot be read'],
    ['v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n', 'neither G.711 audio nor a data channel'],
    ['v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=ice-ufrag:abcd\r\n', 'no DTLS fingerprint'],
    ['v=0\r\nm=audio 9 RTP/AVP 0\r\n', 'neither G.711 audio nor a data channel'],
  ])('is refused in words for %j', (offer, words) => {
    expect(() => answered(offer)).toThrow(Unacceptable);
    expect(() => answered(offer)).toThrow(words);
  });
});

describe('an answer of a browser', () => {
  const OFFERED: readonly LocalSection[] = [
    {
      use: 'audio',
      mid: '0',
      direction: 'sendrecv',
      ssrc: 7,
      eventType: undefined,
      codecs: [
        { payloadType: 0, name: 'PCMU' },
        { payloadType: 8, name: 'PCMA' },
      ],
    },
    { use: 'data', mid: '1' },
  ];
  const answer = (audio: string, data: string): string =>
    [
      'v=0',
      'a=group:BUNDLE 0 1',
      'a=ice-ufrag:abcd',
      'a=ice-pwd:abcdefghijklmnopqrstuv',
      'a=fingerprint:sha-256 AA:BB',
      'a=setup:active',
      audio,
      'a=mid:0',
      'a=recvonly',
      'a=candidate:1 1 udp 1 192.0.2.9 5000 typ host',
      data,
      'a=mid:1',
      '',
    ].join('\r\n');
  const DATA = 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel';

  it('settles codec, direction, transport and candidates', () => {
    const agreed = takeAnswer(OFFERED, readRemote(answer('m=audio 9 UDP/TLS/RTP/SAVPF 8', DATA)));
    expect(agreed.sections[0]).toMatchObject({
      direction: 'sendonly',
      codecs: [{ payloadType: 8, name: 'PCMA' }],
    });
    expect(agreed).toMatchObject({ data: true, transport: { ufrag: 'abcd', setup: 'active' } });
    expect(agreed.candidates).toEqual(['candidate:1 1 udp 1 192.0.2.9 5000 typ host']);
  });

  it('may refuse one section', () => {
    const agreed = takeAnswer(
      OFFERED,
      readRemote(answer('m=audio 9 UDP/TLS/RTP/SAVPF 0', DATA.replace(' 9 ', ' 0 '))),
    );
    expect(agreed.data).toBe(false);
    expect(agreed.sections[1]).toMatchObject({ use: 'refused', kind: 'application' });
  });

  it.each([
    [answer('m=audio 9 UDP/TLS/RTP/SAVPF 111', DATA), 'without any of the codecs offered'],
    [answer('m=audio 0 UDP/TLS/RTP/SAVPF 0', DATA.replace(' 9 ', ' 0 ')), 'refuses everything'],
    [answer('m=audio 9 UDP/TLS/RTP/SAVPF 0', 'a=x'), '1 m-sections to 2 offered'],
  ])('is refused in words where it does not fit', (sdp, words) => {
    expect(() => takeAnswer(OFFERED, readRemote(sdp))).toThrow(words);
  });
});
