/**
 * A neighbour from whom calls are taken without a password, by what others on the same machine cannot forge: the
 * socket that sends by UDP, or that a program connects from which also listens there, or the name in its certificate.
 * A host alone is a whole machine: for one on which nobody else runs a program, and for yardsticks.
 */
export type KamailioNeighbour =
  | { readonly transport: 'udp' | 'tcp'; readonly host: string; readonly port: number }
  | { readonly certificate: string }
  | { readonly host: string };

/** Certificates in PEM, as file names. */
export interface KamailioTls {
  readonly certificate: string;
  readonly key: string;
  /** Authorities by which neighbours are known; without it nobody is asked for a certificate. */
  readonly authority?: string;
  /** A free one where it is left out. */
  readonly port?: number;
}

/** Where requests for somebody who is not registered go. */
export interface KamailioRoute {
  /** The domain that this is for; its own domain where it is left out. */
  readonly domain?: string;
  /** Only user parts that begin so. */
  readonly userPrefix?: string;
  /** The next hop: `sip:127.0.0.2:5060;transport=tcp`. */
  readonly to: string;
}

export interface KamailioOptions {
  /** Where its log is kept. */
  readonly folder: string;
  /** The address that it listens on, all transports. */
  readonly address: string;
  /** The domain that it is responsible for, also its realm. */
  readonly domain: string;
  /** Names and passwords of those who may register and call. */
  readonly users?: Readonly<Record<string, string>>;
  /** Gateways, neighbouring proxies. */
  readonly trusted?: readonly KamailioNeighbour[];
  /** Refuses everybody else, whatever they ask for: a proxy between two servers that has no users of its own. */
  readonly neighboursOnly?: boolean;
  readonly routes?: readonly KamailioRoute[];
  /** Its SIP port for UDP and TCP; a free one where it is left out. */
  readonly port?: number;
  /** All its ports, where it takes the place of one that ended. */
  readonly ports?: KamailioPorts;
  /** Listens on TLS, too, with these PEM files. */
  readonly tls?: KamailioTls;
  /** The digest's hash (RFC 8760); MD5 where it is left out, which all phones know. */
  readonly digest?: 'MD5' | 'SHA-256';
  /** After this many seconds without an answer a call ends with 408. */
  readonly ringSeconds?: number;
  /** Flow tokens and several flows to one user (RFC 5626). */
  readonly outbound?: boolean;
  /** As a yardstick: the fast allocator and enough shared memory. */
  readonly fast?: boolean;
}

/** The ports of a running Kamailio. */
export interface KamailioPorts {
  /** UDP and TCP. */
  readonly sip: number;
  readonly ws: number;
  readonly rpc: number;
  readonly tls: number | undefined;
}
