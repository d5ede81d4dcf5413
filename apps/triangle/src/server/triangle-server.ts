import { existsSync } from 'node:fs';
import { type Finding, joinCall, type SignalChange } from '@crosspoint/gateway';
import { turnRestCredentials } from '@crosspoint/ice';
import type { EndReason, IceServer, Tap } from '@crosspoint/signaling';
import { openHttpDoor, openWsDoor, type ServerLimits, SignalingServer } from '@crosspoint/signaling/node';
import fastifyStatic from '@fastify/static';
import { type FastifyInstance, fastify } from 'fastify';
import { openTraceDoor } from './trace-door.ts';

/** A TURN server that takes credentials by the REST convention. */
export interface TurnAccess {
  /** `turn:10.9.1.1:3478?transport=udp` */
  readonly urls: readonly string[];
  /** The secret shared with the TURN server; pages only get what is made from it. */
  readonly secret: string;
}

/** A seeded defect: a named change to signals on their way, made anew for each call. */
export interface SeededChange {
  readonly name: string;
  readonly make: () => SignalChange;
}

export interface TriangleOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Where the built page is. */
  readonly page: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly turn?: TurnAccess;
  readonly stun?: readonly string[];
  readonly noAnswerMs?: number;
  readonly limits?: Partial<ServerLimits>;
  readonly tap?: Tap;
  /** Asked for at each call. */
  readonly change?: () => SeededChange | undefined;
  readonly onOver?: (call: string, reason: EndReason) => void;
  readonly onFinding?: (call: string, finding: Finding) => void;
}

export interface TriangleServer {
  readonly url: string;
  readonly port: number;
  readonly signaling: SignalingServer;
  close(): Promise<void>;
}

const TURN_CREDENTIAL_SECONDS = 3600;

/**
 * The triangle's web server: serves the page, opens both doors, and joins each call's two web legs.
 * @throws Error with `code` `EADDRINUSE` where the port is busy, or where the page is not built
 */
export async function startTriangle(options: TriangleOptions): Promise<TriangleServer> {
  if (!existsSync(options.page)) throw new Error(`the page is not built: ${options.page} is missing`);
  const app: FastifyInstance = fastify({
    ...(options.tls ? { https: options.tls } : {}),
    bodyLimit: 1024 * 1024,
    // Long-lived event streams must not keep a server from closing.
    forceCloseConnections: true,
  } as object) as unknown as FastifyInstance;
  secureHeaders(app);
  const traces = openTraceDoor(app, () => signaling);
  const tap: Tap = (entry) => {
    options.tap?.(entry);
    traces.add(entry);
  };
  const signaling = new SignalingServer({
    ...(options.limits ? { limits: options.limits } : {}),
    tap,
    iceServers: (user) => iceServersFor(user, options),
    onCall: ({ leg, from, to }) => {
      const callee = to === from ? undefined : signaling.ring(to, from, leg.traceCall);
      if (callee === undefined) {
        leg.send({ type: 'end', reason: { code: 'not-found', text: `there is no ${to} here` } });
        return;
      }
      const change = options.change?.();
      const call = joinCall({
        caller: leg,
        callee,
        ...(options.noAnswerMs !== undefined ? { noAnswerMs: options.noAnswerMs } : {}),
        ...(change !== undefined ? { change: change.make() } : {}),
        timers: {
          start: (ms, fn) => setTimeout(fn, ms),
          stop: (handle) => clearTimeout(handle as NodeJS.Timeout),
        },
        onOver: (reason) => options.onOver?.(leg.traceCall, reason),
        onFinding: (finding) => options.onFinding?.(leg.traceCall, finding),
      });
      leg.whenLost(() => call.lost('caller'));
      callee.whenLost(() => call.lost('callee'));
    },
  });
  openHttpDoor(app, signaling);
  await app.register(fastifyStatic, { root: options.page });
  const ws = openWsDoor(app.server, signaling);
  await app.listen({ host: options.host, port: options.port });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `${options.tls ? 'https' : 'http'}://${options.host === '0.0.0.0' ? 'localhost' : options.host}:${port}`,
    port,
    signaling,
    async close() {
      signaling.close();
      ws.close();
      traces.close();
      await app.close();
    },
  };
}

function iceServersFor(user: string, options: TriangleOptions): IceServer[] {
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

/** A page that handles cameras and calls takes scripts, frames and connections from its own server only. */
function secureHeaders(app: FastifyInstance): void {
  app.addHook('onSend', async (_request, reply) => {
    reply.header(
      'content-security-policy',
      "default-src 'self'; script-src 'self' blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
  });
}
