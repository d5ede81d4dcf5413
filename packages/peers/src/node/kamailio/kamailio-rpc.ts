import { createSocket } from 'node:dgram';
import { PeerError } from '../../peer-error.ts';

/** Asks a running Kamailio by JSON-RPC 2.0 in UDP datagrams (its module `jsonrpcs`). */
export async function askKamailio(
  address: string,
  port: number,
  method: string,
  params: readonly (string | number)[] = [],
  timeoutMs = 3000,
): Promise<unknown> {
  const socket = createSocket('udp4');
  try {
    return await new Promise<unknown>((resolve, reject) => {
      const failed = (words: string): void =>
        reject(new PeerError('failed', 'kamailio', `${method}: ${words}`));
      const timer = setTimeout(() => failed(`no answer within ${timeoutMs} ms`), timeoutMs);
      socket.on('error', (error) => failed(error.message));
      socket.on('message', (bytes) => {
        clearTimeout(timer);
        try {
          const reply = JSON.parse(bytes.toString('utf8')) as {
            result?: unknown;
            error?: { message?: string };
          };
          if (reply.error === undefined) resolve(reply.result);
          else failed(reply.error.message ?? 'refused');
        } catch {
          failed('the answer is not JSON');
        }
      });
      socket.send(JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 }), port, address);
    });
  } finally {
    socket.close();
  }
}
