import { type Fingerprint, open, type Setup, writeAttribute } from '@crosspoint/sdp';
import type { RemoteWebrtc } from '../relay/remote-transport.ts';

/** The one m-section that libdatachannel sees: it is the transport alone, and what it carries is agreed elsewhere. */
export const ENGINE_MID = 'a';

/** A far end as libdatachannel is told of it. */
export function engineDescription(remote: RemoteWebrtc): string {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${ENGINE_MID}`,
    'a=ice-options:trickle',
    writeAttribute('fingerprint', remote.fingerprint),
    'm=audio 9 UDP/TLS/RTP/SAVPF 0',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${remote.ufrag}`,
    `a=ice-pwd:${remote.pwd}`,
    `a=setup:${remote.setup}`,
    `a=mid:${ENGINE_MID}`,
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:0 PCMU/8000',
    '',
  ];
  return lines.join('\r\n');
}

export interface EngineTransport {
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: Fingerprint;
  readonly setup: Setup;
  readonly candidates: readonly string[];
}

/** What libdatachannel's own description says of its transport. @throws Error, SdpError where it wrote something else */
export function readEngine(sdp: string): EngineTransport {
  const description = open(sdp);
  const credentials = description.iceCredentials(0);
  const fingerprint = description.first(0, 'fingerprint') ?? description.first(-1, 'fingerprint');
  const setup = description.first(0, 'setup') ?? description.first(-1, 'setup');
  if (credentials === undefined || fingerprint === undefined || setup === undefined) {
    throw new Error('libdatachannel wrote no ICE credentials, fingerprint or setup');
  }
  const candidates = description
    .all(0, 'candidate')
    .map((candidate) => writeAttribute('candidate', candidate).slice('a='.length));
  return { ...credentials, fingerprint, setup, candidates };
}
