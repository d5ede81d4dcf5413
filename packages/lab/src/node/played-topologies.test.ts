import type { PeerManifest } from '@crosspoint/peers';
import { describe, expect, it } from 'vitest';
import { type AskedTopologies, playedTopologies, playedTopology } from './played-topologies.ts';

const peer = (id: string, joins: 'web' | 'sip' = 'web') => ({ id, joins }) as PeerManifest;
const PEERS = [peer('embedded'), peer('chromium'), peer('baresip', 'sip')];

/** The cells that are played, without their transport. */
function cells(asked: AskedTopologies): string[] {
  return playedTopologies(asked).flatMap(({ id, pairs }) =>
    PEERS.flatMap((caller) =>
      PEERS.filter((callee) => pairs(caller, callee)).map((callee) => `${id} ${caller.id} ${callee.id}`),
    ),
  );
}

describe('what the matrix plays', () => {
  it('unasked: each topology as it is, and embedded proxies between embedded peers', () => {
    const played = cells({});
    expect(played).toHaveLength(4 + 4 + 4 + 1);
    expect(played.filter((cell) => cell.startsWith('trapezoid-'))).toEqual([
      'trapezoid-embedded embedded embedded',
    ]);
  });

  it('with the proxies that are asked for: every pair, and the trapezoid without them no more', () => {
    const topologies = ['trapezoid'];
    expect(cells({ topologies, proxies: ['kamailio'] })).toEqual([
      'trapezoid-kamailio embedded embedded',
      'trapezoid-kamailio embedded chromium',
      'trapezoid-kamailio chromium embedded',
      'trapezoid-kamailio chromium chromium',
    ]);
    expect(cells({ topologies, proxies: ['none', 'embedded'] })).toHaveLength(8);
    expect(cells({ topologies: ['sip'], proxies: ['kamailio'] })).toHaveLength(4);
  });

  it('has what a cell names', () => {
    expect(cells({ cells: ['trapezoid-kamailio/ws/chromium--embedded'] })).toContain(
      'trapezoid-kamailio chromium embedded',
    );
    expect(playedTopology('trapezoid-kamailio')?.args).toEqual(['--proxy', 'kamailio']);
    expect(playedTopology('trapezoid-asterisk')).toBeUndefined();
  });
});
