import { candidateTransport, type IceCandidate } from './candidate.ts';
import { type CandidatePair, candidateBase, canPair, type IceRole, makePair } from './candidate-pair.ts';

/** The pairs of one data stream, highest priority first (RFC 8445 section 6.1.2). */
export type Checklist = readonly CandidatePair[];

export interface ChecklistOptions {
  /** The local agent's. */
  readonly role: IceRole;
  /** The most pairs kept, 100 by default (RFC 8445 section 6.1.2.5); share it out among several checklists. */
  readonly limit?: number;
}

/** Forms, orders, prunes and limits a checklist; all its pairs are `frozen` (RFC 8445 section 6.1.2). */
export function formChecklist(
  local: readonly IceCandidate[],
  remote: readonly IceCandidate[],
  { role, limit = 100 }: ChecklistOptions,
): Checklist {
  const pairs: CandidatePair[] = [];
  for (const ours of local) {
    for (const theirs of remote) {
      if (canPair(ours, theirs)) pairs.push(makePair(ours, theirs, role));
    }
  }
  return prunePairs(orderPairs(pairs)).slice(0, limit);
}

/** Highest priority first; equal ones keep their order (RFC 8445 section 6.1.2.3). */
export function orderPairs(pairs: readonly CandidatePair[]): CandidatePair[] {
  return pairs.toSorted((a, b) => (a.priority < b.priority ? 1 : a.priority > b.priority ? -1 : 0));
}

/**
 * Drops the pairs that would send what another sends already: same base of the local and same remote candidate, the
 * first, which is the highest, stays (RFC 8445 section 6.1.2.4). Local passive TCP candidates send nothing and go too
 * (RFC 6544 section 6.2). `pairs` must be in order. Where a reflexive candidate stands in for its base, its pair
 * stays unless the base's own is there as well.
 */
export function prunePairs(pairs: readonly CandidatePair[]): CandidatePair[] {
  const seen = new Set<string>();
  return pairs.filter(({ local, remote }) => {
    if (local.tcpType === 'passive' && candidateTransport(local) === 'tcp') return false;
    const base = candidateBase(local);
    const key = [
      local.component,
      candidateTransport(local),
      base.address.toLowerCase(),
      base.port,
      local.type === 'relay' ? 'relay' : '',
      remote.address.toLowerCase(),
      remote.port,
      remote.tcpType ?? '',
    ].join(' ');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
