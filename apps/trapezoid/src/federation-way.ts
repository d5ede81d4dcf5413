import type { SipTarget, TrustedHop } from '@crosspoint/sip/node';

/** How two servers speak SIP to each other. */
export type FederationTransport = 'tls' | 'tcp' | 'udp';

/** A place on this machine at which a server or proxy takes SIP. */
export interface SipPlace {
  /** The node of the topology. */
  readonly node: string;
  /** The name that its certificate bears. */
  readonly name: string;
  readonly port: number;
}

/** How one server reaches the other's domain, and from whom it takes that one's calls. */
export interface FederationWay {
  /** The other server's domain. */
  readonly domain: string;
  /** The next hop: the other server, or a proxy of ours. */
  readonly hop: SipPlace;
  /** Whether the next hop is a proxy, which finds the domain by itself. */
  readonly isProxy: boolean;
}

export const LOCAL = '127.0.0.1';

/** Where a place is found, and by which name its certificate is known. */
export function targetAt({ port, name }: SipPlace, transport: FederationTransport): SipTarget {
  return { host: LOCAL, port, transport, ...(transport === 'tls' ? { name } : {}) };
}

/**
 * By what a place is known when it speaks to us: its certificate, or its socket. Undefined for TCP, where a connection
 * says nothing of who opened it.
 */
export function trustIn({ port, name }: SipPlace, transport: FederationTransport): TrustedHop | undefined {
  if (transport === 'tls') return { certificate: name };
  return transport === 'udp' ? { transport, host: LOCAL, port } : undefined;
}

/** A URI that leads to a place. */
export function uriOf({ port }: SipPlace, transport: FederationTransport): string {
  return `sip:${LOCAL}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}`;
}

/** On loopback the path's MTU is known, so that no request has to change to TCP (RFC 3261 section 18.1.1). */
export const LOOPBACK_LIMITS = { datagramBytes: 60_000 };
