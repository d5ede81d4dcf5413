import type { Tap } from '@crosspoint/signaling';
import { SipProxy, sipTrace } from '@crosspoint/sip/node';
import type { SeededChange, WebServerOptions } from '@crosspoint/web-phone/node';
import { federationCertificates } from './certificates.ts';
import { FederatedServer, type FederationTransport } from './federated-server.ts';

export interface TrapezoidOptions {
  readonly web: Omit<WebServerOptions, 'topology' | 'onCall' | 'node'>;
  readonly transport: FederationTransport;
  /** A SIP proxy between the two servers. */
  readonly proxy: 'none' | 'embedded';
  readonly noAnswerMs?: number;
  readonly change: () => SeededChange | undefined;
}

export interface Trapezoid {
  readonly a: FederatedServer;
  readonly b: FederatedServer;
  close(): Promise<void>;
}

export const DOMAINS = ['a.localhost', 'b.localhost'] as const;

/** Two web servers with their own users, federated by SIP. Both show the whole path of a call in their pages. */
export async function startTrapezoid(options: TrapezoidOptions): Promise<Trapezoid> {
  const { web, transport, proxy, noAnswerMs, change } = options;
  const { ca, identities } = await federationCertificates([...DOMAINS, 'proxy.localhost']);
  const servers: FederatedServer[] = [];
  // What one node saw is in the ladder of both pages.
  const shown = new Map<string, (entry: Parameters<Tap>[0]) => void>();
  const tap = (node: string): Tap => {
    return (entry) => {
      web.tap?.(entry);
      for (const [other, show] of shown) if (other !== node) show(entry);
    };
  };
  for (const [index, node] of (['server-a', 'server-b'] as const).entries()) {
    servers.push(
      await FederatedServer.start({
        web: { ...web, port: index === 0 || web.port === 0 ? web.port : web.port + 1, tap: tap(node) },
        node,
        domain: DOMAINS[index]!,
        transport,
        identity: identities[index]!,
        ca,
        tap: (entry) => servers[index]?.web.tap(entry),
        ...(noAnswerMs === undefined ? {} : { noAnswerMs }),
        change,
      }).catch(async (error: unknown) => {
        await Promise.all(servers.map((server) => server.close()));
        throw error;
      }),
    );
  }
  const [a, b] = servers as [FederatedServer, FederatedServer];
  a.federate(b.domain, b.sip, 'server-b');
  b.federate(a.domain, a.sip, 'server-a');
  for (const server of servers) shown.set(server === a ? 'server-a' : 'server-b', server.web.show);
  const between =
    proxy === 'none' ? undefined : await startProxy(a, b, transport, { ...identities[2]!, ca }, tap('proxy'));
  return {
    a,
    b,
    async close() {
      await Promise.all([a.close(), b.close(), between?.close()]);
    },
  };
}

/** The embedded proxy in the middle: it knows both domains and where their servers are. */
async function startProxy(
  a: FederatedServer,
  b: FederatedServer,
  transport: FederationTransport,
  tls: { readonly key: string; readonly cert: string; readonly ca: string },
  tap: Tap,
): Promise<SipProxy> {
  const at = (server: FederatedServer): { host: string; port: number; transport: FederationTransport } => ({
    host: '127.0.0.1',
    port: server.sip.port,
    transport,
  });
  const hosts = new Map([
    [a.domain, at(a)],
    [b.domain, at(b)],
  ]);
  const proxy = new SipProxy({
    domains: ['proxy.localhost'],
    trusted: ['127.0.0.1'],
    hosts,
    tls: { ...tls, requestCert: true, rejectUnauthorized: true },
    tap: sipTrace({
      node: 'proxy',
      peerOf: ({ port }) =>
        port === a.sip.port ? 'server-a' : port === b.sip.port ? 'server-b' : 'server-a',
      callOf: (callId) => callId.split('@')[0],
      now: Date.now,
      tap,
    }),
  });
  const point = await proxy.listen({ transport, host: '127.0.0.1', port: 0 });
  const param = transport === 'udp' ? '' : `;transport=${transport}`;
  const route = `<sip:127.0.0.1:${point.port}${param};lr>`;
  a.through([route], 'proxy');
  b.through([route], 'proxy');
  return proxy;
}
