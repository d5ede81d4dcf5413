import { spawnSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, Socket } from 'node:net';
import { freePort } from '../sip-phone/free-port.ts';
import { parseSippEvents, type SippEvent } from './sipp-event.ts';

const AGAIN_MS = 25;
/** SIPp ends each of its commands with it. */
const END = '\u001b';
/** After an event SIPp may have something to send before it waits for an order. */
const STEP_MS = 15;

/** What SIPp is told. */
export interface SippOrder {
  readonly target?: string;
  readonly sdp?: string;
}

/**
 * The wire between the driver and one SIPp: its extended third-party call control, which waits for commands in the
 * middle of a scenario. Each side connects to the other.
 */
export class SippControl {
  readonly args: readonly string[];
  readonly #server: Server;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  /** Calls that wait for an order, and orders that wait for a call. */
  readonly #ready = new Set<string>();
  /** Calls that do something before they wait for an order. */
  readonly #stepping = new Map<string, NodeJS.Timeout>();
  readonly #queue = new Map<string, string[]>();
  #toSipp: Socket | undefined;

  private constructor(server: Server, port: number, file: string) {
    this.#server = server;
    this.#port = port;
    this.args = ['-master', 'phone', '-slave_cfg', file, '-trace_logs', '-log_file', `${file}.events`];
  }

  /** To be opened before SIPp starts. `file` is written. */
  static async open(file: string, heard: (event: SippEvent) => void): Promise<SippControl> {
    const server = createServer();
    const own = await new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        if (typeof address === 'object' && address !== null) resolve(address.port);
      });
    });
    const port = await freePort('127.0.0.1');
    await writeFile(file, `phone;127.0.0.1:${port}\ndriver;127.0.0.1:${own}\n`);
    const control = new SippControl(server, port, file);
    server.on('connection', (socket) => control.#keep(socket));
    control.#listen(`${file}.events`, heard);
    return control;
  }

  /** Connects to SIPp, again and again until it listens. @throws Error where it is `over`, or does not in time */
  async connect(over: () => string | undefined, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const socket = connect(this.#port, '127.0.0.1');
      const connected = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.on('error', () => resolve(false));
      });
      if (connected) {
        this.#toSipp = socket;
        this.#sockets.add(socket);
        for (const callId of this.#queue.keys()) this.#flush(callId);
        return;
      }
      const why = over() ?? (Date.now() > deadline ? 'SIPp does not listen' : undefined);
      if (why !== undefined) throw new Error(why);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  order(callId: string, what: string, { target, sdp }: SippOrder = {}): void {
    const lines = [`Call-ID: ${callId}`, 'From: driver', `Do: ${what}`];
    if (target !== undefined) lines.push(`Target: ${target}`);
    if (sdp !== undefined) lines.push(`SDP:\r\n${sdp.trimEnd()}END`);
    const queue = this.#queue.get(callId) ?? [];
    this.#queue.set(callId, [...queue, `${lines.join('\r\n')}\r\n\r\n${END}`]);
    this.#flush(callId);
  }

  #flush(callId: string): void {
    const [first, ...rest] = this.#queue.get(callId) ?? [];
    if (first === undefined || this.#toSipp === undefined || !this.#ready.delete(callId)) return;
    this.#queue.set(callId, rest);
    this.#toSipp.write(first);
  }

  #step(callId: string): void {
    this.#ready.delete(callId);
    clearTimeout(this.#stepping.get(callId));
    const done = setTimeout(() => {
      this.#stepping.delete(callId);
      this.#ready.add(callId);
      this.#flush(callId);
    }, STEP_MS);
    this.#stepping.set(callId, done);
  }

  close(): void {
    for (const done of this.#stepping.values()) clearTimeout(done);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  /** SIPp has nothing to say here: it writes into the pipe of `#listen`. */
  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.resume();
  }

  #listen(path: string, heard: (event: SippEvent) => void): void {
    const made = spawnSync('mkfifo', [path], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`no pipe to hear SIPp by: ${made.stderr ?? made.error?.message}`);
    const pipe = new Socket({ fd: openSync(path, constants.O_RDWR | constants.O_NONBLOCK), writable: false });
    this.#sockets.add(pipe);
    let rest = '';
    pipe.on('error', () => {});
    pipe.on('data', (chunk: Buffer) => {
      const read = parseSippEvents(rest + chunk.toString('utf8'));
      rest = read.rest;
      for (const event of read.events) {
        this.#step(event.callId);
        heard(event);
      }
    });
  }
}
