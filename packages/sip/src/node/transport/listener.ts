import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { WebSocketServer } from 'ws';
import type { ConnectionTable } from './connection-table.ts';
import type { SipAddress } from './flow.ts';
import { type TlsIdentity, tlsOptions } from './tls-identity.ts';
import type { ListenOptions } from './transports.ts';

/** A bound socket that takes connections. */
export interface SipListener {
  readonly local: SipAddress;
  close(): Promise<void>;
}

/** Opens a listener for connections and hands what comes to the table. Rejects with the socket's error. */
export async function openListener(
  options: ListenOptions,
  connections: ConnectionTable,
  tls: TlsIdentity | undefined,
): Promise<SipListener> {
  const server = makeServer(options, connections, tls);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // Errors of an accepted connection come up there; those of the listener must not end the process.
  server.on('error', () => {});
  const { address, port } = server.address() as AddressInfo;
  return {
    local: { host: address, port },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function makeServer(
  options: ListenOptions,
  connections: ConnectionTable,
  tls: TlsIdentity | undefined,
): Server | HttpServer {
  const secure = { ...tlsOptions(tls), rejectUnauthorized: tls?.rejectUnauthorized ?? false };
  switch (options.transport) {
    case 'tcp':
      return createServer({ allowHalfOpen: true }, (socket) => connections.acceptStream(socket, 'tcp'));
    case 'tls': {
      const server = createTlsServer({ ...secure, requestCert: tls?.requestCert === true }, (socket) =>
        connections.acceptStream(socket, 'tls'),
      );
      server.on('tlsClientError', (error, socket) => {
        connections.handshakeFailed(error, socket.remoteAddress, socket.remotePort);
      });
      return server;
    }
    case 'ws':
      return webSocketDoor(createHttpServer(refuse), options, connections);
    case 'wss':
      return webSocketDoor(createHttpsServer(secure, refuse), options, connections);
    case 'udp':
      throw new TypeError('UDP has no listener for connections');
  }
}

function refuse(_request: unknown, response: { writeHead(status: number): { end(): void } }): void {
  response.writeHead(426).end();
}

/** The WebSocket server side of RFC 7118: the subprotocol `sip` or no connection (section 4.1). */
function webSocketDoor(server: HttpServer, options: ListenOptions, connections: ConnectionTable): HttpServer {
  const transport = options.transport === 'wss' ? 'wss' : 'ws';
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: connections.limits.messageBytes,
    perMessageDeflate: false,
    handleProtocols: () => 'sip',
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
    const path = (request.url ?? '/').split('?', 1)[0];
    if (!offered.includes('sip') || (options.path !== undefined && path !== options.path)) {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const { localAddress, localPort, remoteAddress, remotePort } = request.socket;
      connections.acceptWebSocket(
        webSocket,
        transport,
        { host: localAddress ?? '0.0.0.0', port: localPort ?? 0 },
        { host: remoteAddress ?? '0.0.0.0', port: remotePort ?? 0 },
      );
    });
  });
  return server;
}
