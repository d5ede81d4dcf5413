import { parse } from '@crosspoint/sdp';
import { describe, expect, it } from 'vitest';
import { NS } from '../namespaces.ts';
import { parseContent } from '../stanza/jingle-content.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse-xml.ts';
import { writeXml } from '../xml/write-xml.ts';
import { fromSenders, toSenders } from './senders.ts';
import { toContents } from './to-contents.ts';
import { toDescription } from './to-description.ts';

const TRANSPORT =
  'a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 AB:CD\r\na=setup:actpass\r\n';
const HEAD = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';
const AUDIO = `m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n${TRANSPORT}a=mid:0\r\na=rtpmap:111 opus/48000/2\r\n`;

function contentOf(lines: string, role: 'initiator' | 'responder' = 'initiator'): XmlElement {
  return toContents(parse(`${HEAD}${AUDIO}${lines}`), { role }).contents[0]!;
}

/** The description of one audio content with this inside of description and transport. */
function read(
  description: string,
  transport = '',
  type: 'offer' | 'answer' = 'offer',
  attrs = "senders='both'",
) {
  const text = `<content xmlns='${NS.jingle}' creator='initiator' name='0' ${attrs}><description xmlns='${NS.rtp}' media='audio'>${description}</description><transport xmlns='${NS.iceUdp}' ufrag='u' pwd='p'>${transport}</transport></content>`;
  return toDescription([parseContent(parseXml(text).root, 'content')], [], {
    type,
    role: type === 'offer' ? 'initiator' : 'responder',
  });
}

describe('senders', () => {
  it.each([
    ['sendrecv', 'both', 'both'],
    ['sendonly', 'initiator', 'responder'],
    ['recvonly', 'responder', 'initiator'],
    ['inactive', 'none', 'none'],
  ] as const)('%s is %s of the initiator and %s of the responder', (direction, initiator, responder) => {
    expect(toSenders(direction, 'initiator')).toBe(initiator);
    expect(toSenders(direction, 'responder')).toBe(responder);
    expect(fromSenders(initiator, 'initiator')).toBe(direction);
    expect(fromSenders(responder, 'responder')).toBe(direction);
  });
});

describe('elements of a description', () => {
  it('describes a source that stands in a group and nowhere else, as stanza leaves it', () => {
    const source = (ssrc: number, inner = '') =>
      `<source xmlns='${NS.sources}' ssrc='${ssrc}'>${inner}</source>`;
    const { description, findings } = read(
      `<payload-type id='0' name='PCMU' clockrate='8000'/>${source(1, "<parameter name='cname' value='c'/>")}<ssrc-group xmlns='${NS.sources}' semantics='FID'>${source(1)}${source(2)}</ssrc-group>`,
    );
    expect(description.text).toContain('a=ssrc-group:FID 1 2\r\na=ssrc:1 cname:c\r\na=ssrc:2 cname:c\r\n');
    expect(findings.map(({ code }) => code)).toContain('source-undescribed');
  });

  it('says a bare fmtp word as a name without a value, and reads the three ways in which it is written', () => {
    const payload = childOf(
      childOf(contentOf('a=fmtp:111 0-15\r\n'), 'description', NS.rtp)!,
      'payload-type',
    )!;
    expect(childOf(payload, 'parameter')!.attrs).toEqual({ name: '0-15' });
    for (const written of ["name='0-15'", "name='' value='0-15'", "value='0-15'"]) {
      const { description, findings } = read(
        `<payload-type id='101' name='telephone-event' clockrate='8000'><parameter ${written}/></payload-type>`,
      );
      expect(description.text).toContain('a=fmtp:101 0-15\r\n');
      expect(findings).toEqual([]);
    }
  });

  it('names the side in the direction of a header extension', () => {
    const line = 'a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level vad=on x\r\n';
    const header = childOf(
      childOf(contentOf(line, 'responder'), 'description', NS.rtp)!,
      'rtp-hdrext',
      NS.headerExtensions,
    )!;
    expect(header.attrs.senders).toBe('initiator');
    expect(childrenOf(header, 'parameter').map(({ attrs }) => attrs)).toEqual([
      { name: 'vad', value: 'on' },
      { name: 'x' },
    ]);
  });

  it('keeps every source and every group', () => {
    const lines =
      'a=ssrc-group:FID 1 2\r\na=ssrc-group:SIM 1 3 4\r\na=ssrc:1 cname:a\r\na=ssrc:2 cname:a\r\na=ssrc:1 msid:s t\r\na=ssrc:3 x\r\n';
    const description = childOf(contentOf(lines), 'description', NS.rtp)!;
    expect(childrenOf(description, 'source', NS.sources).map(({ attrs }) => attrs.ssrc)).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect(childrenOf(description, 'ssrc-group', NS.sources)).toHaveLength(2);
  });

  it('puts DTLS of the session and of the bundle into every content', () => {
    const text = `${HEAD}a=group:BUNDLE 0 1\r\na=fingerprint:sha-256 EE:FF\r\na=setup:active\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=ice-ufrag:abcd\r\na=ice-pwd:pwd\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=bundle-only\r\na=rtpmap:96 VP8/90000\r\n`;
    const { contents, dropped, groups } = toContents(parse(text), { role: 'responder' });
    for (const content of contents) {
      const transport = childOf(content, 'transport', NS.iceUdp)!;
      expect(transport.attrs.ufrag).toBe('abcd');
      const fingerprint = childOf(transport, 'fingerprint', NS.dtls)!;
      expect([textOf(fingerprint), fingerprint.attrs.setup]).toEqual(['EE:FF', 'active']);
    }
    expect(dropped.map(({ name, line }) => [name, line])).toEqual([['a=bundle-only', 14]]);
    expect(writeXml(groups[0]!)).toContain('semantics="BUNDLE"><content name="0"/><content name="1"/>');
  });

  it('has no holdconn, and says so', () => {
    const text = `${HEAD}${AUDIO.replace('actpass', 'holdconn')}`;
    const { contents, dropped } = toContents(parse(text), { role: 'initiator' });
    const fingerprint = childOf(childOf(contents[0]!, 'transport', NS.iceUdp)!, 'fingerprint', NS.dtls)!;
    expect(fingerprint.attrs).toEqual({ hash: 'sha-256' });
    expect(dropped.map(({ name }) => name)).toEqual(['a=setup']);
  });

  it('leaves out an m-section refused by port 0, and names one that is no media of Jingle', () => {
    const text = `${HEAD}m=audio 0 RTP/AVP 0\r\nm=application 5000 TCP/BFCP *\r\n`;
    const { contents, rejected, dropped } = toContents(parse(text), { role: 'initiator' });
    expect([contents.length, rejected]).toEqual([0, [0]]);
    expect(dropped.map(({ name, mediaIndex }) => [name, mediaIndex])).toEqual([['m=', 1]]);
  });
});

