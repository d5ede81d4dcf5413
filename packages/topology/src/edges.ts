import type { SignalingEdge, Topology, TopologyNode } from './topology.ts';

/** The node of that id, or undefined. */
export function nodeById(topology: Topology, id: string): TopologyNode | undefined {
  return topology.nodes.find((node) => node.id === id);
}

/** The signaling edge between two nodes, whichever way round it was written; undefined where none is. */
export function signalingEdgeBetween(topology: Topology, a: string, b: string): SignalingEdge | undefined {
  return topology.signaling.find(
    (edge) => (edge.from === a && edge.to === b) || (edge.from === b && edge.to === a),
  );
}
