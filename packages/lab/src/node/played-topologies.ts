import type { PeerManifest } from '@crosspoint/peers';

/** The proxies of the trapezoid that the matrix can be asked for. */
export const PROXIES = ['none', 'embedded', 'kamailio'] as const;
export type ProxyChoice = (typeof PROXIES)[number];

/** A topology that the matrix plays: its app, and who can call whom in it. */
export interface PlayedTopology {
  /** Its name in the cell: `trapezoid`, or `trapezoid-kamailio` for a variant. */
  readonly id: string;
  /** The topology of which it is a variant, or itself; also its app. */
  readonly topology: string;
  /** What the app is started with besides. */
  readonly args: readonly string[];
  readonly pairs: (caller: PeerManifest, callee: PeerManifest) => boolean;
}

const web = (peer: PeerManifest): boolean => peer.joins === 'web';
const phone = (peer: PeerManifest): boolean => peer.joins === 'sip';
const client = (peer: PeerManifest): boolean => peer.joins === 'jingle';
const webAndClient = (caller: PeerManifest, callee: PeerManifest): boolean =>
  (web(caller) && client(callee)) || (client(caller) && web(callee));
const bothWeb = (caller: PeerManifest, callee: PeerManifest): boolean => web(caller) && web(callee);

/** In the order in which they are taught. */
export const PLAYED_TOPOLOGIES: readonly PlayedTopology[] = [
  { id: 'triangle', topology: 'triangle', args: [], pairs: bothWeb },
  { id: 'trapezoid', topology: 'trapezoid', args: [], pairs: bothWeb },
  {
    id: 'sip',
    topology: 'sip',
    args: [],
    pairs: (caller, callee) => (web(caller) && phone(callee)) || (phone(caller) && web(callee)),
  },
  { id: 'jingle', topology: 'jingle', args: [], pairs: webAndClient },
];

/** The trapezoid with a SIP proxy on each side, and federated by Jingle; Jingle with a real server as the other one. */
const VARIANTS: readonly PlayedTopology[] = [
  ...(['embedded', 'kamailio'] as const).map((proxy) => ({
    id: `trapezoid-${proxy}`,
    topology: 'trapezoid',
    args: ['--proxy', proxy],
    pairs: bothWeb,
  })),
  ...['prosody', 'ejabberd'].map((server) => ({
    id: `jingle-${server}`,
    topology: 'jingle',
    args: ['--server', server],
    pairs: webAndClient,
  })),
  { id: 'trapezoid-jingle', topology: 'trapezoid', args: ['--federation', 'jingle'], pairs: bothWeb },
];

export interface AskedTopologies {
  /** Only these topologies; all that are played, else. */
  readonly topologies?: readonly string[];
  /** Only with these proxies where a topology can have some, in every pair of peers. */
  readonly proxies?: readonly ProxyChoice[];
  /** Cells by id: whatever they name is among what is played. */
  readonly cells?: readonly string[];
}

/** What is played: unasked each topology as it is, and the trapezoid's embedded proxies with the embedded pair. */
export function playedTopologies({ topologies, proxies, cells }: AskedTopologies): readonly PlayedTopology[] {
  return [...PLAYED_TOPOLOGIES, ...VARIANTS].flatMap((played) => {
    if (topologies?.includes(played.topology) === false) return [];
    const isNamed = cells?.some((cell) => cell.startsWith(`${played.id}/`)) ?? false;
    const isVariant = VARIANTS.includes(played);
    if (isNamed) return [played];
    if (proxies !== undefined && played.topology === 'trapezoid')
      return proxies.some((proxy) => played.id === variantId(proxy)) ? [played] : [];
    if (!isVariant) return [played];
    if (played.id !== 'trapezoid-embedded') return [];
    const own = (peer: PeerManifest): boolean => peer.id === 'embedded';
    return [{ ...played, pairs: (caller, callee) => own(caller) && own(callee) }];
  });
}

function variantId(proxy: ProxyChoice): string {
  return proxy === 'none' ? 'trapezoid' : `trapezoid-${proxy}`;
}

/** The topology that a cell names. */
export function playedTopology(id: string): PlayedTopology | undefined {
  return [...PLAYED_TOPOLOGIES, ...VARIANTS].find((played) => played.id === id);
}
