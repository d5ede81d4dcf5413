import { direction } from '@crosspoint/sdp';
import type { Evidence } from '../evidence.ts';
import { typedOf, wireDescriptions } from '../wire-descriptions.ts';

/** Whether some re-offer, as its author sent it, has an audio section with one of these directions. */
export function offeredDirection(evidence: Evidence, wanted: readonly string[]): boolean {
  return wireDescriptions(evidence).some((each) => {
    if (each.role !== 'offer' || each.direction !== 'in') return false;
    const typed = typedOf(each);
    const audio = typed?.media.find((media) => media.media === 'audio');
    return typed !== undefined && audio !== undefined && wanted.includes(direction(audio, typed.session));
  });
}
