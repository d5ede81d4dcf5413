import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_MESSAGE_LENGTH, type WebErrorCode } from '../protocol.ts';
import { writeMessage } from '../wire.ts';
import type { Connection } from './connection.ts';
import { originAllowed } from './origin.ts';
import type { Door, SignalingServer } from './signaling-server.ts';
import { decodeUtf8 } from './web-socket/utf8.ts';

/** Messages that wait for an event stream that is not there yet, or not read. */
const MAX_WAITING = 2048;
/** How long a connection lives without its event stream. */
const STREAM_MS = 5000;
const KEEP_ALIVE_MS = 15_000;

export interface HttpDoorOptions {
  readonly path?: string;
  readonly origins?: readonly string[];
}

/**
 * Opens the HTTP door of a signaling server: the same messages as over WebSocket.
 *
 * - `POST path/open`, body `hello` or `resume`: answers with the first message (`welcome` or `error`).
 * - `GET path/events` with `Authorization: Bearer <session>.<secret>`: server-sent events, one message each, as a JSON
 *   string (server-sent events would fold the CRLF of a description).
 * - `POST path/send`, same header, body one message: 204. One at a time: the next after the answer.
 */
export function openHttpDoor(
  app: FastifyInstance,
  signaling: SignalingServer,
  options: HttpDoorOptions = {},
): void {
  const path = options.path ?? '/signal';
  const streams = new Map<string, HttpConnection>();

  const checked = (request: FastifyRequest, reply: FastifyReply): boolean => {
    if (originAllowed(request.headers.origin, request.headers.host, options.origins)) return true;
    void reply.code(403).send();
    return false;
  };
  const found = (request: FastifyRequest, reply: FastifyReply): HttpConnection | undefined => {
    if (!checked(request, reply)) return undefined;
    const bearer = /^Bearer ([^.\s]{1,64})\.(\S{1,128})$/.exec(request.headers.authorization ?? '');
    const connection = bearer === null ? undefined : streams.get(bearer[1]!);
    if (connection === undefined || signaling.authenticated(bearer![1]!, bearer![2]!) === undefined) {
      void reply.code(401).send();
      return undefined;
    }
    return connection;
  };

  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(
    'text/plain',
    { parseAs: 'buffer', bodyLimit: MAX_MESSAGE_LENGTH * 3 },
    (_request, body, done) => {
      const text = decodeUtf8(body as Buffer);
      if (text === undefined)
        done(Object.assign(new Error('text, in UTF-8'), { statusCode: 400 }), undefined);
      else done(null, text);
    },
  );

  app.post(`${path}/open`, (request, reply) => {
    if (!checked(request, reply)) return;
    const connection = new HttpConnection(request.ip);
    const door = signaling.connect(connection);
    if (door === undefined) {
      const text = `at most ${signaling.limits.connections} connections`;
      return void reply
        .code(503)
        .type('text/plain')
        .send(writeMessage({ type: 'error', code: 'too-many', text }));
    }
    connection.door = door;
    door.receive(typeof request.body === 'string' ? request.body : '');
    const first = connection.takeFirst();
    const session = door.session;
    if (session === undefined) {
      connection.drop();
      return void reply.code(400).type('text/plain').send(first);
    }
    streams.get(session.id)?.drop();
    streams.set(session.id, connection);
    connection.whenDropped = () => {
      if (streams.get(session.id) === connection) streams.delete(session.id);
    };
    connection.awaitStream();
    void reply.type('text/plain').send(first);
  });

  app.get(`${path}/events`, (request, reply) => {
    const connection = found(request, reply);
    if (connection === undefined) return;
    reply.hijack();
    connection.stream(reply.raw);
  });

  app.post(`${path}/send`, (request, reply) => {
    const connection = found(request, reply);
    if (connection === undefined) return;
    connection.door?.receive(typeof request.body === 'string' ? request.body : '');
    void reply.code(connection.over ? 410 : 204).send();
  });
}

type RawResponse = FastifyReply['raw'];

/** One event stream, from its opening to its end, with what waits for it. */
class HttpConnection implements Connection {
  readonly protocol = 'http' as const;
  readonly remote: string;
  door: Door | undefined;
  whenDropped: () => void = () => {};
  dropped = false;
  #waiting: string[] = [];
  #response: RawResponse | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(remote: string) {
    this.remote = remote;
  }

  send(line: string, sdp?: string): void {
    if (this.dropped) return;
    const text = sdp === undefined ? line : `${line}\n${sdp}`;
    if (this.#response !== undefined) this.#write(text);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(text);
    else this.drop();
  }

  #write(text: string): void {
    const response = this.#response!;
    response.write(`data: ${JSON.stringify(text)}\n\n`);
    if (response.writableLength > 4 * 1024 * 1024) this.drop();
  }

  close(_code?: WebErrorCode): void {
    this.#closing = true;
    // Behind what was just written; a stream that is not there yet gets its last words first.
    if (this.#response !== undefined || this.#waiting.length === 0) this.drop();
  }

  /** Nothing that is sent here is taken any more. */
  get over(): boolean {
    return this.dropped || this.#closing;
  }

  /** The first message answers the request that opened the connection. */
  takeFirst(): string {
    return this.#waiting.shift() ?? '';
  }

  awaitStream(): void {
    this.#timer = setTimeout(() => this.drop(), STREAM_MS);
  }

  stream(response: RawResponse): void {
    clearTimeout(this.#timer);
    this.#response?.end();
    this.#response = response;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
    });
    // Firefox shows a response to its page only once there is something of its body.
    response.write(': open\n\n');
    for (const text of this.#waiting.splice(0)) this.#write(text);
    if (this.#closing) return this.drop();
    // A dead network is noticed by writing to it.
    const alive = setInterval(() => response.write(': alive\n\n'), KEEP_ALIVE_MS);
    response.on('error', () => {});
    response.on('close', () => {
      clearInterval(alive);
      if (this.#response === response) this.drop();
    });
  }

  drop(): void {
    if (this.dropped) return;
    this.dropped = true;
    clearTimeout(this.#timer);
    this.#response?.end();
    this.whenDropped();
    this.door?.closed();
  }
}
