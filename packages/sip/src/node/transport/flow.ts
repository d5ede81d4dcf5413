export type SipTransport = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

export interface SipAddress {
  /** IP address without brackets, or a name. */
  readonly host: string;
  readonly port: number;
}

/** Where a request is to go. */
export interface SipTarget extends SipAddress {
  readonly transport: SipTransport;
  /** The name that the certificate of a TLS peer must bear (RFC 5922 section 7.1); its address where not given. */
  readonly name?: string;
}

/**
 * The way to one peer: a UDP 4-tuple or one connection (RFC 5626 section 2). What came over a flow is answered over
 * it, and a contact that nobody can connect to is reached over it.
 */
export interface Flow {
  /** Unique among the flows of the process for connections; 0 for UDP, which has its addresses for a name. */
  readonly id: number;
  readonly transport: SipTransport;
  readonly reliable: boolean;
  readonly local: SipAddress;
  readonly remote: SipAddress;
  /** The domains that the far side's verified certificate bears, in lower case; none without one. */
  readonly certifiedNames: readonly string[];
  readonly closed: boolean;
  /** Sends one whole message. `failed` is called at most once, when it is known that the message did not go. */
  send(bytes: Uint8Array, failed?: (error: Error) => void): void;
  close(): void;
}

export function isReliable(transport: SipTransport): boolean {
  return transport !== 'udp';
}

/** The name of the transport in Via (RFC 3261 section 20.42, RFC 7118 section 5.2). */
export function viaTransport(transport: SipTransport): string {
  return transport.toUpperCase();
}

export function isSecure(transport: SipTransport): boolean {
  return transport === 'tls' || transport === 'wss';
}

export function defaultPort(transport: SipTransport): number {
  if (transport === 'ws') return 80;
  if (transport === 'wss') return 443;
  return transport === 'tls' ? 5061 : 5060;
}

/** An IPv6 address in brackets, everything else as it is: how hosts stand in URIs and in Via. */
export function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

export function writeAddress(address: SipAddress): string {
  return `${bracketed(address.host)}:${address.port}`;
}
