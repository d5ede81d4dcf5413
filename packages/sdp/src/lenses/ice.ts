import type { IceCandidate } from '@crosspoint/ice';
import type { MediaDescription, SessionDescription } from '../description.ts';
import type { Line } from '../line.ts';
import { attributeLine } from '../make-line.ts';
import {
  appendLines,
  attribute,
  attributes,
  hasAttribute,
  sectionEnding,
  withoutLines,
} from './attributes.ts';

/** ICE credentials of an m-section (RFC 8839 section 5.4). */
export interface IceCredentials {
  readonly ufrag: string;
  readonly pwd: string;
}

/** Own credentials of the m-section, else the session's; undefined without both. */
export function iceCredentials(
  description: SessionDescription,
  media: MediaDescription,
): IceCredentials | undefined {
  const ufrag = attribute(media, 'ice-ufrag') ?? attribute(description.session, 'ice-ufrag');
  const pwd = attribute(media, 'ice-pwd') ?? attribute(description.session, 'ice-pwd');
  return ufrag === undefined || pwd === undefined ? undefined : { ufrag, pwd };
}

/** Candidates of an m-section in order. */
export function candidates(media: MediaDescription): IceCandidate[] {
  return attributes(media, 'candidate');
}

/** The m-section with candidates added at its end. */
export function addCandidates(media: MediaDescription, added: readonly IceCandidate[]): MediaDescription {
  const ending = sectionEnding(media);
  return appendLines(
    media,
    added.map((candidate): Line => attributeLine('candidate', candidate, ending)),
  );
}

/** The m-section without its candidates (or those `drop` says yes to), its end-of-candidates and remote-candidates. */
export function removeCandidates(
  media: MediaDescription,
  drop?: (candidate: IceCandidate) => boolean,
): MediaDescription {
  return withoutLines(media, (line) => {
    if (line.kind === 'candidate') return drop === undefined || drop(line.value);
    return drop === undefined && (line.kind === 'end-of-candidates' || line.kind === 'remote-candidates');
  });
}

/**
 * Whether the side trickles: `trickle` among the ice-options of the session or an m-section (RFC 8840 section 4.1).
 * libdatachannel joins options by commas (`ice2,trickle`), so those count as separators too.
 */
export function canTrickle(description: SessionDescription): boolean {
  return [description.session, ...description.media].some((section) =>
    attributes(section, 'ice-options').some((options) =>
      options.some((option) => option.split(',').includes('trickle')),
    ),
  );
}

/** Whether the side is ICE lite (RFC 8839 section 5.3); wrongly at media level it still counts. */
export function isIceLite(description: SessionDescription): boolean {
  return [description.session, ...description.media].some((section) => hasAttribute(section, 'ice-lite'));
}
