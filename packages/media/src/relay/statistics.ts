import type { RelaySide } from './relay.ts';

/** What went one way through a relay. */
export interface RelayFlow {
  /** RTP packets sent on, and their octets with headers. */
  readonly packets: number;
  readonly octets: number;
  /** Sequence numbers that never came, as the relay saw it; undefined where the relay does not tell. */
  readonly lost: number | undefined;
  /** RTCP packets (compounds) sent on. */
  readonly rtcpPackets: number;
  /** RTCP feedback taken out, which the other profile does not know (RFC 4585). */
  readonly feedbackRemoved: number;
  /** DTMF digits of telephone-events that ended, in order (RFC 4733); undefined where the relay does not tell. */
  readonly digits: string | undefined;
  /** Packets not sent on: of strangers, of no agreed payload type, malformed, or above the rate. */
  readonly refused: {
    readonly strangers: number;
    readonly payloadType: number;
    readonly malformed: number;
    readonly rate: number;
  };
}

/** How one side's media is protected between that side and the relay, and who can read it. */
export interface RelayProtection {
  readonly protection: 'dtls-srtp' | 'sdes-srtp' | 'none';
  /** In words: who holds the key. */
  readonly keyHolder: string;
}

export interface RelayStatistics {
  readonly callerToCallee: RelayFlow;
  readonly calleeToCaller: RelayFlow;
  readonly protection: Readonly<Record<RelaySide, RelayProtection>>;
}

const KEY_HOLDERS: Readonly<Record<RelayProtection['protection'], string>> = {
  'dtls-srtp': 'the endpoint and the relay',
  'sdes-srtp': 'the endpoint, the relay, and every SIP hop that read the description',
  none: 'nobody: the media is in the clear',
};

/** The protection of a profile, with who holds the key. */
export function protectionOf(profile: 'webrtc' | 'rtp' | 'srtp'): RelayProtection {
  const protection = profile === 'webrtc' ? 'dtls-srtp' : profile === 'srtp' ? 'sdes-srtp' : 'none';
  return { protection, keyHolder: KEY_HOLDERS[protection] };
}