describe('a description from stanzas', () => {
  it('finds a responder that does not take a side, and a fingerprint without setup', () => {
    const print = (setup: string) =>
      `<fingerprint xmlns='${NS.dtls}' hash='sha-256' ${setup}>AB</fingerprint>`;
    expect(read('', print("setup='actpass'"), 'answer').findings.map(({ code }) => code)).toEqual([
      'jingle-actpass-responder',
    ]);
    expect(read('', print("setup='actpass'")).findings).toEqual([]);
    expect(read('', print('')).findings.map(({ code }) => code)).toEqual(['jingle-no-setup']);
  });

  it('lets no value break out of its line', () => {
    const { description, findings, dropped } = read(
      `<payload-type id='0&#13;&#10;a=x' name='PCMU'/><payload-type id='96' name='a&#10;b'><parameter name='x' value='1&#13;&#10;a=evil'/></payload-type><bandwidth type='AS&#10;'>1</bandwidth><source xmlns='${NS.sources}' ssrc='1'><parameter name='cname' value='a&#10;a=evil'/><parameter name='::1' value='a'/></source><ssrc-group xmlns='${NS.sources}' semantics='F D'/>`,
      `<candidate component='1' foundation='1' ip='1.2.3.4&#10;a=evil' port='1' priority='1' protocol='udp' type='host'/>`,
    );
    expect(description.text).not.toContain('evil');
    expect(description.typed().media[0]!.lines.map(({ kind }) => kind)).not.toContain('malformed');
    expect(findings.map(({ code }) => code)).toEqual([
      'payload-type-malformed',
      'payload-type-malformed',
      'parameter-malformed',
      'bandwidth-malformed',
      'ssrc-group-malformed',
      'candidate-malformed',
    ]);
    expect(dropped.map(({ name }) => name)).toEqual(['source/parameter', 'source/parameter', 'source']);
  });

  it('makes no line of a parameter that says nothing', () => {
    for (const written of ["name=' '", "name='' value=' '", '']) {
      const { description, findings } = read(`<payload-type id='0'><parameter ${written}/></payload-type>`);
      expect(description.text).not.toContain('a=fmtp');
      expect(findings.map(({ code }) => code)).toEqual(['parameter-malformed']);
    }
  });

  it('names what no line stands for', () => {
    const { dropped } = read(
      "<zrtp-hash xmlns='urn:xmpp:jingle:apps:rtp:zrtp:1'/><payload-type id='0' colour='red'><x/></payload-type>",
      "<ice-lite/><candidate component='1' foundation='1' ip='1.2.3.4' port='1' priority='1' protocol='udp' type='host' shade='dark'/>",
    );
    expect(dropped.map(({ name }) => name)).toEqual([
      'description/zrtp-hash',
      'payload-type/x',
      'transport/ice-lite',
      'candidate@shade',
    ]);
  });

  it('answers in the order of the offer and refuses what has no content', () => {
    const offer = toDescription(
      ['a', 'b b', 'c'].map((name) =>
        parseContent(
          parseXml(
            `<content xmlns='${NS.jingle}' creator='initiator' name='${name}'><description xmlns='${NS.rtp}' media='audio'><payload-type id='0'/></description><transport xmlns='${NS.iceUdp}'/></content>`,
          ).root,
          'content',
        ),
      ),
      [],
      { type: 'offer', role: 'initiator' },
    );
    expect([...offer.contents.keys()]).toEqual(['a', 'i1', 'c']);
    const midOf = ({ name }: { name: string }) =>
      [...offer.contents].find(([, content]) => content.name === name)?.[0];
    const accepted = [...offer.contents.values()].filter(({ name }) => name !== 'a').reverse();
    const answer = toDescription(accepted, [], {
      type: 'answer',
      role: 'responder',
      template: offer.description,
      midOf,
    });
    expect(answer.description.typed().media.map(({ port }) => port)).toEqual([0, 9, 9]);
    expect(answer.description.first(1, 'mid')).toBe('i1');
  });

  it('takes the senders of the offer where an answer says nothing of them', () => {
    const { description } = toDescription(
      [
        parseContent(
          parseXml(
            `<content xmlns='${NS.jingle}' creator='initiator' name='0'><description xmlns='${NS.rtp}' media='audio'/><transport xmlns='${NS.iceUdp}'/></content>`,
          ).root,
          'content',
        ),
      ],
      [],
      { type: 'answer', role: 'responder', sendersOf: () => 'initiator' },
    );
    expect(description.direction(0)).toBe('recvonly');
  });
});
