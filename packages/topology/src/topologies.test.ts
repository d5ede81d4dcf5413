import { describe, expect, it } from 'vitest';
import { nodeById, signalingEdgeBetween, TOPOLOGIES, topologyById, trapezoid, triangle } from './index.ts';

describe('the topologies', () => {
  it('are the six of the design, in order, and the variants of sip and jingle behind them', () => {
    expect(TOPOLOGIES.map((topology) => topology.id)).toEqual([
      'triangle',
      'trapezoid',
      'sip',
      'sip-ws',
      'jingle',
      'jingle-ws',
      'pstn',
      'multistream',
    ]);
  });

  it.each(TOPOLOGIES)('$id has a caller and a callee at the lower corners, servers above', ({ nodes }) => {
    const caller = nodes.find((node) => node.id === 'caller')!;
    const callee = nodes.find((node) => node.id === 'callee')!;
    expect(caller.y).toBe(callee.y);
    expect(caller.x).toBeLessThan(callee.x);
    for (const node of nodes) {
      if (['web-server', 'sip-proxy', 'xmpp-server'].includes(node.kind)) {
        expect(node.y).toBeLessThan(caller.y);
      }
    }
  });

  it.each(TOPOLOGIES)('$id says of every media edge who holds the key, or that nobody does', ({ media }) => {
    for (const edge of media) expect(edge.protection).toMatch(/holds? the keys|not encrypted/);
  });

  it('the triangle is a triangle and the trapezoid a trapezoid', () => {
    const [server, caller, callee] = ['server', 'caller', 'callee'].map((id) => nodeById(triangle, id)!);
    expect(server!.x).toBe((caller!.x + callee!.x) / 2);
    const [a, b] = [nodeById(trapezoid, 'server-a')!, nodeById(trapezoid, 'server-b')!];
    expect(a.y).toBe(b.y);
    expect(b.x - a.x).toBeLessThan(nodeById(trapezoid, 'callee')!.x - nodeById(trapezoid, 'caller')!.x);
  });
});

describe('looking up', () => {
  it('finds a topology by id and nothing for an unknown one', () => {
    expect(topologyById('triangle')).toBe(triangle);
    expect(topologyById('trapezoid-kamailio')?.nodes).toBe(trapezoid.nodes);
    expect(topologyById('square')).toBeUndefined();
    expect(nodeById(triangle, 'nobody')).toBeUndefined();
  });

  it('finds an edge whichever way round', () => {
    expect(signalingEdgeBetween(triangle, 'server', 'caller')?.id).toBe('caller-server');
    expect(signalingEdgeBetween(triangle, 'caller', 'server')?.id).toBe('caller-server');
    expect(signalingEdgeBetween(triangle, 'caller', 'callee')).toBeUndefined();
  });
});
