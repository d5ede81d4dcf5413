import { runSipp, type SippResult, type SippRun } from '@crosspoint/peers/node';
import { answer, order, spawn } from './bench-process.ts';
import type { ServerState } from './sip-calls-server.ts';

const AGAIN_MS = 250;

/** How SIP goes: on both sides of the server the same way. */
export interface LoadManner {
  readonly transport: 'udp' | 'tcp';
  /** Of the server, in milliseconds; the standard's where it is left out. */
  readonly t1?: number;
}

/** SIPp's own callee, and a server of ours before it. */
export interface ServerWithCallee {
  /** Where calls for `service` go: `127.0.0.1:5060`. */
  readonly server: string;
  readonly transport: LoadManner['transport'];
  /** What the server says of itself; `collect`: after its garbage is gone. */
  state(collect?: boolean): Promise<ServerState>;
  /** Ends both; what the callee counted. */
  stop(): Promise<SippResult>;
}

/** Starts SIPp's callee, unmodified; `folder` keeps its log. */
export function startCallee(
  folder: string,
  name: string,
  transport: LoadManner['transport'],
): Promise<SippRun> {
  return runSipp({ folder, name: `${name}-uas`, scenario: 'uas', address: '127.0.0.1', transport });
}

/** Starts a server of ours, in a process of its own, before SIPp's callee. */
export async function startServer(
  folder: string,
  mode: 'proxy' | 'gateway',
  { transport, t1 }: LoadManner,
): Promise<ServerWithCallee> {
  const callee = await startCallee(folder, mode, transport);
  const more = t1 === undefined ? [] : [String(t1)];
  const child = spawn('sip-calls-server.ts', [mode, transport, `127.0.0.1:${callee.port}`, ...more]);
  const { port } = await answer<{ port: number }>(child).catch(async (error: unknown) => {
    await callee.stop();
    throw error;
  });
  return {
    server: `127.0.0.1:${port}`,
    transport,
    state: (collect = false) => order<ServerState>(child, { collect }),
    async stop() {
      child.kill();
      return callee.stop();
    },
  };
}

/** SIPp's caller, unmodified: so many calls, at most `limit` at once, as fast as they go. */
export async function placeCalls(
  folder: string,
  name: string,
  { server, transport }: Pick<ServerWithCallee, 'server' | 'transport'>,
  calls: number,
  limit: number,
): Promise<SippResult> {
  const caller = await runSipp({
    ...{ folder, name, scenario: 'uac', address: '127.0.0.1', remote: server, transport },
    ...{ calls, limit, callsPerSecond: 2000, timeoutSeconds: 300 },
  });
  return caller.result;
}

/** Waits until the server holds nothing any more: transactions live on for 64*T1. @throws Error after `patienceMs` */
export async function untilIdle(
  { state }: Pick<ServerWithCallee, 'state'>,
  patienceMs: number,
): Promise<ServerState> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const now = await state(true);
    if (now.held === 0) return now;
    if (Date.now() > deadline) throw new Error(`it still holds ${now.held} transactions, dialogs and calls`);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
