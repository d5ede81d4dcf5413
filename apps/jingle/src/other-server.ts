import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StanzaCalls, stanzaTrace } from '@crosspoint/jingle/node';
import {
  startEjabberd,
  startProsody,
  type XmppServerOptions,
  type XmppServerPeer,
} from '@crosspoint/peers/node';
import type { Tap } from '@crosspoint/signaling';
import type { Identity } from '@crosspoint/web-phone/node';
import { XmppServer } from '@crosspoint/xmpp/node';

export const OTHER_SERVERS = ['embedded', 'prosody', 'ejabberd'] as const;
export type OtherServerName = (typeof OTHER_SERVERS)[number];

/** The server of the Jingle clients: where they log in. */
export interface OtherServer {
  readonly id: OtherServerName;
  /** For clients over TCP: `127.0.0.1:5222`. */
  readonly tcp: string;
  /** For clients over WebSocket (RFC 7395): `ws://127.0.0.1:5280/xmpp-websocket`. */
  readonly ws: string;
  /** Its process, where it has one of its own. */
  readonly pid: number | undefined;
  /** Lets a client of this name log in with this password. */
  addUser(name: string, password: string): Promise<void>;
  /** Whether a client is logged in; undefined where the server does not tell. */
  isPresent(name: string): boolean | undefined;
  stop(): Promise<void>;
}

export interface OtherServerPlace {
  readonly domain: string;
  readonly identity: Identity;
  /** The authority of both servers' certificates, in PEM. */
  readonly ca: string;
  /** Where it listens for our server; known before it starts, since our server is told first. */
  readonly serverPort: number;
  /** Our own server, as it reaches it. */
  readonly ours: { readonly domain: string; readonly port: number };
  readonly tap: Tap;
  readonly calls: StanzaCalls;
}

export const HOST = '127.0.0.1';

/** Starts the other server. @throws PeerError where a real one is not there, or does not start */
export async function startOther(name: OtherServerName, place: OtherServerPlace): Promise<OtherServer> {
  switch (name) {
    case 'embedded':
      return startEmbedded(place);
    case 'prosody':
      return startReal(name, place, startProsody);
    case 'ejabberd':
      return startReal(name, place, startEjabberd);
  }
}

async function startEmbedded(place: OtherServerPlace): Promise<OtherServer> {
  const { domain, identity, ca, ours, serverPort, tap, calls } = place;
  const server = new XmppServer({
    domain,
    tls: { ...identity, ca },
    resolve: (other) => (other === ours.domain ? { host: HOST, port: ours.port } : undefined),
    tap: stanzaTrace({ node: 'xmpp', neighbour: 'server', calls, tap, now: Date.now }),
  });
  await server.listen({ service: 'server', host: HOST, port: serverPort });
  const tcp = await server.listen({ service: 'client', host: HOST, port: 0 });
  const ws = await server.listen({ service: 'websocket', host: HOST, port: 0 });
  return {
    id: 'embedded',
    tcp: `${HOST}:${tcp.port}`,
    ws: `ws://${HOST}:${ws.port}/xmpp-websocket`,
    pid: undefined,
    async addUser(name, password) {
      server.addUser(name, password);
    },
    isPresent: (name) => server.isPresent(name),
    stop: () => server.close(),
  };
}

async function startReal(
  id: 'prosody' | 'ejabberd',
  { domain, identity, ca, ours, serverPort }: OtherServerPlace,
  start: (options: XmppServerOptions) => Promise<XmppServerPeer>,
): Promise<OtherServer> {
  const folder = await mkdtemp(join(tmpdir(), 'crosspoint-xmpp-'));
  const clear = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const running = await start({
      folder,
      address: HOST,
      domain,
      tls: { ...identity, ca },
      servers: { [ours.domain]: { host: HOST, port: ours.port } },
      serverPort,
    });
    return {
      id,
      tcp: `${HOST}:${running.ports.client}`,
      ws: running.wsUrl,
      pid: running.pid,
      addUser: (name, password) => running.addUser(name, password),
      isPresent: () => undefined,
      async stop() {
        await running.stop();
        await clear();
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}
