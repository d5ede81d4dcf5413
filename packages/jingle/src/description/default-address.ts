import { candidateTransport, type IceCandidate } from '@crosspoint/ice';

const RANK: Readonly<Record<string, number>> = { relay: 3, srflx: 2, host: 1 };

/** The candidate that c= and m= name for who knows no ICE: most likely to work (RFC 8839 section 4.2.1.2). */
export function defaultCandidate(
  candidates: readonly IceCandidate[],
  component: number,
): IceCandidate | undefined {
  let best: IceCandidate | undefined;
  let most = -1;
  for (const candidate of candidates) {
    if (candidate.component !== component || candidateTransport(candidate) !== 'udp') continue;
    const rank = RANK[candidate.type] ?? 0;
    if (rank > most) {
      best = candidate;
      most = rank;
    }
  }
  return best;
}

/** Whether an address says that there is none (RFC 8839 section 4.2.1.3). */
export function isAnyAddress(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
