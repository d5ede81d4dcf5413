import {
  type Direction,
  type RemoteCodec,
  type RemoteDescription,
  type RemoteSection,
  type RemoteTransport,
  Unacceptable,
} from '../embedded/sdp-read.ts';
import { candidatesIn } from './candidate-xml.ts';
import { NS } from './namespaces.ts';
import type { XmlElement } from './xml.ts';

/*
 * This client's own reading of Jingle, into what the embedded peer reads SDP into. It shares nothing with
 * @crosspoint/jingle, which is under test when this client calls.
 */

export type Role = 'initiator' | 'responder';

/** RTP without DTLS: a WebRTC end takes none (RFC 8827 section 6.5). */
export class Insecure extends Unacceptable {
  constructor(name: string) {
    super(`content ${name} has no DTLS fingerprint (RFC 8827 section 6.5)`);
    this.name = 'Insecure';
  }
}

const SETUPS: readonly string[] = ['active', 'passive', 'actpass', 'holdconn'];
/** RFC 3551 section 6. */
const STATIC: Readonly<Record<string, string>> = { '0': 'PCMU', '8': 'PCMA' };

/**
 * Reads the contents of a session-initiate, a session-accept, or another action that describes them.
 * @param theirs the far side's role: senders are told by it
 * @throws Unacceptable where a content cannot be read, Insecure where it would go in the clear
 */
export function readJingle(jingle: XmlElement, theirs: Role): RemoteDescription {
  return {
    sections: jingle.getChildren('content', NS.jingle).map((content) => readContent(content, theirs)),
    bundles: jingle
      .getChildren('group', NS.grouping)
      .filter((group) => group.attrs.semantics === 'BUNDLE')
      .map((group) => group.getChildren('content', NS.grouping).map(({ attrs }) => String(attrs.name))),
  };
}

function readContent(content: XmlElement, theirs: Role): RemoteSection {
  const { name } = content.attrs;
  if (typeof name !== 'string' || name === '') throw new Unacceptable('a content without a name');
  const description = content.getChild('description');
  const isRtp = description?.is('description', NS.rtp) === true;
  const transport = content.getChild('transport', NS.ice);
  const isData = transport?.getChild('sctpmap', NS.sctp) !== undefined;
  const payloads = isRtp ? description.getChildren('payload-type', NS.rtp) : [];
  const secured = transport === undefined ? undefined : readTransport(transport, name);
  if (isRtp && transport !== undefined && secured === undefined) throw new Insecure(name);
  return {
    kind: isRtp ? String(description.attrs.media ?? '') : isData ? 'application' : 'unknown',
    port: 9,
    protocol: isData ? 'UDP/DTLS/SCTP' : 'UDP/TLS/RTP/SAVPF',
    formats: isData ? ['webrtc-datachannel'] : payloads.map(({ attrs }) => String(attrs.id)),
    mid: name,
    bundleOnly: false,
    direction: toDirection(content.attrs.senders, theirs),
    codecs: payloads.flatMap((payload) => readCodec(payload)),
    candidates: candidatesIn(transport),
    transport: secured,
  };
}

function readCodec({ attrs }: XmlElement): RemoteCodec[] {
  const { id, name = STATIC[String(id)], clockrate = 8000 } = attrs;
  if (!/^\d{1,3}$/.test(String(id)) || name === undefined) return [];
  return [{ payloadType: Number(id), name: String(name), clockRate: Number(clockrate) }];
}

function readTransport(transport: XmlElement, name: string): RemoteTransport | undefined {
  const prints = transport.getChildren('fingerprint', NS.dtls);
  const print = prints.find(({ attrs }) => attrs.hash === 'sha-256') ?? prints[0];
  if (print === undefined) return undefined;
  const { ufrag, pwd } = transport.attrs;
  if (!isIceWord(ufrag, 4) || !isIceWord(pwd, 22)) {
    throw new Unacceptable(`content ${name} has no ICE credentials (XEP-0176 section 5.3)`);
  }
  const setup = String(print.attrs.setup ?? 'actpass');
  if (!SETUPS.includes(setup)) throw new Unacceptable(`a setup of ${setup} is none of RFC 4145`);
  const value = print.getText().trim();
  const hash = String(print.attrs.hash);
  if (!/^[\w-]+$/.test(hash) || !/^[0-9a-f]{2}(:[0-9a-f]{2})+$/i.test(value)) {
    throw new Unacceptable(`content ${name} has a fingerprint that cannot be read`);
  }
  return {
    ufrag,
    password: pwd,
    fingerprint: `${hash} ${value}`,
    setup: setup as RemoteTransport['setup'],
  };
}

/** RFC 8839 section 5.4. */
export function isIceWord(value: unknown, least: number): value is string {
  return typeof value === 'string' && value.length >= least && /^[A-Za-z0-9+/]{1,256}$/.test(value);
}

/** What a content's senders mean from the far side's end. */
export function toDirection(senders: unknown, theirs: Role): Direction {
  if (senders === undefined || senders === 'both') return 'sendrecv';
  if (senders === 'none') return 'inactive';
  return senders === theirs ? 'sendonly' : 'recvonly';
}

/** The senders of a content whose direction at our end is this. */
export function toSenders(direction: Direction, ours: Role): string {
  if (direction === 'sendrecv') return 'both';
  if (direction === 'inactive') return 'none';
  const theirs = ours === 'initiator' ? 'responder' : 'initiator';
  return direction === 'sendonly' ? ours : theirs;
}
