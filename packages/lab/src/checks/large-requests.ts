import type { Evidence } from '../evidence.ts';
import { type SeenSipMessage, sipMessages } from './sip-messages.ts';

/** RFC 3261 section 18.1.1: within 200 bytes of the path MTU of 1,500, or above 1,300 where it is unknown. */
const MOST_OVER_UDP = 1300;

/** The requests that some node sent and that were too large for a datagram. */
export function largeRequests(evidence: Evidence): SeenSipMessage[] {
  return sipMessages(evidence).filter(
    ({ entry, bytes }) =>
      entry.direction === 'out' && bytes > MOST_OVER_UDP && !entry.raw.startsWith('SIP/2.0'),
  );
}

/** Those of them that went by UDP at once. */
export function atOnceByDatagram(large: readonly SeenSipMessage[]): SeenSipMessage[] {
  return large.filter((each, at) => each.transport === 'udp' && !hadNoStream(each, large.slice(0, at)));
}

/** Whether the node had met that no stream leads to this peer: with the same request, or with one before it. */
function hadNoStream(message: SeenSipMessage, earlier: readonly SeenSipMessage[]): boolean {
  const toPeer = [...earlier, message].filter(
    ({ entry }) => entry.node === message.entry.node && entry.peer === message.entry.peer,
  );
  return toPeer.some(
    (each, at) =>
      each.transport === 'udp' &&
      toPeer.slice(0, at).some(({ transport, request }) => transport !== 'udp' && request === each.request),
  );
}
