/** The candidate types of RFC 8445 section 5.1.1; the grammar allows any other token (RFC 8839 section 5.1). */
export type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay';

/** RFC 6544 section 4.5. */
export type TcpType = 'active' | 'passive' | 'so';

export interface CandidateExtension {
  readonly name: string;
  readonly value: string;
}

/** One candidate-attribute (RFC 8839 section 5.1) as its sender wrote it, right or wrong. */
export interface IceCandidate {
  /** What stood in front: `a=candidate:` in SDP, `candidate:` in a browser's RTCIceCandidate, nothing elsewhere. */
  readonly prefix: '' | 'candidate:' | 'a=candidate:';
  readonly foundation: string;
  /** 1 to 256: 1 is RTP (and all of a bundle with rtcp-mux), 2 is RTCP. */
  readonly component: number;
  /** As written: `udp`, `UDP`, `tcp`, ... `candidateTransport` folds the case. */
  readonly transport: string;
  readonly priority: number;
  /** IPv4, IPv6 without brackets, or a name. */
  readonly address: string;
  readonly port: number;
  readonly type: CandidateType | (string & {});
  /** `raddr` and `rport`. */
  readonly relatedAddress?: string;
  readonly relatedPort?: number;
  /** `tcptype` (RFC 6544). */
  readonly tcpType?: TcpType | (string & {});
  /** Everything else behind the type, in its order: generation, ufrag, network-id, network-cost, ... */
  readonly extensions: readonly CandidateExtension[];
  /**
   * The text as received, where these fields would be written otherwise (spaces, leading zeros, another order).
   * `writeCandidate` gives it back as long as it says the same as the fields.
   */
  readonly spelling?: string;
}

/** The value of the first extension of that name. */
export function candidateExtension(candidate: IceCandidate, name: string): string | undefined {
  return candidate.extensions.find((extension) => extension.name === name)?.value;
}

/** The transport in lower case: tokens compare without case (RFC 8839 section 5.1). */
export function candidateTransport(candidate: Pick<IceCandidate, 'transport'>): string {
  return candidate.transport.toLowerCase();
}

/**
 * Whether the address is a multicast DNS name (draft-ietf-mmusic-mdns-ice-candidates section 3.1.1): only a peer on
 * the same link can resolve it, a gateway cannot.
 */
export function isMdns(candidate: Pick<IceCandidate, 'address'>): boolean {
  const name = candidate.address.toLowerCase();
  return (name.endsWith('.local') || name.endsWith('.local.')) && name.indexOf('.') > 0;
}
