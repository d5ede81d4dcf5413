import { parse } from 'ltx';
import { describe, expect, it } from 'vitest';
import { answerOffer, takeAnswer, type Wishes } from '../embedded/sdp-answer.ts';
import { Unacceptable } from '../embedded/sdp-read.ts';
import { candidatesIn, readCandidate, writeCandidate } from './candidate-xml.ts';
import { Insecure, readJingle, toDirection, toSenders } from './jingle-read.ts';
import { writeContents, writeTransportInfo } from './jingle-write.ts';
import { NS } from './namespaces.ts';
import { recordedJingle } from './testing/recorded-stanza.ts';
import { xml } from './xml.ts';

const WISHES: Wishes = { codecs: ['PCMU', 'PCMA'], direction: 'sendrecv', ssrc: 7 };
const TRANSPORT = {
  ufrag: 'sWJi',
  password: 'df693FZE2Ug14L4FsRpNSa',
  fingerprint: 'sha-256 AA:BB',
  setup: 'active',
  candidates: ['candidate:1 1 UDP 2114977791 192.0.2.2 34852 typ host'],
  complete: true,
} as const;

describe('a session-initiate of a real client', () => {
  it.each([
    ['chromium-av-session-initiate', ['0', '1'], '5nP2', 126],
    ['firefox-av-session-initiate', ['0', '1'], '4a25cce1', 101],
  ])('%s: its G.711 and digits are taken, its video is refused', (name, mids, ufrag, events) => {
    const offer = readJingle(recordedJingle(name), 'initiator');
    expect(offer.bundles).toEqual([mids]);
    const { sections, transport, audio } = answerOffer(offer, WISHES);
    expect(sections).toMatchObject([
      { use: 'audio', mid: '0', direction: 'sendrecv', eventType: events },
      { use: 'refused', mid: '1', kind: 'video' },
    ]);
    expect(sections[0]).toMatchObject({
      codecs: [
        { payloadType: 0, name: 'PCMU' },
        { payloadType: 8, name: 'PCMA' },
      ],
    });
    expect(audio?.codecs).toContainEqual(expect.objectContaining({ name: 'opus', clockRate: 48000 }));
    expect(transport).toMatchObject({ ufrag, setup: 'actpass' });
    expect(transport.fingerprint).toMatch(/^sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });

  it('without a fingerprint is told apart: it would go in the clear', () => {
    const jingle = recordedJingle('chromium-av-session-initiate');
    const [content] = jingle.getChildren('content');
    content!.getChild('transport')!.remove('fingerprint', NS.dtls);
    expect(() => readJingle(jingle, 'initiator')).toThrow(Insecure);
  });

  it.each([
    ['a transport without credentials', (text: string) => text.replaceAll(/ufrag="5nP2"/g, '')],
    ['credentials that would break a line', (text: string) => text.replaceAll('5nP2', '5nP2&#10;a=x')],
    ['a setup that is none', (text: string) => text.replaceAll('actpass', 'whatever')],
    ['a fingerprint that is none', (text: string) => text.replaceAll('AD:56', 'nothing')],
    ['a content without a name', (text: string) => text.replaceAll('creator="initiator" name="0"', '')],
  ])('with %s is refused in words', (_what, spoil) => {
    const text = recordedJingle('chromium-av-session-initiate').toString();
    const spoilt = spoil(text);
    expect(spoilt).not.toBe(text);
    expect(() => readJingle(parse(spoilt), 'initiator')).toThrow(Unacceptable);
  });
});

describe('a session-accept of a real client', () => {
  it('of Chromium is fitted to what was offered', () => {
    const answer = readJingle(recordedJingle('chromium-audio-session-accept'), 'responder');
    const offered = [
      {
        use: 'audio' as const,
        mid: '0',
        codecs: [{ payloadType: 8, name: 'PCMA' as const }],
        direction: 'sendrecv' as const,
        ssrc: 7,
        eventType: 126,
      },
    ];
    const { sections, transport } = takeAnswer(offered, answer);
    expect(sections).toMatchObject([{ codecs: [{ payloadType: 8 }], direction: 'sendrecv', eventType: 126 }]);
    expect(transport).toMatchObject({ ufrag: '7b68', setup: 'active' });
  });

  it('of Dino has its candidates, of which component 2 stays what it is', () => {
    const [section] = readJingle(recordedJingle('dino-session-accept'), 'responder').sections;
    expect(section).toMatchObject({ direction: 'sendrecv', codecs: [{ name: 'opus', payloadType: 111 }] });
    expect(section?.candidates).toEqual([
      'candidate:1 1 udp 2015363327 10.9.1.1 44676 typ host',
      'candidate:1 2 udp 2015363326 10.9.1.1 41798 typ host',
    ]);
  });
});

describe('candidates', () => {
  it('of a transport-info are read, and the end of them is none', () => {
    const transport = (name: string) =>
      recordedJingle(name).getChildren('content')[0]!.getChild('transport', NS.ice);
    expect(candidatesIn(transport('chromium-transport-info'))).toEqual([
      'candidate:3557908473 1 udp 2122260223 10.9.1.1 35985 typ host',
    ]);
    expect(candidatesIn(transport('chromium-gathering-complete'))).toEqual([]);
  });

  it.each([
    'candidate:1 1 udp 2114977791 192.0.2.2 34852 typ host',
    'candidate:a+/9 2 tcp 99 2001:db8::1 9 typ srflx raddr 192.0.2.7 rport 5',
    'candidate:2 1 udp 1 192.0.2.9 5000 typ relay raddr 192.0.2.7 rport 5',
  ])('go both ways: %s', (line) => {
    expect(readCandidate(writeCandidate(line, 'c1'))).toBe(line);
  });

  it.each([
    { port: '1 typ host' },
    { ip: '192.0.2.1\r\na=setup:active' },
    { type: 'guess' },
    { foundation: '' },
    { priority: undefined },
  ])('that cannot be are passed over: %o', (wrong) => {
    const right = {
      foundation: '1',
      component: '1',
      protocol: 'udp',
      priority: '9',
      ip: '192.0.2.1',
      port: '9',
    };
    expect(readCandidate(xml('candidate', { ...right, type: 'host' }))).toBeDefined();
    expect(readCandidate(xml('candidate', { ...right, type: 'host', ...wrong }))).toBeUndefined();
  });
});

describe('senders', () => {
  it.each(['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const)('say %s by the role', (direction) => {
    const senders = toSenders(direction, 'responder');
    expect(toDirection(senders, 'responder')).toBe(direction);
    const swapped = { sendonly: 'recvonly', recvonly: 'sendonly' } as const;
    const other = direction === 'sendonly' || direction === 'recvonly' ? swapped[direction] : direction;
    expect(toDirection(senders, 'initiator')).toBe(other);
  });

  it('that are not said are both', () => expect(toDirection(undefined, 'initiator')).toBe('sendrecv'));
});

describe('what we write', () => {
  it('is read as it was meant', () => {
    const sections = [
      {
        use: 'audio' as const,
        mid: 'a',
        codecs: [{ payloadType: 8, name: 'PCMA' as const }],
        direction: 'sendonly' as const,
        ssrc: 7,
        eventType: 101,
      },
      { use: 'refused' as const, mid: 'v', kind: 'video', protocol: 'UDP/TLS/RTP/SAVPF', formats: ['96'] },
      { use: 'data' as const, mid: 'd' },
    ];
    const jingle = xml('jingle', { xmlns: NS.jingle }, ...writeContents(sections, TRANSPORT, 'initiator'));
    const read = readJingle(parse(jingle.toString()), 'initiator');
    expect(read.bundles).toEqual([['a', 'd']]);
    expect(read.sections).toMatchObject([
      {
        kind: 'audio',
        mid: 'a',
        direction: 'sendonly',
        codecs: [
          { payloadType: 8, name: 'PCMA', clockRate: 8000 },
          { payloadType: 101, name: 'telephone-event', clockRate: 8000 },
        ],
        candidates: ['candidate:1 1 udp 2114977791 192.0.2.2 34852 typ host'],
        transport: { ufrag: 'sWJi', fingerprint: 'sha-256 AA:BB', setup: 'active' },
      },
      { kind: 'application', mid: 'd', protocol: 'UDP/DTLS/SCTP', candidates: [] },
    ]);
  });

  it('of later candidates is one content with credentials and other ids', () => {
    const content = writeTransportInfo('a', TRANSPORT, TRANSPORT.candidates, 4);
    const transport = parse(content.toString()).getChild('transport', NS.ice);
    expect(transport?.attrs).toMatchObject({ ufrag: 'sWJi', pwd: TRANSPORT.password });
    expect(transport?.getChild('candidate')?.attrs).toMatchObject({ id: 'c4', generation: '0' });
  });
});
