import { createSocket, type Socket } from 'node:dgram';
import { Stream } from './happening.ts';

/** A UDP socket of a test that says what it is told to, with what came to it. */
export interface RawPhone {
  readonly socket: Socket;
  readonly port: number;
  readonly heard: Stream<string>;
}

export async function openRawPhone(): Promise<RawPhone> {
  const socket = createSocket('udp4');
  const heard = new Stream<string>();
  socket.on('message', (bytes) => heard.push(bytes.toString()));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { socket, port: socket.address().port, heard };
}

/** A request of bob's; `sentBy` stands in its Via. */
export function rawRequest(
  method: string,
  uri: string,
  sentBy: string,
  more: readonly string[] = [],
): string {
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bK${method};rport`,
    'Max-Forwards: 70',
    'From: <sip:bob@lab.example>;tag=1',
    'To: <sip:bob@lab.example>',
    `Call-ID: ${method}-1`,
    `CSeq: 1 ${method}`,
    ...more,
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}
