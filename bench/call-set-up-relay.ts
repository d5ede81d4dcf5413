import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';

/** The path between pages that is compared with ours. */
export interface BareRelay {
  readonly url: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * Serves the built page and hands each message of a page on to the other one, with nothing done to it but a new number:
 * as little as the page's own code can be joined by. It knows two pages and no more.
 * @param page the folder of the built page
 */
export function startBareRelay(page: string): Promise<BareRelay> {
  const http = createServer((request, response) => {
    const path = normalize((request.url ?? '/').split('?')[0]!);
    if (path === '/trace') {
      // The page listens here; nobody says anything.
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': open\n\n');
      return;
    }
    const file = join(page, path === '/' ? 'index.html' : path);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  const server = new WebSocketServer({ server: http, path: '/signal/ws', perMessageDeflate: false });
  const pages: Wire[] = [];
  server.on('connection', (socket) => {
    const own: Wire = { socket, seq: 0, name: '' };
    pages.push(own);
    socket.on('close', () => pages.splice(pages.indexOf(own), 1));
    socket.on('message', (data) =>
      take(
        own,
        pages.find((each) => each !== own),
        String(data),
      ),
    );
  });
  return new Promise((resolve) => {
    http.listen(0, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
        close: () =>
          new Promise((done) => {
            for (const client of server.clients) client.terminate();
            http.closeAllConnections();
            http.close(() => done());
          }),
      });
    });
  });
}

interface Wire {
  readonly socket: WebSocket;
  seq: number;
  name: string;
}

function take(own: Wire, other: Wire | undefined, text: string): void {
  const lineFeed = text.indexOf('\n');
  const head = JSON.parse(lineFeed < 0 ? text : text.slice(0, lineFeed)) as Record<string, unknown>;
  switch (head.type) {
    case 'hello':
    case 'resume': {
      const secret = 'no-secret-no-secret';
      const session = { session: 's', secret, resumed: false, received: 0, resumeSeconds: 20 };
      own.socket.send(JSON.stringify({ type: 'welcome', version: 1, ...session }));
      return;
    }
    case 'ping':
      own.socket.send('{"type":"pong"}');
      return;
    case 'ack':
    case 'leave':
      return;
    case 'register':
      own.name = String(head.name);
      give(own, { type: 'registered', name: own.name, token: 'no-token-no-token', iceServers: [] }, head);
      return;
  }
  if (other === undefined) return;
  const call = head.type === 'call' ? { type: 'incoming', call: head.call, from: own.name } : head;
  give(other, call, undefined, lineFeed < 0 ? undefined : text.slice(lineFeed + 1));
  // Whoever only talks must still learn that it was heard.
  own.socket.send(JSON.stringify({ type: 'ack', received: head.seq }));
}

function give(
  to: Wire,
  head: Record<string, unknown>,
  answered?: Record<string, unknown>,
  sdp?: string,
): void {
  const { ack: _, ...rest } = head;
  const ack = answered === undefined ? {} : { ack: answered.seq };
  const line = JSON.stringify({ ...rest, seq: ++to.seq, ...ack });
  to.socket.send(sdp === undefined ? line : `${line}\n${sdp}`);
}
