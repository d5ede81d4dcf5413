import {
  type Crypto,
  type Fingerprint,
  type LazyDescription,
  type Setup,
  writeAttribute,
} from '@crosspoint/sdp';
import { RelayError } from './relay-error.ts';

/** The far end of a WebRTC side, whose m-sections all use one transport. */
export interface RemoteWebrtc {
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: Fingerprint;
  readonly setup: Setup;
  /** `candidate:...`, without those that a relay cannot use. */
  readonly candidates: readonly string[];
}

/** The far end of one m-section of a plain side. */
export interface RemotePlain {
  readonly address: string;
  readonly port: number;
  readonly rtcpPort: number;
  readonly crypto: readonly Crypto[];
}

/** Whether an embedded relay can send to a candidate: component 1, UDP, and an address (no mDNS name). */
export function isUsableCandidate(candidate: string): boolean {
  return /^candidate:\S+ 1 udp /i.test(candidate) && !/ \S+\.local \d+ typ /i.test(candidate);
}

/** The transport of the m-section `index`, which all others share. @throws RelayError where something is missing */
export function readRemoteWebrtc(description: LazyDescription, index: number): RemoteWebrtc {
  const credentials = description.iceCredentials(index);
  if (credentials === undefined) {
    throw new RelayError('ice-missing', 'RFC 8839 section 5.4', 'no ICE credentials', index);
  }
  const prints = [...description.all(index, 'fingerprint'), ...description.all(-1, 'fingerprint')];
  const fingerprint = prints.find(({ hash }) => hash.toLowerCase() === 'sha-256') ?? prints[0];
  if (fingerprint === undefined) {
    throw new RelayError('dtls-missing', 'RFC 8122 section 5', 'no DTLS fingerprint', index);
  }
  const candidates = description
    .all(index, 'candidate')
    .map((candidate) => writeAttribute('candidate', candidate).slice('a='.length));
  return {
    ...credentials,
    fingerprint,
    // RFC 4145 section 4.1: active where an offer says nothing, and what is no offer always says something.
    setup: description.first(index, 'setup') ?? description.first(-1, 'setup') ?? 'active',
    candidates: candidates.filter(isUsableCandidate),
  };
}

/** The far end of an m-section of plain RTP; undefined where its address is 0.0.0.0 or not there (RFC 3264 section 8.4). */
export function readRemotePlain(description: LazyDescription, index: number): RemotePlain | undefined {
  const { session, media } = description.typed();
  const section = media[index]!;
  const line = [...section.lines, ...session.lines].find(({ kind }) => kind === 'c');
  if (line?.kind !== 'c' || isNowhere(line.value.address)) return undefined;
  const { port } = description.mediaLine(index);
  const rtcp = description.first(index, 'rtcp');
  return {
    address: line.value.address.split('/', 1)[0]!,
    port,
    rtcpPort: description.first(index, 'rtcp-mux') !== undefined ? port : (rtcp?.port ?? port + 1),
    crypto: description.all(index, 'crypto'),
  };
}

/** Hold as RFC 2543 wrote it. */
export const isNowhere = (address: string): boolean => address === '0.0.0.0' || address === '::';
