import type { PeerStats } from '@crosspoint/peers';
import type { TraceEntry } from '@crosspoint/signaling';
import type { Topology } from '@crosspoint/topology';
import type { Side } from '../evidence.ts';
import { carriedDescriptions, changesAlong, descriptionIn } from './carried-descriptions.ts';
import type { ComparedCall } from './comparison.ts';
import { mediaPathOf } from './media-path.ts';
import { messagesOf, pathOf, trafficAlong } from './signaling-messages.ts';

/** The call that a piece of trace is about: the one whose description comes first. `undefined` where there is none. */
export function callIn(trace: readonly TraceEntry[]): string | undefined {
  return trace.find((entry) => entry.call !== undefined && descriptionIn(entry) !== undefined)?.call;
}

/**
 * What a call's trace and its peers' own figures say of its signaling, its media path and its descriptions.
 * @param phone the side whose endpoint speaks SIP, where one does
 */
export function measureCall(
  topology: Topology,
  trace: readonly TraceEntry[],
  stats: Readonly<Partial<Record<Side, PeerStats>>>,
  phone?: Side,
): Required<Pick<ComparedCall, 'signaling' | 'media' | 'changes'>> {
  const messages = messagesOf(trace, phone);
  const path = pathOf(messages);
  const edges = trafficAlong(path, messages);
  const carried = carriedDescriptions(path, messages);
  return {
    signaling: {
      path,
      hops: edges.length,
      messages: edges.reduce((sum, edge) => sum + edge.messages, 0),
      bytes: edges.reduce((sum, edge) => sum + edge.bytes, 0),
      edges,
    },
    media: mediaPathOf(topology, path, carried, stats),
    changes: changesAlong(carried),
  };
}
