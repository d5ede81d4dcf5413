import type { Tap } from '@crosspoint/signaling';
import { labCertificates } from '@crosspoint/web-phone/node';
import { JingleServer, type JingleServerCounts, type JingleServerOptions } from './jingle-server.ts';
import { DOMAINS, type TrapezoidOptions } from './trapezoid.ts';

export type JingleTrapezoidOptions = Pick<TrapezoidOptions, 'web' | 'noAnswerMs' | 'change'>;

export interface JingleTrapezoid {
  readonly a: JingleServer;
  readonly b: JingleServer;
  counts(): { readonly a: JingleServerCounts; readonly b: JingleServerCounts };
  close(): Promise<void>;
}

/** Two web servers with their own users, federated by XMPP and Jingle. Both show the whole path of a call in their pages. */
export async function startJingleTrapezoid(options: JingleTrapezoidOptions): Promise<JingleTrapezoid> {
  const { tap, ...web } = options.web;
  const { ca, of } = await labCertificates([...DOMAINS]);
  const servers: JingleServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
  };
  // What one server saw is in the ladder of the other's pages, too.
  const tapOf = (node: string): Tap => {
    return (entry) => {
      tap?.(entry);
      for (const [index, server] of servers.entries()) if (NODES[index] !== node) server.show(entry);
    };
  };
  const plan = (index: 0 | 1): JingleServerOptions => ({
    web: { ...web, port: index === 0 || web.port === 0 ? web.port : web.port + 1 },
    node: NODES[index],
    neighbour: NODES[1 - index]!,
    domain: DOMAINS[index],
    identity: of[DOMAINS[index]],
    ca,
    ...(options.noAnswerMs === undefined ? {} : { noAnswerMs: options.noAnswerMs }),
    tap: tapOf(NODES[index]),
    change: options.change,
  });
  try {
    const a = await JingleServer.start(plan(0));
    servers.push(a);
    const b = await JingleServer.start(plan(1));
    servers.push(b);
    a.federate(b.domain, b.xmppPort);
    b.federate(a.domain, a.xmppPort);
    return { a, b, counts: () => ({ a: a.counts(), b: b.counts() }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const NODES = ['server-a', 'server-b'] as const;
