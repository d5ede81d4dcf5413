import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { turnRestCredentials } from '@crosspoint/ice';
import type { IceServer, Tap } from '@crosspoint/signaling';
import {
  openHttpDoor,
  openWsDoor,
  type PlacedCall,
  type ServerLimits,
  SignalingServer,
} from '@crosspoint/signaling/node';
import fastifyStatic from '@fastify/static';
import { type FastifyInstance, fastify } from 'fastify';
import { type MaySee, openTraceDoor } from './trace-door.ts';

/** A TURN server that takes credentials by the REST convention. */
export interface TurnAccess {
  /** `turn:10.9.1.1:3478?transport=udp` */
  readonly urls: readonly string[];
  /** The secret shared with the TURN server; pages only get what is made from it. */
  readonly secret: string;
}

export interface WebServerOptions {
  /** Which figure the page draws. */
  readonly topology: string;
  /** What this server is called in the trace; `server` without it. */
  readonly node?: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Where the built page is. */
  readonly page: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly turn?: TurnAccess;
  readonly stun?: readonly string[];
  readonly limits?: Partial<ServerLimits>;
  readonly tap?: Tap;
  /** Other pages, by the path that they are served under: `/sip-ws/`. */
  readonly pages?: readonly { readonly path: string; readonly folder: string }[];
  /** Other servers that pages may connect to, as sources of the content security policy: `ws://127.0.0.1:5066`. */
  readonly connectTo?: () => readonly string[];
  /** Opens further doors, before the server listens. */
  readonly extend?: (app: FastifyInstance) => void;
  /** A user of a page came, or is gone. Must not throw. */
  readonly onUser?: (name: string, isHere: boolean) => void;
  /** A page calls: whoever wires the topology joins the leg to another, or ends it with a reason. */
  readonly onCall: (call: WebCallIn) => void;
}

/** A call that a page places. */
export interface WebCallIn extends PlacedCall {
  readonly server: SignalingServer;
}

/** A web server that runs. */
export interface WebServer {
  readonly url: string;
  readonly port: number;
  readonly signaling: SignalingServer;
  /** Whatever else a node of the topology saw goes into the same trace, and to the pages that take part. */
  readonly tap: Tap;
  /** Shows an entry that another node traced to the pages of its call. */
  readonly show: Tap;
  /** What a page of this user is given for ICE: STUN servers, and TURN servers with credentials of its own. */
  iceServers(user: string): IceServer[];
  close(): Promise<void>;
}

const TURN_CREDENTIAL_SECONDS = 3600;

/**
 * A web server of any topology: serves the page, opens both doors of the web protocol, and hands over each call.
 * @throws Error with `code` `EADDRINUSE` where the port is busy, or where the page is not built
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const pages = [{ path: '/', folder: options.page }, ...(options.pages ?? [])];
  for (const { folder } of pages)
    if (!existsSync(join(folder, 'index.html')))
      throw new Error(`the page is not built: ${folder} is missing`);
  const app: FastifyInstance = fastify({
    ...(options.tls ? { https: options.tls } : {}),
    bodyLimit: 1024 * 1024,
    // Long-lived event streams must not keep a server from closing.
    forceCloseConnections: true,
  } as object) as unknown as FastifyInstance;
  secureHeaders(app, options.connectTo);
  const traces = openTraceDoor(app, '/trace', (authorization) => readerOf(authorization, signaling));
  const tap: Tap = (entry) => {
    options.tap?.(entry);
    traces.add(entry);
  };
  const signaling = new SignalingServer({
    ...(options.limits ? { limits: options.limits } : {}),
    tap,
    iceServers: (user) => iceServersFor(user, options),
    ...(options.node !== undefined ? { node: options.node } : {}),
    ...(options.onUser !== undefined ? { onUser: options.onUser } : {}),
    onCall: (call) => options.onCall({ ...call, server: signaling }),
  });
  openHttpDoor(app, signaling);
  for (const { path, folder } of pages) {
    const html = readFileSync(join(folder, 'index.html'), 'utf8').replace(
      'data-topology="triangle"',
      `data-topology="${options.topology}"`,
    );
    app.get(path, (_request, reply) => reply.type('text/html; charset=utf-8').send(html));
    await app.register(fastifyStatic, {
      root: folder,
      prefix: path,
      index: false,
      decorateReply: path === '/',
    });
  }
  options.extend?.(app);
  const ws = openWsDoor(app.server, signaling);
  await app.listen({ host: options.host, port: options.port });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `${options.tls ? 'https' : 'http'}://${options.host === '0.0.0.0' ? 'localhost' : options.host}:${port}`,
    port,
    signaling,
    tap,
    show: (entry) => traces.add(entry),
    iceServers: (user) => iceServersFor(user, options),
    async close() {
      signaling.close();
      ws.close();
      traces.close();
      await app.close();
    },
  };
}

/** A page of a running session sees the calls that it takes part in: both legs of them. */
function readerOf(authorization: string, signaling: SignalingServer): MaySee | undefined {
  const bearer = /^Bearer ([^.\s]{1,64})\.(\S{1,128})$/.exec(authorization);
  const session = bearer === null ? undefined : signaling.authenticated(bearer[1]!, bearer[2]!);
  if (session === undefined) return undefined;
  const { traceCalls } = session;
  return ({ call }) => call !== undefined && traceCalls.has(call);
}

function iceServersFor(user: string, options: WebServerOptions): IceServer[] {
  const servers: IceServer[] = [];
  if (options.stun !== undefined && options.stun.length > 0) servers.push({ urls: [...options.stun] });
  if (options.turn !== undefined) {
    const { username, password } = turnRestCredentials({
      user,
      secret: options.turn.secret,
      ttlSeconds: TURN_CREDENTIAL_SECONDS,
      nowSeconds: Math.floor(Date.now() / 1000),
    });
    servers.push({ urls: [...options.turn.urls], username, credential: password });
  }
  return servers;
}

/** A page that handles cameras and calls takes scripts, frames and connections from its own server only, and from who is named. */
function secureHeaders(app: FastifyInstance, connectTo: (() => readonly string[]) | undefined): void {
  app.addHook('onSend', async (_request, reply) => {
    const others = (connectTo?.() ?? []).map((each) => ` ${each}`).join('');
    reply.header(
      'content-security-policy',
      `default-src 'self'; script-src 'self' blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; connect-src 'self'${others}; frame-ancestors 'none'; base-uri 'none'`,
    );
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
  });
}
