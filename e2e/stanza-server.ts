import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { PeerCommands } from '@crosspoint/peers';
import { XmppServer, type XmppTap } from '@crosspoint/xmpp/node';

const APP = fileURLToPath(new URL('../apps/jingle', import.meta.url));
const VITE = fileURLToPath(new URL('../node_modules/.bin/vite', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** Builds the page that is a Jingle client, so that the suite never judges a stale one. */
export async function buildStanzaPage(): Promise<void> {
  const child = spawn(VITE, ['build', '--logLevel', 'error'], {
    cwd: APP,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`vite build ended with ${status}`);
}

/** An XMPP server with a WebSocket, and a web server that has the page under `/stanza/` and nothing else. */
export interface StanzaServer {
  readonly url: string;
  readonly xmpp: XmppServer;
  /** What `open-jingle` asks of a page here. */
  account(user: string, pattern: number): PeerCommands['open-jingle'];
  close(): Promise<void>;
}

export async function startStanzaServer(domain: string, tap?: XmppTap): Promise<StanzaServer> {
  const xmpp = new XmppServer({ domain, ...(tap === undefined ? {} : { tap }) });
  const { port } = await xmpp.listen({ service: 'websocket', host: '127.0.0.1', port: 0 });
  const server = `ws://127.0.0.1:${port}/xmpp`;
  const accountOf = (user: string): object => {
    const password = `secret-${user}`;
    xmpp.addUser(user, password);
    return { server, domain, user, password, iceServers: [] };
  };
  const web = createServer((request, response) => {
    answer(request, accountOf).then(
      ([type, body]) => response.writeHead(200, { 'content-type': type }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/`;
  return {
    url,
    xmpp,
    account: (user, pattern) => ({
      ...(accountOf(user) as Pick<PeerCommands['open-jingle'], 'server' | 'domain' | 'user' | 'password'>),
      ...{ transport: 'ws', mediaAddress: '127.0.0.1', pattern, audioCodecs: [], videoCodecs: [] },
      ...{ audio: true, video: false, data: false, trickle: true, direct: true, url },
    }),
    async close() {
      web.closeAllConnections();
      web.close();
      await xmpp.close();
    },
  };
}

async function answer(
  request: IncomingMessage,
  accountOf: (user: string) => object,
): Promise<[string, string | Buffer]> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'POST' && pathname === '/stanza/account') {
    const { name } = JSON.parse(await text(request)) as { name: string };
    return ['application/json', JSON.stringify(accountOf(name))];
  }
  const file = pathname === '/stanza/' ? 'index.html' : join('assets', basename(pathname));
  return [TYPES[extname(file)] ?? 'application/octet-stream', await readFile(join(APP, 'dist', file))];
}
