import { type MediaProfile, type RelaySide, spokenMedia } from '@crosspoint/media';
import type { LazyDescription } from '@crosspoint/sdp';

/** What a description speaks, and whether a browser can speak with it directly. */
export interface ChosenMedia {
  readonly speaks: MediaProfile;
  /** One sentence: what one sees it by. */
  readonly why: string;
  /** What a browser demands and this lacks, with the clause; empty where media can go directly. */
  readonly missing: readonly string[];
}

/** What a description speaks: for asking for a relay only where one is needed. */
export function chooseMedia(description: LazyDescription): ChosenMedia {
  const { profile, why } = spokenMedia(description);
  if (profile !== 'webrtc') return { speaks: profile, why, missing: ['DTLS-SRTP (RFC 8827 section 6.5)'] };
  const missing = new Set<string>();
  for (let index = 0; index < description.mediaCount; index++) {
    const { port, protocol } = description.mediaLine(index);
    if (port === 0 || !protocol.includes('RTP/')) continue;
    if (description.iceCredentials(index) === undefined) missing.add('ICE (RFC 8834 section 4, RFC 8445)');
    if (description.first(index, 'rtcp-mux') === undefined) missing.add('rtcp-mux (RFC 8834 section 4.5)');
    const prints = description.count(index, 'fingerprint') + description.count(-1, 'fingerprint');
    if (prints === 0) missing.add('a fingerprint (RFC 8122 section 5)');
  }
  return { speaks: profile, why, missing: [...missing] };
}

/**
 * The sides' profiles for a relay, or undefined where none is needed: the one side's description is here, the other's
 * profile is known of it (its registration, its trunk) or of an answer that came.
 */
export function relayProfiles(
  from: RelaySide,
  description: LazyDescription,
  other: MediaProfile,
): Readonly<Record<RelaySide, MediaProfile>> | undefined {
  const { speaks, missing } = chooseMedia(description);
  if (other === 'webrtc' && missing.length === 0) return undefined;
  if (speaks === other && other !== 'webrtc') return undefined;
  return from === 'caller' ? { caller: speaks, callee: other } : { caller: other, callee: speaks };
}
