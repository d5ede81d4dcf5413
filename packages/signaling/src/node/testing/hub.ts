import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
// A test of the whole: calls are joined by the real one. The package itself must not know the gateway.
import { type Finding, joinCall } from '../../../../gateway/src/index.ts';
import type { IceServer } from '../../protocol.ts';
import type { TraceEntry } from '../../trace.ts';
import { openHttpDoor } from '../http-door.ts';
import type { ServerLimits } from '../limits.ts';
import { SignalingServer } from '../signaling-server.ts';
import { openWsDoor } from '../ws-door.ts';

/** A signaling server on loopback, both doors open, its calls joined. */
export interface Hub {
  readonly port: number;
  readonly ws: string;
  readonly http: string;
  readonly signaling: SignalingServer;
  readonly trace: TraceEntry[];
  readonly findings: Finding[];
  close(): Promise<void>;
}

export interface HubOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly iceServers?: readonly IceServer[];
  readonly origins?: readonly string[];
}

export async function startHub(options: HubOptions = {}): Promise<Hub> {
  const trace: TraceEntry[] = [];
  const findings: Finding[] = [];
  const signaling: SignalingServer = new SignalingServer({
    ...(options.limits ? { limits: options.limits } : {}),
    iceServers: () => options.iceServers ?? [],
    tap: (entry) => trace.push(entry),
    onCall: ({ leg, from, to }) => {
      const callee = signaling.ring(to, from, leg.traceCall);
      if (callee === undefined) return leg.send({ type: 'end', reason: { code: 'not-found' } });
      const call = joinCall({
        caller: leg,
        callee,
        timers: {
          start: (ms, fn) => setTimeout(fn, ms),
          stop: (handle) => clearTimeout(handle as NodeJS.Timeout),
        },
        onOver: () => {},
        onFinding: (finding) => findings.push(finding),
      });
      leg.whenLost(() => call.lost('caller'));
      callee.whenLost(() => call.lost('callee'));
    },
  });
  const app = fastify({ forceCloseConnections: true });
  const door = options.origins === undefined ? {} : { origins: options.origins };
  openHttpDoor(app, signaling, door);
  const ws = openWsDoor(app.server, signaling, door);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    port,
    ws: `ws://127.0.0.1:${port}/signal/ws`,
    http: `http://127.0.0.1:${port}/signal`,
    signaling,
    trace,
    findings,
    async close() {
      signaling.close();
      ws.close();
      await app.close();
    },
  };
}
