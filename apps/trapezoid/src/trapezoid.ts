import { randomBytes } from 'node:crypto';
import type { Tap } from '@crosspoint/signaling';
import { labCertificates, type SeededChange, type WebServerOptions } from '@crosspoint/web-phone/node';
import { FederatedServer } from './federated-server.ts';
import type { FederationTransport, SipPlace } from './federation-way.ts';
import { type ProxyName, type RunningProxies, startProxies } from './proxies.ts';

export interface TrapezoidOptions {
  readonly web: Omit<WebServerOptions, 'topology' | 'onCall' | 'node'>;
  readonly transport: FederationTransport;
  /** A SIP proxy before each of the two servers. */
  readonly proxy: 'none' | ProxyName;
  readonly noAnswerMs?: number;
  readonly change: () => SeededChange | undefined;
}

export interface Trapezoid {
  readonly a: FederatedServer;
  readonly b: FederatedServer;
  readonly proxies: readonly SipPlace[];
  close(): Promise<void>;
}

export const DOMAINS = ['a.localhost', 'b.localhost'] as const;
const PROXIES = ['proxy.a.localhost', 'proxy.b.localhost'] as const;

/**
 * Two web servers with their own users, federated by SIP. Both show the whole path of a call in their pages.
 * @throws Error for proxies over TCP; PeerError where Kamailio is wanted and is not there
 */
export async function startTrapezoid(options: TrapezoidOptions): Promise<Trapezoid> {
  const { web, transport, proxy, noAnswerMs, change } = options;
  if (proxy !== 'none' && transport === 'tcp')
    throw new Error('--proxy with --sip tcp: nothing tells a proxy who opened a TCP connection; tls or udp');
  const { ca, of } = await labCertificates([...DOMAINS, ...PROXIES]);
  const secret = randomBytes(24).toString('base64url');
  const servers: FederatedServer[] = [];
  let proxies: RunningProxies | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([...servers.map((server) => server.close()), proxies?.stop()]);
  };
  // What one node saw is in the ladder of both pages.
  const shown = new Map<string, (entry: Parameters<Tap>[0]) => void>();
  const tap = (node: string): Tap => {
    return (entry) => {
      web.tap?.(entry);
      for (const [other, show] of shown) if (other !== node) show(entry);
    };
  };
  try {
    for (const [index, node] of (['server-a', 'server-b'] as const).entries()) {
      const domain = DOMAINS[index]!;
      const server = await FederatedServer.start({
        web: { ...web, port: index === 0 || web.port === 0 ? web.port : web.port + 1, tap: tap(node) },
        node,
        domain,
        transport,
        identity: of[domain],
        ca,
        secret,
        tap: (entry) => servers[index]?.web.tap(entry),
        ...(noAnswerMs === undefined ? {} : { noAnswerMs }),
        change,
      });
      servers.push(server);
      shown.set(node, server.web.show);
    }
    const [a, b] = servers as [FederatedServer, FederatedServer];
    const [placeA, placeB] = [placeOf('server-a', a), placeOf('server-b', b)];
    if (proxy === 'none' || transport === 'tcp') {
      a.federate({ domain: b.domain, hop: placeB, isProxy: false });
      b.federate({ domain: a.domain, hop: placeA, isProxy: false });
    } else {
      const side = (index: 0 | 1, server: SipPlace) => {
        const name = PROXIES[index];
        const node = index === 0 ? 'proxy-a' : 'proxy-b';
        return { domain: DOMAINS[index], server, node, name, identity: of[name] };
      };
      proxies = await startProxies({ proxy, transport, sides: [side(0, placeA), side(1, placeB)], ca, tap });
      const [hopA, hopB] = proxies.places;
      a.federate({ domain: b.domain, hop: hopA, isProxy: true });
      b.federate({ domain: a.domain, hop: hopB, isProxy: true });
    }
    return { a, b, proxies: proxies?.places ?? [], close };
  } catch (error) {
    await close();
    throw error;
  }
}

function placeOf(node: string, server: FederatedServer): SipPlace {
  return { node, name: server.domain, port: server.sip.port };
}
