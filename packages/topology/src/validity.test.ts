import { describe, expect, it } from 'vitest';
import { TOPOLOGIES, type Topology, topologyProblems, triangle } from './index.ts';

const codes = (topology: Topology): string[] => topologyProblems(topology).map((problem) => problem.code);
const edge = triangle.signaling[0]!;
const media = triangle.media[0]!;
const node = triangle.nodes[0]!;

describe('topologyProblems', () => {
  it.each(TOPOLOGIES)('finds nothing in $id', (topology) => {
    expect(topologyProblems(topology)).toEqual([]);
  });

  const broken: [code: string, topology: Topology][] = [
    ['empty-text', { ...triangle, summary: ' ' }],
    ['duplicate-id', { ...triangle, nodes: [...triangle.nodes, { ...node, x: 1 }] }],
    ['duplicate-id', { ...triangle, media: [{ ...media, id: edge.id }] }],
    ['unknown-node', { ...triangle, signaling: [...triangle.signaling, { ...edge, id: 'x', to: 'nobody' }] }],
    ['unknown-node', { ...triangle, media: [{ ...media, via: 'nobody' }] }],
    ['unknown-edge', { ...triangle, media: [{ ...media, instead: edge.id }] }],
    ['outside-figure', { ...triangle, nodes: [{ ...node, y: 101 }, ...triangle.nodes.slice(1)] }],
    ['outside-figure', { ...triangle, nodes: [{ ...node, x: Number.NaN }, ...triangle.nodes.slice(1)] }],
    ['same-place', { ...triangle, nodes: [...triangle.nodes, { ...node, id: 'twin', kind: 'turn-server' }] }],
    ['loop', { ...triangle, signaling: [...triangle.signaling, { ...edge, id: 'x', to: edge.from }] }],
    ['no-protocol', { ...triangle, signaling: [{ ...edge, protocols: [] }, triangle.signaling[1]!] }],
    ['unreachable', { ...triangle, signaling: [edge] }],
    ['unreachable', { ...triangle, nodes: [], signaling: [], media: [] }],
  ];
  it.each(broken)('finds %s', (code, topology) => {
    expect(codes(topology)).toEqual([code]);
  });
});
