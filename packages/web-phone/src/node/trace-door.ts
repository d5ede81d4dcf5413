import type { ServerResponse } from 'node:http';
import type { TraceEntry } from '@crosspoint/signaling';
import type { SignalingServer } from '@crosspoint/signaling/node';
import type { FastifyInstance } from 'fastify';

/** Entries kept for who opens the ladder in the middle of a call. */
const KEPT = 500;

/**
 * `GET /trace`: what the server saw on the wire, as server-sent events, to a page of a running session (same header as
 * the event stream), and only of the calls that this session takes part in: both legs of them.
 */
export function openTraceDoor(
  app: FastifyInstance,
  signaling: () => SignalingServer,
): { add(entry: TraceEntry): void; close(): void } {
  const kept: TraceEntry[] = [];
  const readers = new Map<ServerResponse, { user: string; calls: Set<string> }>();

  const give = (
    response: ServerResponse,
    reader: { user: string; calls: Set<string> },
    entry: TraceEntry,
  ): void => {
    if (entry.call === undefined || !reader.calls.has(entry.call)) return;
    response.write(`data: ${JSON.stringify(entry)}\n\n`);
    if (response.writableLength > 4 * 1024 * 1024) response.destroy();
  };

  app.get('/trace', (request, reply) => {
    const bearer = /^Bearer ([^.\s]{1,64})\.(\S{1,128})$/.exec(request.headers.authorization ?? '');
    const session = bearer === null ? undefined : signaling().authenticated(bearer[1]!, bearer[2]!);
    if (session === undefined) return void reply.code(401).send();
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    // Firefox shows a response to its page only once there is something of its body.
    response.write(': open\n\n');
    const reader = { user: session.user, calls: session.traceCalls };
    readers.set(response, reader);
    for (const entry of kept) give(response, reader, entry);
    response.on('error', () => {});
    response.on('close', () => readers.delete(response));
  });

  return {
    add(entry) {
      kept.push(entry);
      if (kept.length > KEPT) kept.splice(0, KEPT / 4);
      for (const [response, reader] of readers) give(response, reader, entry);
    },
    close() {
      for (const response of readers.keys()) response.end();
    },
  };
}
