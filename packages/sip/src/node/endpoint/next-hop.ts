import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isSipUri, type Uri } from '../../message/uri.ts';
import { defaultPort, isSecure, type SipTarget, type SipTransport } from '../transport/flow.ts';

/** Gives an IP address for a name. Rejects where there is none. */
export type ResolveHost = (host: string) => Promise<string>;

/** Asks the machine (hosts file, then its name server). */
export const systemResolve: ResolveHost = async (host) => (await lookup(host)).address;

export interface NextHopOptions {
  /** Where the requests of a domain go, whatever its name server says: lower-case names. */
  readonly hosts?: ReadonlyMap<string, Partial<SipTarget> & { readonly host: string }>;
  /** What a URI without transport parameter is reached by. */
  readonly preferred: SipTransport;
}

/**
 * Where a URI leads (RFC 3263 section 4, without NAPTR and SRV: the lab has no name server; a table stands for it).
 * The host may still be a name. Undefined where nothing can lead there (`tel:`, `.invalid`).
 */
export function targetOf(parsed: Uri, options: NextHopOptions): SipTarget | undefined {
  if (!isSipUri(parsed)) return undefined;
  const name = (parsed.params.get('maddr') ?? parsed.host).toLowerCase();
  const host = name.startsWith('[') ? name.slice(1, -1) : name;
  const secure = parsed.scheme === 'sips';
  const asked = transportNamed(parsed.params.get('transport'));
  const known = parsed.port === undefined ? options.hosts?.get(host) : undefined;
  if (known === undefined && host.endsWith('.invalid')) return undefined;
  let transport = asked ?? known?.transport ?? options.preferred;
  if (secure && !isSecure(transport)) transport = transport === 'ws' ? 'wss' : 'tls';
  return {
    transport,
    host: known?.host ?? host,
    port: known?.port ?? parsed.port ?? defaultPort(transport),
    ...(known?.name === undefined ? {} : { name: known.name }),
  };
}

/** The target with an IP address for a host: at once where it is one already. */
export function locate(
  target: SipTarget,
  resolve: ResolveHost,
  done: (target: SipTarget | undefined, error?: Error) => void,
): void {
  // What looks like an address in four numbers is one: the whole test costs more than the rest of the way.
  if (/^\d+\.\d+\.\d+\.\d+$/.test(target.host) || isIP(target.host) !== 0) {
    done(target);
    return;
  }
  resolve(target.host).then(
    (host) => done({ name: target.host, ...target, host }),
    (error: unknown) => done(undefined, error instanceof Error ? error : new Error(String(error))),
  );
}

function transportNamed(name: string | undefined): SipTransport | undefined {
  const lower = name?.toLowerCase();
  switch (lower) {
    case 'udp':
    case 'tcp':
    case 'tls':
    case 'ws':
    case 'wss':
      return lower;
    default:
      return undefined;
  }
}
