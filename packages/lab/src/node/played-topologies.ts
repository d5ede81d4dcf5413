import type { PeerManifest } from '@crosspoint/peers';

/** A topology that the matrix plays: its app, and who can call whom in it. */
export interface PlayedTopology {
  readonly id: string;
  readonly pairs: (caller: PeerManifest, callee: PeerManifest) => boolean;
}

const web = (peer: PeerManifest): boolean => peer.joins === 'web';
const phone = (peer: PeerManifest): boolean => peer.joins === 'sip';

/** In the order in which they are taught. */
export const PLAYED_TOPOLOGIES: readonly PlayedTopology[] = [
  { id: 'triangle', pairs: (caller, callee) => web(caller) && web(callee) },
  { id: 'trapezoid', pairs: (caller, callee) => web(caller) && web(callee) },
  { id: 'sip', pairs: (caller, callee) => (web(caller) && phone(callee)) || (phone(caller) && web(callee)) },
];
