import type { MediaDescription, SessionDescription } from '../description.ts';
import { attribute, attributes } from './attributes.ts';

/** The mids of each BUNDLE group, in order; the first mid tags the transport (RFC 9143 section 7). */
export function bundleGroups(description: SessionDescription): (readonly string[])[] {
  return attributes(description.session, 'group')
    .filter((group) => group.semantics === 'BUNDLE')
    .map((group) => group.mids);
}

/** Index of the m-section with this mid, or -1. */
export function mediaIndexOf(description: SessionDescription, mid: string): number {
  return description.media.findIndex((media) => attribute(media, 'mid') === mid);
}

/** The m-section with this mid, or undefined. */
export function mediaByMid(description: SessionDescription, mid: string): MediaDescription | undefined {
  return description.media[mediaIndexOf(description, mid)];
}

/**
 * The m-section whose transport (ICE, DTLS) counts for m-section `index`: the first one of its BUNDLE group that is
 * in use (RFC 9143 section 7.2), else itself.
 */
export function transportMedia(description: SessionDescription, index: number): MediaDescription | undefined {
  const media = description.media[index];
  const mid = media === undefined ? undefined : attribute(media, 'mid');
  if (media === undefined || mid === undefined) return media;
  const group = bundleGroups(description).find((mids) => mids.includes(mid));
  for (const tag of group ?? []) {
    const tagged = mediaByMid(description, tag);
    if (tagged !== undefined && (tagged.port !== 0 || tagged === media)) return tagged;
  }
  return media;
}
