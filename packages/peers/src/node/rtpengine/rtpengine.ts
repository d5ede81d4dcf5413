import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exit } from '../../driver.ts';
import { PeerError } from '../../peer-error.ts';
import { findProgram } from '../program-path.ts';
import { Daemon } from '../sip-phone/daemon.ts';
import { freePort } from '../sip-phone/free-port.ts';

const START_MS = 15_000;
const AGAIN_MS = 50;
export const RTPENGINE_INSTALL = 'apt-get install rtpengine-daemon';

export interface RtpengineOptions {
  /** Where its log is kept. */
  readonly folder: string;
  /** The address on which it relays. */
  readonly mediaAddress: string;
  /** The address on which it takes commands; 127.0.0.1 where it is left out. */
  readonly ngAddress?: string;
  /** The port on which it takes commands; a free one where it is left out. */
  readonly ngPort?: number;
  /** Its media ports, both included. */
  readonly mediaPorts?: readonly [number, number];
  readonly threads?: number;
  /** After so many seconds without a packet it gives a call up. */
  readonly silenceSeconds?: number;
}

/** A running media relay that is told what to do by the NG protocol (bencode over UDP). */
export interface RtpengineServer {
  readonly address: string;
  readonly port: number;
  readonly mediaAddress: string;
  readonly pid: number;
  readonly log: string;
  readonly ended: string | undefined;
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
}

/** Where rtpengine is, or `undefined`. */
export function findRtpengine(): string | undefined {
  return process.env.CROSSPOINT_RTPENGINE ?? findProgram(['rtpengine']);
}

/**
 * Starts Debian's rtpengine in user space and waits until it answers a ping.
 * @throws PeerError where it is not there or does not answer
 */
export async function startRtpengine(options: RtpengineOptions): Promise<RtpengineServer> {
  const program = findRtpengine();
  if (program === undefined) throw new PeerError('failed', 'rtpengine', 'rtpengine is not installed');
  const address = options.ngAddress ?? '127.0.0.1';
  const port = options.ngPort ?? (await freePort(address));
  const [first, last] = options.mediaPorts ?? [30_000, 39_999];
  const home = await mkdtemp(join(tmpdir(), 'crosspoint-rtpengine-'));
  const log = join(options.folder, `rtpengine-${port}.log`);
  const daemon = await Daemon.start({
    label: 'rtpengine',
    program,
    args: [
      '--config-file=none',
      // No table: all packets go through user space, no kernel module is needed.
      '--table=-1',
      '--foreground',
      '--log-stderr',
      '--log-level=6',
      `--interface=${options.mediaAddress}`,
      `--listen-ng=${address}:${port}`,
      `--port-min=${first}`,
      `--port-max=${last}`,
      `--num-threads=${options.threads ?? 2}`,
      '--dtls-signature=sha-256',
      '--delete-delay=0',
      `--timeout=${options.silenceSeconds ?? 30}`,
      `--silent-timeout=${Math.max(60, options.silenceSeconds ?? 0)}`,
    ],
    cwd: home,
    log,
  });
  void daemon.exited.then(() => rm(home, { recursive: true, force: true }));
  const up = await answersPing(address, port, () => daemon.ended !== undefined);
  if (!up) {
    const { ended, lastWords } = daemon;
    await daemon.stop();
    const why = ended === undefined ? `no pong on ${address}:${port}` : `${ended}; ${lastWords ?? ''}`;
    throw new PeerError('failed', 'rtpengine', `rtpengine did not start: ${why}; see ${log}`);
  }
  return {
    address,
    port,
    mediaAddress: options.mediaAddress,
    pid: daemon.pid,
    log,
    exited: daemon.exited,
    get ended() {
      return daemon.ended;
    },
    async stop() {
      await daemon.stop();
    },
  };
}

/** Sends `ping` until `pong` comes back. */
async function answersPing(address: string, port: number, over: () => boolean): Promise<boolean> {
  const socket = createSocket('udp4');
  let answered = false;
  let wake = (): void => {};
  socket.on('error', () => {});
  socket.on('message', (bytes) => {
    answered ||= bytes.includes('6:result4:pong');
    wake();
  });
  try {
    const deadline = Date.now() + START_MS;
    while (!answered && !over() && Date.now() < deadline) {
      socket.send(`${randomBytes(6).toString('hex')} d7:command4:pinge`, port, address);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, AGAIN_MS);
      });
    }
    return answered;
  } finally {
    socket.close();
  }
}
