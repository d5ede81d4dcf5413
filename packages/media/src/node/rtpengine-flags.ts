import type { MediaProfile } from '../relay/media-profile.ts';
import type { RelayOptions } from '../relay/relay.ts';
import type { NgDictionary } from './ng-client.ts';

/** How the other side is to be spoken to. */
const TOWARD: Readonly<Record<MediaProfile, NgDictionary>> = {
  webrtc: {
    'transport-protocol': 'UDP/TLS/RTP/SAVPF',
    ICE: 'force',
    SDES: ['off'],
    'rtcp-mux': ['offer', 'require'],
  },
  rtp: { 'transport-protocol': 'RTP/AVP', ICE: 'remove', DTLS: 'off', SDES: ['off'], 'rtcp-mux': ['demux'] },
  srtp: {
    'transport-protocol': 'RTP/SAVP',
    ICE: 'remove',
    DTLS: 'off',
    'rtcp-mux': ['demux'],
  },
};

/**
 * What an NG offer or answer says toward a side. `DTLS=passive` is left out on purpose: rtpengine 10.5 then writes
 * setup:passive and may still send a ClientHello of its own.
 */
export function ngFlags(toward: MediaProfile, type: 'offer' | 'answer', options: RelayOptions): NgDictionary {
  const flags = ['trust-address'];
  // Codecs are changed on the way to the side that may not know the offered ones; the way back follows from it.
  if (type === 'offer' && options.transcodeTo !== undefined) {
    flags.push(
      'codec-mask-all',
      ...[...options.transcodeTo, 'telephone-event'].map((name) => `codec-transcode-${name}`),
    );
  }
  return { ...TOWARD[toward], flags };
}
