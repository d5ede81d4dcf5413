import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** RFC 6455 section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** The answer to an opening handshake (RFC 6455 section 4.2), whole; `accepted` says whether it opens a WebSocket. */
export function answerHandshake(request: IncomingMessage): { accepted: boolean; response: string } {
  const key = request.headers['sec-websocket-key'];
  if (request.method !== 'GET') return refuseUpgrade('405 Method Not Allowed', ['Allow: GET']);
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return refuseUpgrade('400 Bad Request');
  if (key === undefined || !KEY.test(key)) return refuseUpgrade('400 Bad Request');
  if (request.headers['sec-websocket-version'] !== '13')
    return refuseUpgrade('426 Upgrade Required', ['Sec-WebSocket-Version: 13']);
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
  ];
  return { accepted: true, response: `${lines.join('\r\n')}\r\n\r\n` };
}

/** A refusal of an upgrade, whole. */
export function refuseUpgrade(
  status: string,
  headers: readonly string[] = [],
): { accepted: false; response: string } {
  const lines = [`HTTP/1.1 ${status}`, 'Connection: close', 'Content-Length: 0', ...headers];
  return { accepted: false, response: `${lines.join('\r\n')}\r\n\r\n` };
}
