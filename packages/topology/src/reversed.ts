import type { Topology } from './topology.ts';

/**
 * The same figure with the call the other way round: who was called calls. Nothing moves; the nodes `caller` and
 * `callee` change their names, so that a trace of such a call fits.
 */
export function reversed(topology: Topology): Topology {
  const other = (id: string): string => (id === 'caller' ? 'callee' : id === 'callee' ? 'caller' : id);
  const label = (id: string, words: string): string =>
    id === 'caller' && words === 'Caller'
      ? 'Callee'
      : id === 'callee' && words === 'Callee'
        ? 'Caller'
        : words;
  const ends = <E extends { readonly from: string; readonly to: string }>(edge: E): E => ({
    ...edge,
    from: other(edge.from),
    to: other(edge.to),
  });
  return {
    ...topology,
    nodes: topology.nodes.map((node) => ({ ...node, id: other(node.id), label: label(node.id, node.label) })),
    signaling: topology.signaling.map(ends),
    media: topology.media.map(ends),
  };
}
