import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { MAX_MESSAGE_LENGTH } from '../protocol.ts';
import type { Connection } from './connection.ts';
import { originAllowed } from './origin.ts';
import type { SignalingServer } from './signaling-server.ts';
import { answerHandshake, refuseUpgrade } from './web-socket/handshake.ts';
import { ServerWebSocket } from './web-socket/server-web-socket.ts';

/** A character of a message is at most three bytes of UTF-8. */
const MAX_PAYLOAD = MAX_MESSAGE_LENGTH * 3;

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
  const open = new Set<ServerWebSocket>();
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const answer = examine(request, path, options.origins);
    if (!answer.accepted) {
      socket.on('error', () => socket.destroy());
      socket.end(answer.response);
      return;
    }
    (socket as Socket).setNoDelay(true);
    (socket as Socket).setTimeout(0);
    if (head.length > 0) socket.unshift(head);
    socket.write(answer.response);
    serve(socket, request, signaling, open);
  };
  http.on('upgrade', upgrade);
  return {
    close() {
      http.off('upgrade', upgrade);
      for (const each of open) each.terminate();
    },
  };
}

function examine(
  request: IncomingMessage,
  path: string,
  origins: readonly string[] | undefined,
): { accepted: boolean; response: string } {
  if (request.url?.split('?')[0] !== path) return refuseUpgrade('404 Not Found');
  if (!originAllowed(request.headers.origin, request.headers.host, origins))
    return refuseUpgrade('403 Forbidden');
  return answerHandshake(request);
}

function serve(
  socket: Duplex,
  request: IncomingMessage,
  signaling: SignalingServer,
  open: Set<ServerWebSocket>,
): void {
  const connection: Connection = {
    protocol: 'ws',
    remote: request.socket.remoteAddress ?? '',
    send: (line, sdp) => webSocket.send(line, sdp),
    // 4000-4999 are for applications (RFC 6455 section 7.4.2); the reason says which fault it was.
    close: (code) => (code === undefined ? webSocket.close(1000) : webSocket.close(4000, code)),
  };
  const webSocket: ServerWebSocket = new ServerWebSocket(socket, MAX_PAYLOAD, {
    text: (text, ascii) => door?.receive(text, ascii),
    closed: () => {
      open.delete(webSocket);
      door?.closed();
    },
  });
  open.add(webSocket);
  const door = signaling.connect(connection);
  if (door === undefined) webSocket.close(1013, 'too-many');
}
