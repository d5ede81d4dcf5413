import type { Topology } from './topology.ts';

/** What makes a topology unusable, where it is, in words. */
export interface TopologyProblem {
  readonly code:
    | 'empty-text'
    | 'duplicate-id'
    | 'unknown-node'
    | 'unknown-edge'
    | 'outside-figure'
    | 'same-place'
    | 'loop'
    | 'no-protocol'
    | 'unreachable';
  /** Id of the node or edge it is about; the topology's own id where it is about the whole. */
  readonly at: string;
  readonly words: string;
}

/**
 * Everything that is wrong with a topology; an empty list means it can be started, drawn and measured along.
 * Checks that ids are unique, edges end at nodes, nodes lie apart inside the 0..100 figure, every signaling
 * edge has a protocol, and signaling reaches every node that is not a mere media relay.
 */
export function topologyProblems(topology: Topology): TopologyProblem[] {
  return [
    ...textProblems(topology),
    ...idProblems(topology),
    ...placeProblems(topology),
    ...edgeProblems(topology),
    ...reachProblems(topology),
  ];
}

function textProblems(topology: Topology): TopologyProblem[] {
  const texts: [at: string, text: string][] = [
    [topology.id, topology.id],
    [topology.id, topology.title],
    [topology.id, topology.summary],
    ...topology.nodes.map((node): [string, string] => [node.id, node.label]),
    ...topology.media.map((edge): [string, string] => [edge.id, edge.protection]),
  ];
  return texts
    .filter(([, text]) => text.trim() === '')
    .map(([at]) => ({ code: 'empty-text', at, words: 'a text that people read is empty' }));
}

function idProblems(topology: Topology): TopologyProblem[] {
  const problems: TopologyProblem[] = [];
  // One name space for both kinds of edge: a page looks an edge up by id alone.
  for (const group of [topology.nodes, [...topology.signaling, ...topology.media]]) {
    const seen = new Set<string>();
    for (const { id } of group) {
      if (seen.has(id)) problems.push({ code: 'duplicate-id', at: id, words: `"${id}" is used twice` });
      seen.add(id);
    }
  }
  return problems;
}

function placeProblems(topology: Topology): TopologyProblem[] {
  const problems: TopologyProblem[] = [];
  const inside = (value: number): boolean => value >= 0 && value <= 100;
  topology.nodes.forEach((node, index) => {
    if (!inside(node.x) || !inside(node.y)) {
      problems.push({
        code: 'outside-figure',
        at: node.id,
        words: `(${node.x}, ${node.y}) is outside 0..100`,
      });
    }
    const twin = topology.nodes.slice(0, index).find((other) => other.x === node.x && other.y === node.y);
    if (twin !== undefined) {
      problems.push({ code: 'same-place', at: node.id, words: `lies on top of "${twin.id}"` });
    }
  });
  return problems;
}

function edgeProblems(topology: Topology): TopologyProblem[] {
  const problems: TopologyProblem[] = [];
  const known = new Set(topology.nodes.map((node) => node.id));
  const ends: [at: string, node: string][] = [];
  for (const edge of [...topology.signaling, ...topology.media]) {
    ends.push([edge.id, edge.from], [edge.id, edge.to]);
    if (edge.from === edge.to) problems.push({ code: 'loop', at: edge.id, words: 'ends where it begins' });
  }
  for (const edge of topology.media) if (edge.via !== undefined) ends.push([edge.id, edge.via]);
  for (const [at, node] of ends) {
    if (!known.has(node)) problems.push({ code: 'unknown-node', at, words: `there is no node "${node}"` });
  }
  for (const group of [topology.signaling, topology.media]) {
    for (const { id, instead } of group) {
      if (instead === undefined || group.some((other) => other.id === instead && other.id !== id)) continue;
      problems.push({
        code: 'unknown-edge',
        at: id,
        words: `there is no other edge "${instead}" of its kind`,
      });
    }
  }
  for (const edge of topology.signaling) {
    if (edge.protocols.length === 0) {
      problems.push({ code: 'no-protocol', at: edge.id, words: 'names no protocol' });
    }
  }
  return problems;
}

function reachProblems(topology: Topology): TopologyProblem[] {
  const first = topology.nodes[0];
  if (first === undefined) {
    return [{ code: 'unreachable', at: topology.id, words: 'has no nodes' }];
  }
  const reached = new Set([first.id]);
  for (let before = 0; before !== reached.size; ) {
    before = reached.size;
    for (const { from, to } of topology.signaling) {
      if (reached.has(from)) reached.add(to);
      if (reached.has(to)) reached.add(from);
    }
  }
  const silent = new Set(['media-relay', 'turn-server']);
  return topology.nodes
    .filter((node) => !reached.has(node.id) && !silent.has(node.kind))
    .map((node) => ({ code: 'unreachable', at: node.id, words: 'no signaling edge leads here' }));
}
