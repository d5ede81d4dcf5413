import { mapMedia, type Section, type SessionDescription, withSession } from '@crosspoint/sdp';

/** Both the session part and every m-section changed. */
export function everySection(
  description: SessionDescription,
  edit: <S extends Section>(section: S) => S,
): SessionDescription {
  return withSession(mapMedia(description, edit), edit);
}
