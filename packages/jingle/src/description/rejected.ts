import { hasAttribute, type MediaDescription } from '@crosspoint/sdp';

/** Whether an m-section is refused: port 0, unless it goes bundle-only (RFC 9143 section 6). */
export function isRejected(media: MediaDescription): boolean {
  return media.port === 0 && !hasAttribute(media, 'bundle-only');
}
