import { fileURLToPath } from 'node:url';
import { StanzaCalls, stanzaTrace } from '@crosspoint/jingle/node';
import { freePort } from '@crosspoint/peers/node';
import type { Tap } from '@crosspoint/signaling';
import {
  joinLegs,
  labCertificates,
  ownAddress,
  PageAccounts,
  type SeededChange,
  startWebServer,
  type WebCallIn,
  type WebServer,
  type WebServerOptions,
} from '@crosspoint/web-phone/node';
import { XmppServer } from '@crosspoint/xmpp/node';
import { openAccountDoor } from './account-door.ts';
import { JingleGateway } from './jingle-gateway.ts';
import { HOST, type OtherServer, type OtherServerName, startOther } from './other-server.ts';

export interface JingleOptions {
  readonly web: Omit<WebServerOptions, 'topology' | 'node' | 'onCall'>;
  /** The server of the Jingle clients. */
  readonly server: OtherServerName;
  readonly noAnswerMs?: number;
  readonly change: () => SeededChange | undefined;
}

export interface JingleTopology {
  readonly web: WebServer;
  readonly other: OtherServer;
  /** The domain of people who have a page, and that of the Jingle clients. */
  readonly domain: string;
  readonly otherDomain: string;
  readonly mediaAddress: string;
  /** The authority of both servers' certificates, in PEM. */
  readonly ca: string;
  /** Lets a client log in at the other server; gives its password. */
  addClient(name: string): Promise<string>;
  /** What is going on, all zero when nothing is, and the programs that run. */
  counts(): JingleCounts;
  close(): Promise<void>;
}

export interface JingleCounts {
  readonly calls: number;
  readonly sessions: number;
  readonly initiations: number;
  readonly pids: { readonly xmpp?: number };
}

/** The page that is a Jingle client itself, and where it is served. */
const CLIENT_PAGE = { path: '/stanza/', folder: fileURLToPath(new URL('../dist', import.meta.url)) };
const DOMAIN = 'web.localhost';
const OTHER_DOMAIN = 'xmpp.localhost';

/** A web server with an XMPP server built in, and another XMPP server that it federates with: there Jingle clients log in. */
export async function startJingle(options: JingleOptions): Promise<JingleTopology> {
  const started: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of started.reverse()) await each();
  };
  try {
    return { ...(await startParts(options, started)), close: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  options: JingleOptions,
  started: (() => Promise<void> | void)[],
): Promise<Omit<JingleTopology, 'close'>> {
  const parts: { gateway?: JingleGateway; tap?: Tap; accounts?: PageAccounts } = {};
  const calls = new StanzaCalls();
  const tap: Tap = (entry) => parts.tap?.(entry);
  const { ca, of } = await labCertificates([DOMAIN, OTHER_DOMAIN]);
  const serverPort = await freePort(HOST);
  const xmpp = new XmppServer({
    domain: DOMAIN,
    tls: { ...of[DOMAIN], ca },
    resolve: (domain) => (domain === OTHER_DOMAIN ? { host: HOST, port: serverPort } : undefined),
    externalServices: () => [],
    tap: stanzaTrace({ node: 'server', neighbour: 'xmpp', calls, tap, now: Date.now }),
  });
  started.push(() => xmpp.close());
  const ours = await xmpp.listen({ service: 'server', host: HOST, port: 0 });
  const other = await startOther(options.server, {
    domain: OTHER_DOMAIN,
    identity: of[OTHER_DOMAIN],
    ca,
    serverPort,
    ours: { domain: DOMAIN, port: ours.port },
    tap,
    calls,
  });
  started.push(() => other.stop());
  const accounts = new PageAccounts(
    {
      addUser: (name, password) => other.addUser(name, password),
      // A server that does not tell keeps the name for who has its password.
      isRegistered: async (name) => other.isPresent(name) ?? true,
    },
    Date.now,
  );
  parts.accounts = accounts;
  const web = await startWebServer({
    ...options.web,
    topology: 'jingle',
    pages: [CLIENT_PAGE],
    connectTo: () => [other.ws],
    extend: (app) =>
      openAccountDoor(app, {
        path: CLIENT_PAGE.path,
        accounts: () => parts.accounts,
        server: () => ({ ws: other.ws, domain: OTHER_DOMAIN }),
        iceServers: (user) => web.iceServers(user),
      }),
    onUser: (name, isHere) => parts.gateway?.seen(name, isHere),
    onCall: (call) => called(call, parts.gateway, options),
  });
  started.push(() => web.close());
  parts.tap = web.tap;
  const gateway = new JingleGateway({
    server: xmpp,
    reaches: (domain) => domain === OTHER_DOMAIN,
    ...(options.noAnswerMs === undefined ? {} : { noAnswerMs: options.noAnswerMs }),
    change: options.change,
    calls,
    signals: (entry) => options.web.tap?.(entry),
    ring: (to, from, call) => web.signaling.ring(to, from, call),
  });
  parts.gateway = gateway;
  started.push(() => gateway.close());
  return {
    web,
    other,
    domain: DOMAIN,
    otherDomain: OTHER_DOMAIN,
    mediaAddress: ownAddress() ?? HOST,
    ca,
    addClient: (name) => accounts.addPhone(name),
    counts() {
      const { pid } = other;
      return { ...gateway.counts, pids: pid === undefined ? {} : { xmpp: pid } };
    },
  };
}

/** A page calls: somebody of the web server's, or an XMPP address elsewhere. */
function called(
  { leg, from, to, server }: WebCallIn,
  gateway: JingleGateway | undefined,
  { noAnswerMs, change }: JingleOptions,
): void {
  const own = to.endsWith(`@${DOMAIN}`) ? to.slice(0, -DOMAIN.length - 1) : to;
  if (own.includes('@')) return gateway!.called({ leg, from, to });
  const callee = own === from ? undefined : server.ring(own, from, leg.traceCall);
  if (callee === undefined)
    return leg.send({ type: 'end', reason: { code: 'not-found', text: `there is no ${own} here` } });
  joinLegs({ caller: leg, callee, ...(noAnswerMs !== undefined ? { noAnswerMs } : {}), change: change() });
}
