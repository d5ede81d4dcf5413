import type { LazyDescription } from '@crosspoint/sdp';

/** `webrtc`: ICE and DTLS-SRTP; `rtp`: RTP/AVP or RTP/AVPF in the clear; `srtp`: RTP/SAVP with a=crypto (RFC 4568). */
export type MediaProfile = 'webrtc' | 'rtp' | 'srtp';

/** What a description speaks, and by what one sees it. */
export interface SpokenMedia {
  readonly profile: MediaProfile;
  /** One sentence for a person. */
  readonly why: string;
}

/**
 * What a description speaks, by its m-sections in use. A fingerprint says `webrtc`, whatever the protocol is called:
 * linphone writes `UDP/TLS/RTP/SAVP` without the F. A description without m-sections in use is `rtp`.
 */
export function spokenMedia(description: LazyDescription): SpokenMedia {
  let plain: string | undefined;
  for (let index = 0; index < description.mediaCount; index++) {
    const { media, port, protocol } = description.mediaLine(index);
    if (port === 0 && !description.first(index, 'bundle-only')) continue;
    const fingerprint = description.first(index, 'fingerprint') ?? description.first(-1, 'fingerprint');
    if (fingerprint !== undefined || protocol.startsWith('UDP/TLS/')) {
      const ice = description.iceCredentials(index) !== undefined;
      return {
        profile: 'webrtc',
        why: `m=${media} is ${protocol} with ${fingerprint === undefined ? 'no' : 'a'} DTLS fingerprint and ${ice ? 'ICE' : 'no ICE'}`,
      };
    }
    if (description.first(index, 'crypto') !== undefined)
      return { profile: 'srtp', why: `m=${media} is ${protocol} with a=crypto` };
    plain ??= `m=${media} is ${protocol} without fingerprint and a=crypto`;
  }
  return { profile: 'rtp', why: plain ?? 'no m-section is in use' };
}
