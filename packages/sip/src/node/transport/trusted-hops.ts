import type { Flow } from './flow.ts';

/**
 * A next hop, by what a stranger on the same machine cannot forge: the name in its verified certificate, or the
 * address and port of its socket. A UDP socket has its port for itself. A TCP connection bears the port of the program
 * that listens there where we opened it, or where that program also connects from it.
 */
export type TrustedHop =
  | { readonly certificate: string }
  | { readonly transport: 'udp' | 'tcp'; readonly host: string; readonly port: number };

/** The next hops that are trusted (RFC 3325 section 3): what they assert is believed. */
export class TrustedHops {
  readonly #hops: TrustedHop[];

  constructor(hops: readonly TrustedHop[] = []) {
    this.#hops = [...hops];
  }

  /** One more, once it is known where it is. */
  add(hop: TrustedHop): void {
    this.#hops.push(hop);
  }

  /** The hop at the other end of a flow; undefined for a stranger, whatever its messages say of it. */
  find(flow: Flow): TrustedHop | undefined {
    return this.#hops.find((hop) =>
      'certificate' in hop
        ? flow.certifiedNames.includes(hop.certificate)
        : hop.port === flow.remote.port && hop.transport === flow.transport && hop.host === flow.remote.host,
    );
  }
}
