import { connect, type Socket } from 'node:net';
import type { ServerConnector } from '../federation/federation.ts';
import type { Wire, WireHandler } from '../stream/wire.ts';

/** Where the server of a domain is; `undefined`: nobody knows. In place of DNS, which a lab has not. */
export type ServerResolver = (domain: string) => ServerPlace | undefined | Promise<ServerPlace | undefined>;

export interface ServerPlace {
  readonly host: string;
  readonly port: number;
}

/** Connects to other servers over TCP. */
export function connectServers(
  resolve: ServerResolver,
  timeoutMs: number,
  taken: (socket: Socket, domain: string, handlerOf: (wire: Wire) => WireHandler) => void,
): ServerConnector {
  return (domain, handlerOf, failed) => {
    void place(resolve, domain).then((found) => {
      if (found === undefined) {
        failed(`nobody knows where ${domain} is`, false);
        return;
      }
      const socket = connect({ host: found.host, port: found.port });
      const refused = (error: Error): void => failed(`${domain}: ${error.message}`, true);
      const late = setTimeout(
        () => socket.destroy(new Error(`no connection within ${timeoutMs} ms`)),
        timeoutMs,
      );
      late.unref();
      socket.once('error', refused);
      socket.once('connect', () => {
        clearTimeout(late);
        socket.off('error', refused);
        taken(socket, domain, handlerOf);
      });
    });
  };
}

async function place(resolve: ServerResolver, domain: string): Promise<ServerPlace | undefined> {
  try {
    return await resolve(domain);
  } catch {
    return undefined;
  }
}
