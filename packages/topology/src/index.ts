export { nodeById, signalingEdgeBetween } from './edges.ts';
export { jingle } from './jingle.ts';
export { pstn } from './pstn.ts';
export { sip } from './sip.ts';
export { TOPOLOGIES, topologyById } from './topologies.ts';
export type { MediaEdge, NodeKind, SignalingEdge, Topology, TopologyNode } from './topology.ts';
export { trapezoid } from './trapezoid.ts';
export { multistream, triangle } from './triangle.ts';
export { type TopologyProblem, topologyProblems } from './validity.ts';
