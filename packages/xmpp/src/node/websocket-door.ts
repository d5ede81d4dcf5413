import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface WebSocketDoor {
  readonly local: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

/** A web server that has nothing but WebSockets with the subprotocol `xmpp` (RFC 7395 section 3.1). */
export async function openWebSocketDoor(
  host: string,
  port: number,
  maxPayload: number,
  accept: (socket: WebSocket, request: IncomingMessage) => void,
): Promise<WebSocketDoor> {
  const http = createServer((_request, response) => {
    response.writeHead(426).end();
  });
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload,
    perMessageDeflate: false,
    handleProtocols: () => 'xmpp',
  });
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
    if (!offered.includes('xmpp')) {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => accept(webSocket, request));
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
  http.on('error', () => {});
  const local = http.address() as AddressInfo;
  return {
    local: { host: local.address, port: local.port },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
