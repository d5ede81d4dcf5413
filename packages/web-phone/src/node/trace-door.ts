import type { ServerResponse } from 'node:http';
import type { TraceEntry } from '@crosspoint/signaling';
import type { FastifyInstance } from 'fastify';

/** Entries kept for who opens the ladder in the middle of a call. */
const KEPT = 500;

/** Whether a reader may see an entry. */
export type MaySee = (entry: TraceEntry) => boolean;

export interface TraceDoor {
  add(entry: TraceEntry): void;
  close(): void;
}

/**
 * What was seen on the wire, as server-sent events, to a page that proves who it is, and only of the calls that it takes
 * part in. `readerOf` judges the `Authorization` header: what its reader may see, or `undefined` for a stranger.
 */
export function openTraceDoor(
  app: FastifyInstance,
  path: string,
  readerOf: (authorization: string) => MaySee | undefined,
): TraceDoor {
  const kept: TraceEntry[] = [];
  const readers = new Map<ServerResponse, MaySee>();

  const give = (response: ServerResponse, maySee: MaySee, entry: TraceEntry): void => {
    if (!maySee(entry)) return;
    response.write(`data: ${JSON.stringify(entry)}\n\n`);
    if (response.writableLength > 4 * 1024 * 1024) response.destroy();
  };

  app.get(path, (request, reply) => {
    const maySee = readerOf(request.headers.authorization ?? '');
    if (maySee === undefined) return void reply.code(401).send();
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    // Firefox shows a response to its page only once there is something of its body.
    response.write(': open\n\n');
    readers.set(response, maySee);
    for (const entry of kept) give(response, maySee, entry);
    response.on('error', () => {});
    response.on('close', () => readers.delete(response));
  });

  return {
    add(entry) {
      kept.push(entry);
      if (kept.length > KEPT) kept.splice(0, KEPT / 4);
      for (const [response, maySee] of readers) give(response, maySee, entry);
    },
    close() {
      for (const response of readers.keys()) response.end();
    },
  };
}
