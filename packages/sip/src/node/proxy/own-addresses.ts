import { isSipUri, type Uri } from '../../message/uri.ts';
import { bracketed, defaultPort } from '../transport/flow.ts';
import type { ListeningPoint } from '../transport/transports.ts';

/** What is this proxy itself: its domains and the addresses it listens on. */
export class OwnAddresses {
  readonly #domains: ReadonlySet<string>;
  readonly #plainRoutes: string[] = [];
  readonly #listening = new Set<string>();

  constructor(domains: readonly string[]) {
    this.#domains = new Set(domains.map((domain) => domain.toLowerCase()));
  }

  /** What follows `;d=` where a Route is one that this proxy makes for UDP; undefined where it is any other. */
  afterPlainRoute(uri: string): string | undefined {
    for (const prefix of this.#plainRoutes) if (uri.startsWith(prefix)) return uri.slice(prefix.length);
    return undefined;
  }

  add(point: ListeningPoint): void {
    if (point.transport === 'udp') {
      this.#plainRoutes.push(`sip:${bracketed(point.advertised.host)}:${point.advertised.port};lr;d=`);
    }
    this.#listening.add(`${point.host}:${point.port}`);
    this.#listening.add(`${point.advertised.host.toLowerCase()}:${point.advertised.port}`);
  }

  /** Whether the proxy answers for addresses like this one. */
  isServed(uri: Uri): boolean {
    if (!isSipUri(uri)) return false;
    return this.#domains.has(uri.host.toLowerCase()) || this.isListening(uri);
  }

  /** Whether it leads to this very proxy: a domain of ours or host and port that are listened on. */
  isListening(uri: Uri): boolean {
    if (!isSipUri(uri)) return false;
    const host = uri.host.startsWith('[') ? uri.host.slice(1, -1) : uri.host.toLowerCase();
    const port = uri.port ?? (uri.scheme === 'sips' ? 5061 : defaultPort('udp'));
    return this.#listening.has(`${host}:${port}`) || (uri.port === undefined && this.#domains.has(host));
  }
}
