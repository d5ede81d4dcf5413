import type { TraceLine } from '@crosspoint/report';
import { pstn, trapezoid, triangle } from '@crosspoint/topology';
import { describe, expect, it } from 'vitest';
import { arrowOf, lanesOf } from './lanes.ts';

const line = (node: string, peer: string, direction: 'in' | 'out'): TraceLine => ({
  at: 0,
  node,
  peer,
  direction,
  protocol: 'ws',
  raw: '',
  summary: '',
});
const ids = (lanes: readonly { id: string }[]): string[] => lanes.map(({ id }) => id);

describe('lanesOf', () => {
  it('takes the nodes from left to right', () => {
    expect(ids(lanesOf(triangle, []))).toEqual(['caller', 'server', 'callee']);
    expect(ids(lanesOf(pstn, []))).toEqual(['caller', 'server', 'gateway', 'exchange', 'callee']);
  });

  it('shows an optional node only where the trace names it, and strangers last', () => {
    expect(ids(lanesOf(trapezoid, []))).not.toContain('proxy-a');
    expect(ids(lanesOf(trapezoid, [line('proxy-a', 'server-a', 'in')]))[2]).toBe('proxy-a');
    expect(ids(lanesOf(triangle, [line('server', 'spy', 'out')])).at(-1)).toBe('spy');
    expect(ids(lanesOf(undefined, [line('a', '', 'out')]))).toEqual(['a']);
  });
});

describe('arrowOf', () => {
  const lanes = lanesOf(triangle, []);
  it('runs from sender to receiver and knows who saw it', () => {
    expect(arrowOf(lanes, line('server', 'caller', 'in'))).toEqual({ from: 0, to: 1, seenAt: 1 });
    expect(arrowOf(lanes, line('server', 'callee', 'out'))).toEqual({ from: 1, to: 2, seenAt: 1 });
    expect(arrowOf(lanes, line('callee', 'server', 'out'))).toEqual({ from: 2, to: 1, seenAt: 2 });
  });

  it('stays on its node where the other end is unknown', () => {
    expect(arrowOf(lanes, line('server', '', 'in'))).toEqual({ from: 1, to: 1, seenAt: 1 });
  });
});
