import { candidateTransport, type IceCandidate } from './candidate.ts';
import { pairPriority } from './candidate-priority.ts';
import { parseIpAddress } from './ip-address.ts';

/** RFC 8445 section 6.1.2.6. */
export type PairState = 'frozen' | 'waiting' | 'in-progress' | 'succeeded' | 'failed';

export type IceRole = 'controlling' | 'controlled';

export interface CandidatePair {
  readonly local: IceCandidate;
  readonly remote: IceCandidate;
  readonly component: number;
  /** The two foundations together (RFC 8445 section 6.1.2.6). */
  readonly foundation: string;
  /** RFC 8445 section 6.1.2.3. */
  readonly priority: bigint;
  readonly state: PairState;
  /** RFC 8445 section 8.1.1: chosen by the controlling agent for this component. */
  readonly nominated: boolean;
}

/** Pairs two candidates, `frozen`; `role` is the local agent's. */
export function makePair(local: IceCandidate, remote: IceCandidate, role: IceRole): CandidatePair {
  const priority =
    role === 'controlling'
      ? pairPriority(local.priority, remote.priority)
      : pairPriority(remote.priority, local.priority);
  const foundation = `${local.foundation}:${remote.foundation}`;
  return {
    local,
    remote,
    component: local.component,
    foundation,
    priority,
    state: 'frozen',
    nominated: false,
  };
}

/**
 * Whether the two are paired at all (RFC 8445 section 6.1.2.2, RFC 6544 section 6.2): same component and IP version,
 * IPv6 link-local with link-local only, same transport, and for TCP one that opens with one that listens, or both
 * simultaneous. A name has no IP version until it is resolved: it is not paired.
 */
export function canPair(local: IceCandidate, remote: IceCandidate): boolean {
  if (local.component !== remote.component) return false;
  const transport = candidateTransport(local);
  if (transport !== candidateTransport(remote)) return false;
  if (transport === 'tcp' && !matchTcp(local.tcpType, remote.tcpType)) return false;
  const ours = parseIpAddress(local.address);
  const theirs = parseIpAddress(remote.address);
  if (ours === undefined || theirs === undefined || ours.length !== theirs.length) return false;
  return isLinkLocal(ours) === isLinkLocal(theirs);
}

/**
 * What a local candidate is sent from: itself for host and relay, the related address for the reflexive ones
 * (RFC 8445 section 5.1.1.2). Browsers hide it as 0.0.0.0, and it stays so here.
 */
export function candidateBase(local: IceCandidate): { readonly address: string; readonly port: number } {
  const reflexive = local.type === 'srflx' || local.type === 'prflx';
  if (reflexive && local.relatedAddress !== undefined && local.relatedPort !== undefined) {
    return { address: local.relatedAddress, port: local.relatedPort };
  }
  return { address: local.address, port: local.port };
}

function matchTcp(local: string | undefined, remote: string | undefined): boolean {
  switch (local) {
    case 'active':
      return remote === 'passive';
    case 'passive':
      return remote === 'active';
    case 'so':
      return remote === 'so';
    default:
      return false;
  }
}

function isLinkLocal(ip: Uint8Array): boolean {
  return ip.length === 16 && ip[0] === 0xfe && (ip[1]! & 0xc0) === 0x80;
}
