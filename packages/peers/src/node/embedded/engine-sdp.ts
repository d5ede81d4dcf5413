import type { RemoteTransport } from './sdp-read.ts';

/** The names of the m-sections that libdatachannel sees. They never go over the wire. */
export const ENGINE_AUDIO_MID = 'a';
const ENGINE_DATA_MID = 'd';

/**
 * The far side as libdatachannel is told of it: one audio section, perhaps a data section, and the transport as the
 * far side described it.
 *
 * libdatachannel 0.24 answers m-sections that it does not know by reciprocating them, cannot refuse video, cannot
 * change a track's direction from node-datachannel and answers PCMU as `PCMU/8000/1`. Here it is therefore the
 * transport alone (ICE, DTLS-SRTP, SCTP), and offer and answer are made by `sdp-answer.ts`.
 */
export function engineRemote(transport: RemoteTransport, withData: boolean): string {
  const common = [
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${transport.ufrag}`,
    `a=ice-pwd:${transport.password}`,
    `a=setup:${transport.setup}`,
  ];
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${ENGINE_AUDIO_MID}${withData ? ` ${ENGINE_DATA_MID}` : ''}`,
    'a=ice-options:trickle',
    `a=fingerprint:${transport.fingerprint}`,
    'm=audio 9 UDP/TLS/RTP/SAVPF 0 8',
    ...common,
    `a=mid:${ENGINE_AUDIO_MID}`,
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:8 PCMA/8000',
  ];
  if (withData) {
    lines.push(
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
      ...common,
      `a=mid:${ENGINE_DATA_MID}`,
      'a=sctp-port:5000',
      'a=max-message-size:262144',
    );
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** What libdatachannel's own description says of its transport. */
export interface EngineTransport {
  readonly ufrag: string;
  readonly password: string;
  readonly fingerprint: string;
  readonly setup: 'actpass' | 'active' | 'passive';
}

/** @throws Error where libdatachannel wrote something else */
export function readEngine(sdp: string): EngineTransport {
  const value = (name: string): string => {
    const found = new RegExp(`^a=${name}:(.*?)\\s*$`, 'm').exec(sdp)?.[1];
    if (found === undefined) throw new Error(`libdatachannel wrote no a=${name}`);
    return found;
  };
  const setup = value('setup');
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive') {
    throw new Error(`libdatachannel wrote a=setup:${setup}`);
  }
  return { ufrag: value('ice-ufrag'), password: value('ice-pwd'), fingerprint: value('fingerprint'), setup };
}
