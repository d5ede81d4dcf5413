import { spawnSync } from 'node:child_process';
import { COTURN_INSTALL, findCoturn } from '@crosspoint/peers/node';
import type { AbsentPeer, PeerRecord } from '@crosspoint/report';
import { printable } from './printable.ts';

/** A program that the lab knows, there or not. */
export type ListedPeer = ({ readonly found: true } & PeerRecord) | ({ readonly found: false } & AbsentPeer);

/** The TURN server, which is no end of a call and has no driver. */
export function listedTurnServer(): ListedPeer {
  const program = findCoturn();
  if (program === undefined)
    return { found: false, id: 'coturn', why: 'no turnserver on the path', install: COTURN_INSTALL };
  const { stdout, error } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  if (error !== undefined)
    return {
      found: false,
      id: 'coturn',
      why: `${program} does not run: ${error.message}`,
      install: COTURN_INSTALL,
    };
  return {
    found: true,
    id: 'coturn',
    name: 'coturn (TURN server)',
    version: stdout.trim().split('\n')[0] ?? '',
    kind: 'server',
    capabilities: [],
  };
}

/** The peers for a terminal, one line each and what it can do below. */
export function writePeers(peers: readonly ListedPeer[]): string {
  const width = Math.max(...peers.map(({ id }) => id.length));
  return peers
    .flatMap((peer) => [...writePeer(peer, width), ''])
    .slice(0, -1)
    .join('\n')
    .concat('\n');
}

function writePeer(peer: ListedPeer, width: number): string[] {
  const head = `${peer.found ? '✓' : '–'} ${peer.id.padEnd(width)}  `;
  if (!peer.found)
    return [`${head}absent   ${printable(peer.why)}${peer.install === undefined ? '' : `; ${peer.install}`}`];
  return [
    `${head}${peer.kind.padEnd(7)}  ${printable(peer.name)}, ${printable(peer.version)}`,
    ...(peer.capabilities.length === 0 ? [] : [`    ${peer.capabilities.map(printable).join(', ')}`]),
  ];
}
