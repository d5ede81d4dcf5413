import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createWriteStream, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PeerError } from '../peer-error.ts';
import { findProgram } from './program-path.ts';

const START_MS = 15_000;
const STOP_MS = 3000;
export const COTURN_INSTALL = 'apt-get install coturn';

/** A running TURN server (RFC 8656) that takes credentials by the REST convention. */
export interface TurnServer {
  readonly url: string;
  /** Shared with the web server that makes the credentials. */
  readonly secret: string;
  readonly pid: number;
  /** How it ended, where it did so unasked. */
  readonly ended: string | undefined;
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

/** Where coturn is, or `undefined`. */
export function findCoturn(): string | undefined {
  return process.env.CROSSPOINT_TURNSERVER ?? findProgram(['turnserver']);
}

/**
 * Starts Debian's coturn on this address, on free ports.
 * @throws PeerError where it is not there or does not answer
 */
export async function startCoturn(address: string, folder: string): Promise<TurnServer> {
  const program = findCoturn();
  if (program === undefined) throw new PeerError('failed', 'coturn', 'coturn is not installed');
  const port = await freeUdpPort(address);
  const secret = randomBytes(18).toString('base64url');
  // Its configuration holds the secret and stays out of the evidence.
  const home = await mkdtemp(join(tmpdir(), 'crosspoint-coturn-'));
  const configuration = join(home, 'turnserver.conf');
  writeFileSync(configuration, configurationOf(address, port, secret, home), { mode: 0o600 });
  const child = spawn(program, ['-c', configuration], { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(join(folder, 'coturn.log'), { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  let ended: string | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = signal !== null ? `signal ${signal}` : `status ${code}`;
      log.end();
      void rm(home, { recursive: true, force: true }).catch(() => {});
      resolve();
    });
    child.once('error', (error) => {
      ended = error.message;
      resolve();
    });
  });
  const up = await answersBinding(address, port, () => ended !== undefined);
  if (!up) {
    await stop(child, exited, () => ended !== undefined);
    throw new PeerError(
      'failed',
      'coturn',
      `coturn did not answer on ${address}:${port}${ended === undefined ? '' : ` (${ended})`}`,
    );
  }
  return {
    url: `turn:${address}:${port}?transport=udp`,
    secret,
    pid: child.pid!,
    exited,
    get ended() {
      return ended;
    },
    stop: () => stop(child, exited, () => ended !== undefined),
  };
}

function configurationOf(address: string, port: number, secret: string, home: string): string {
  return [
    `listening-ip=${address}`,
    `relay-ip=${address}`,
    `listening-port=${port}`,
    'min-port=49160',
    'max-port=65000',
    'realm=crosspoint.lab',
    'use-auth-secret',
    `static-auth-secret=${secret}`,
    'fingerprint',
    'no-cli',
    'no-tls',
    'no-dtls',
    'no-multicast-peers',
    'log-file=stdout',
    'simple-log',
    `pidfile=${join(home, 'pid')}`,
    `userdb=${join(home, 'userdb')}`,
    '',
  ].join('\n');
}

async function stop(child: ChildProcess, exited: Promise<void>, over: () => boolean): Promise<void> {
  if (over()) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(late);
}

/** A port that no one has now. Another program may take it before it is used; then the start fails and says so. */
async function freeUdpPort(address: string): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, address, resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** Asks with STUN Binding requests (RFC 8489 section 3) until one is answered. */
async function answersBinding(address: string, port: number, over: () => boolean): Promise<boolean> {
  const socket = createSocket('udp4');
  const request = Buffer.concat([Buffer.from('000100002112a442', 'hex'), randomBytes(12)]);
  try {
    let answered = false;
    socket.on('message', () => {
      answered = true;
    });
    socket.on('error', () => {});
    const deadline = Date.now() + START_MS;
    while (!answered && !over() && Date.now() < deadline) {
      socket.send(request, port, address);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return answered;
  } finally {
    socket.close();
  }
}
