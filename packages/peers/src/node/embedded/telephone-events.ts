import type { EventTypes } from './audio-session.ts';
import type { RemoteSection } from './sdp-read.ts';
import type { LocalSection } from './sdp-write.ts';

/** The payload type of telephone-events where we offer. */
export const EVENT_TYPE = 101;

/** The lines of a section that takes telephone-events (RFC 4733 section 7.1.1): the digits alone. */
export function eventLines(eventType: number | undefined): string[] {
  if (eventType === undefined) return [];
  return [`a=rtpmap:${eventType} telephone-event/8000`, `a=fmtp:${eventType} 0-15`];
}

/** The payload type of telephone-events that the far side's section names, at the clock of G.711. */
export function eventTypeOf(section: RemoteSection | undefined): number | undefined {
  return section?.codecs.find(
    ({ name, clockRate }) => name.toLowerCase() === 'telephone-event' && clockRate === 8000,
  )?.payloadType;
}

/** Telephone-events where both sides named them. */
export function agreeEvents(
  section: LocalSection | undefined,
  audio: RemoteSection | undefined,
): EventTypes | undefined {
  const ours = section?.use === 'audio' ? section.eventType : undefined;
  const theirs = eventTypeOf(audio);
  return ours === undefined || theirs === undefined ? undefined : { sent: theirs, received: ours };
}
