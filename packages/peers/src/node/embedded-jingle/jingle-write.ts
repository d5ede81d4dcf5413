import type { LocalSection, LocalTransport } from '../embedded/sdp-write.ts';
import { writeCandidate } from './candidate-xml.ts';
import { type Role, toSenders } from './jingle-read.ts';
import { NS } from './namespaces.ts';
import { type XmlElement, xml } from './xml.ts';

const CNAME = 'embedded-jingle';

/**
 * The contents of a session-initiate or session-accept, and their group: one bundled transport, whose candidates stand
 * in the first.
 * @param ours our role
 */
export function writeContents(
  sections: readonly LocalSection[],
  transport: LocalTransport,
  ours: Role,
): XmlElement[] {
  const live = sections.filter((section) => section.use !== 'refused');
  const contents = live.map((section, at) =>
    xml(
      'content',
      {
        creator: 'initiator',
        name: section.mid,
        ...(section.use === 'audio' ? { senders: toSenders(section.direction, ours) } : {}),
      },
      writeDescription(section),
      writeTransport(transport, at === 0 ? transport.candidates : [], section.use === 'data'),
    ),
  );
  const names = live.map(({ mid }) => xml('content', { name: mid }));
  return [...contents, xml('group', { xmlns: NS.grouping, semantics: 'BUNDLE' }, ...names)];
}

function writeDescription(section: LocalSection): XmlElement {
  if (section.use !== 'audio') return xml('description', { xmlns: NS.dataChannel });
  const events =
    section.eventType === undefined
      ? []
      : [
          // A parameter has a name: the digits of RFC 4733 section 7.1.1 are left to its default, 0-15.
          xml('payload-type', { id: String(section.eventType), name: 'telephone-event', clockrate: '8000' }),
        ];
  return xml(
    'description',
    { xmlns: NS.rtp, media: 'audio' },
    ...section.codecs.map(({ payloadType, name }) =>
      xml('payload-type', { id: String(payloadType), name, clockrate: '8000', channels: '1', ptime: '20' }),
    ),
    ...events,
    xml('rtcp-mux'),
    xml(
      'source',
      { xmlns: NS.sources, ssrc: String(section.ssrc) },
      xml('parameter', { name: 'cname', value: CNAME }),
    ),
  );
}

function writeTransport(
  { ufrag, password, fingerprint, setup }: LocalTransport,
  candidates: readonly string[],
  withData: boolean,
): XmlElement {
  const [hash, value] = fingerprint.split(' ');
  return xml(
    'transport',
    { xmlns: NS.ice, ufrag, pwd: password },
    xml('fingerprint', { xmlns: NS.dtls, hash, setup }, value!),
    ...(withData
      ? [xml('sctpmap', { xmlns: NS.sctp, number: '5000', protocol: 'webrtc-datachannel', streams: '1024' })]
      : []),
    ...candidates.map((line, at) => writeCandidate(line, `c${at + 1}`)),
  );
}

/** The content of a transport-info. @param first number of the first of these candidates in the session */
export function writeTransportInfo(
  name: string,
  credentials: { readonly ufrag: string; readonly password: string },
  candidates: readonly string[],
  first: number,
): XmlElement {
  return xml(
    'content',
    { creator: 'initiator', name },
    xml(
      'transport',
      { xmlns: NS.ice, ufrag: credentials.ufrag, pwd: credentials.password },
      ...candidates.map((line, at) => writeCandidate(line, `c${first + at}`)),
    ),
  );
}
