import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { joinCall } from '@crosspoint/gateway';
import type { TraceEntry } from '@crosspoint/signaling';
import { openWsDoor, SignalingServer } from '@crosspoint/signaling/node';
import { type WebSocket, WebSocketServer } from 'ws';

// One side of the relay benchmark, in a process of its own: `ours`, `tapped` (ours with a trace that keeps the last
// entries, as the triangle's server does) or `bare` (the library, which hands each message to the other of a pair).

const UNLIMITED = 1e9;
const KEPT = 500;

function startBare(): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  const sockets: WebSocket[] = [];
  server.on('connection', (socket) => {
    const partner = (sockets.push(socket) - 1) ^ 1;
    socket.on('message', (data: Buffer, binary) => sockets[partner]!.send(data, { binary }));
  });
  return new Promise((resolve) =>
    server.on('listening', () => resolve((server.address() as AddressInfo).port)),
  );
}

function startOurs(tapped: boolean): Promise<number> {
  const kept: TraceEntry[] = [];
  const tap = (entry: TraceEntry): void => {
    kept.push(entry);
    if (kept.length > KEPT) kept.splice(0, KEPT / 4);
  };
  const signaling: SignalingServer = new SignalingServer({
    // The load is no page: it says in a second what a page says in an hour, and then waits for its turn.
    limits: { messagesPerSecond: UNLIMITED, burst: UNLIMITED, helloSeconds: 600, idleSeconds: 600 },
    ...(tapped ? { tap } : {}),
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
        onFinding: (finding) => process.stderr.write(`finding: ${finding.words}\n`),
      });
      leg.whenLost(() => call.lost('caller'));
      callee.whenLost(() => call.lost('callee'));
    },
  });
  const http = createServer();
  openWsDoor(http, signaling);
  return new Promise((resolve) =>
    http.listen(0, '127.0.0.1', () => resolve((http.address() as AddressInfo).port)),
  );
}

const mode = process.argv[2];
const port = await (mode === 'bare' ? startBare() : startOurs(mode === 'tapped'));
process.on('message', () => process.send!({ cpu: process.cpuUsage() }));
// Nobody would stop this process once its parent is gone.
process.on('disconnect', () => process.exit());
process.send!({ port });
