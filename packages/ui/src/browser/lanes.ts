import type { TraceLine } from '@crosspoint/report';
import type { Topology } from '@crosspoint/topology';

/** A column of the ladder. */
export interface Lane {
  readonly id: string;
  readonly label: string;
}

/** An arrow of the ladder: indices of lanes, and which end saw it. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly seenAt: number;
}

/**
 * The columns for a trace: the topology's nodes that take part in signaling, from left to right, then nodes
 * only the trace knows. An optional node has a column only where the trace names it.
 */
export function lanesOf(topology: Topology | undefined, entries: readonly TraceLine[]): Lane[] {
  const seen = new Set<string>();
  for (const { node, peer } of entries) {
    seen.add(node);
    if (peer !== '') seen.add(peer);
  }
  const silent = new Set(['media-relay', 'turn-server']);
  const known = (topology?.nodes ?? [])
    .filter((node) => seen.has(node.id) || (node.optional !== true && !silent.has(node.kind)))
    .sort((a, b) => a.x - b.x)
    .map(({ id, label }) => ({ id, label }));
  const strangers = [...seen].filter((id) => !known.some((lane) => lane.id === id));
  return [...known, ...strangers.map((id) => ({ id, label: id }))];
}

/** Where a message's arrow begins and ends. A message whose other end is unknown stays on its node. */
export function arrowOf(lanes: readonly Lane[], entry: TraceLine): Arrow {
  const at = (id: string): number => lanes.findIndex((lane) => lane.id === id);
  const seenAt = Math.max(0, at(entry.node));
  const other = at(entry.peer) < 0 ? seenAt : at(entry.peer);
  return entry.direction === 'in' ? { from: other, to: seenAt, seenAt } : { from: seenAt, to: other, seenAt };
}
