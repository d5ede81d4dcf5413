import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_MESSAGE_LENGTH } from '../protocol.ts';
import type { Connection } from './connection.ts';
import { originAllowed } from './origin.ts';
import type { SignalingServer } from './signaling-server.ts';

/** Bytes that may wait in a socket for a page that does not read; then it is cut off. */
const MAX_WAITING = 4 * 1024 * 1024;
const FATAL_UTF8 = new TextDecoder('utf-8', { fatal: true });

export interface WsDoorOptions {
  readonly path?: string;
  readonly origins?: readonly string[];
}

/** Opens the WebSocket door (RFC 6455) of a signaling server on an HTTP server. Other upgrades are refused. */
export function openWsDoor(
  http: Server,
  signaling: SignalingServer,
  options: WsDoorOptions = {},
): { close(): void } {
  const path = options.path ?? '/signal/ws';
  // Valid UTF-8 is checked where the text is decoded, once, and not a second time by the library.
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_LENGTH * 3,
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (request.url?.split('?')[0] !== path) return refuse(socket, '404 Not Found');
    if (!originAllowed(request.headers.origin, request.headers.host, options.origins)) {
      return refuse(socket, '403 Forbidden');
    }
    server.handleUpgrade(request, socket, head, (webSocket) => serve(webSocket, request, signaling));
  };
  http.on('upgrade', upgrade);
  return {
    close() {
      http.off('upgrade', upgrade);
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function serve(webSocket: WebSocket, request: IncomingMessage, signaling: SignalingServer): void {
  const connection: Connection = {
    protocol: 'ws',
    remote: request.socket.remoteAddress ?? '',
    send(text) {
      if (webSocket.readyState !== webSocket.OPEN) return;
      if (webSocket.bufferedAmount > MAX_WAITING) webSocket.terminate();
      else webSocket.send(text);
    },
    // 4000-4999 are for applications (RFC 6455 section 7.4.2); the reason says which fault it was.
    close: (code) => (code === undefined ? webSocket.close(1000) : webSocket.close(4000, code)),
  };
  const door = signaling.connect(connection);
  if (door === undefined) {
    webSocket.close(1013, 'too-many');
    return;
  }
  webSocket.on('message', (data: Buffer, binary) => {
    let text: string;
    try {
      if (binary) throw new TypeError('binary');
      text = decodeText(data);
    } catch {
      webSocket.close(1007, 'text, in UTF-8');
      return;
    }
    door.receive(text);
  });
  webSocket.on('close', () => door.closed());
  webSocket.on('error', () => webSocket.terminate());
}

/** @throws TypeError where the bytes are no UTF-8 */
function decodeText(data: Buffer): string {
  const text = data.toString('latin1');
  // Signaling is ASCII nearly always, and then Latin-1 is right and cheap; anything else is decoded with care.
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 127) return FATAL_UTF8.decode(data);
  return text;
}
