import { randomBytes } from 'node:crypto';
import type { Tap } from '@crosspoint/signaling';
import { labCertificates, type SeededChange, type WebServerOptions } from '@crosspoint/web-phone/node';
import { FederatedServer } from './federated-server.ts';
import type { FederationMember, ServerCounts, ServerPlan } from './federation-member.ts';
import type { FederationTransport, SipPlace } from './federation-way.ts';
import { type ProxyName, type RunningProxies, startProxies } from './proxies.ts';
import { SeparateServer } from './separate-server.ts';

export interface TrapezoidOptions {
  readonly web: Omit<WebServerOptions, 'topology' | 'onCall' | 'node'>;
  readonly transport: FederationTransport;
  /** A SIP proxy before each of the two servers. */
  readonly proxy: 'none' | ProxyName;
  /** Server B in a process of its own, kept up. */
  readonly separate: boolean;
  /** Seconds after which a call that is not refreshed is over (RFC 4028). */
  readonly sessionExpires: number;
  readonly noAnswerMs?: number;
  readonly change: () => SeededChange | undefined;
}

export interface Trapezoid {
  readonly a: FederationMember;
  readonly b: FederationMember;
  readonly proxies: readonly SipPlace[];
  /** What is going on, all zero when nothing is, and the programs that have processes of their own. */
  counts(): Promise<TrapezoidCounts>;
  close(): Promise<void>;
}

export interface TrapezoidCounts {
  readonly a: ServerCounts;
  readonly b: ServerCounts;
  /** Requests that the proxies still carry. */
  readonly proxied: number;
  readonly pids: Readonly<Record<string, number>>;
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
  const servers: FederationMember[] = [];
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
      const { tap: _tap, ...shared } = web;
      const plan: ServerPlan = {
        web: { ...shared, port: index === 0 || web.port === 0 ? web.port : web.port + 1 },
        node,
        domain,
        transport,
        identity: of[domain],
        ca,
        secret,
        sessionExpires: options.sessionExpires,
        ...(noAnswerMs === undefined ? {} : { noAnswerMs }),
      };
      const defect = change()?.name;
      const server =
        index === 1 && options.separate
          ? await SeparateServer.start({ ...plan, ...(defect === undefined ? {} : { defect }) }, tap(node))
          : await FederatedServer.start({ ...plan, tap: tap(node), change });
      servers.push(server);
      shown.set(node, server.show);
    }
    const [a, b] = servers as [FederationMember, FederationMember];
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
    return {
      a,
      b,
      proxies: proxies?.places ?? [],
      async counts() {
        const pids = Object.fromEntries(
          (proxies?.pids() ?? []).map((pid, index) => [index === 0 ? 'proxy-a' : 'proxy-b', pid]),
        );
        return {
          a: await a.counts(),
          b: await b.counts(),
          proxied: proxies?.transactions() ?? 0,
          pids: { ...pids, ...(b.pid === undefined ? {} : { 'server-b': b.pid }) },
        };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function placeOf(node: string, { domain, sipPort }: FederationMember): SipPlace {
  return { node, name: domain, port: sipPort };
}
