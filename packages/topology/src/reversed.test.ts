import { describe, expect, it } from 'vitest';
import { signalingEdgeBetween } from './edges.ts';
import { reversed } from './reversed.ts';
import { TOPOLOGIES } from './topologies.ts';

describe('a topology with the call the other way round', () => {
  it.each(TOPOLOGIES)('is valid, and twice the same: $id', (topology) => {
    const back = reversed(topology);
    expect(reversed(back)).toEqual(topology);
    expect(back.nodes.map(({ x, y }) => [x, y])).toEqual(topology.nodes.map(({ x, y }) => [x, y]));
  });

  it('puts the phone where the callee was', () => {
    const sip = reversed(TOPOLOGIES.find(({ id }) => id === 'sip')!);
    expect(sip.nodes.find(({ id }) => id === 'caller')?.kind).toBe('sip-client');
    expect(signalingEdgeBetween(sip, 'caller', 'proxy')).toBeDefined();
    expect(signalingEdgeBetween(sip, 'callee', 'server')).toBeDefined();
  });
});
