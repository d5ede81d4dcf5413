import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { Latch, type SocketAddress } from '../relay/latch.ts';

/** Seconds after a description in which its address may turn out to be another one. */
const WINDOW_SECONDS = 10;

/**
 * One UDP port of the relay toward a plain side. It sends to whom its latch names. Once that is settled the socket is
 * connected: strangers are then refused by the system, and sending costs a third less.
 */
export class RtpSocket {
  readonly latch = new Latch();
  readonly port: number;
  readonly #socket: Socket;
  #connected: 'no' | 'connecting' | 'yes' = 'no';
  #secondsLeft = 0;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    // An ICMP error (nobody there) is no end of the call: the far side may come back, and its signaling tells.
    socket.on('error', () => {});
  }

  /** Binds one port. Rejects where it is taken. */
  static bind(address: string, port: number): Promise<RtpSocket> {
    const family = isIPv6(address) ? 6 : 4;
    const socket = createSocket({
      type: `udp${family}`,
      // Only addresses come here; the system's look-up would take a turn of the event loop and a thread for each packet.
      lookup: (name, _options, done) => done(null, name, family),
      recvBufferSize: 1 << 19,
    });
    return new Promise((resolve, reject) => {
      socket.once('error', (error) => {
        socket.close();
        reject(error);
      });
      socket.bind(port, address, () => {
        socket.removeAllListeners('error');
        resolve(new RtpSocket(socket));
      });
    });
  }

  /** Packets as they come, whoever sent them. */
  onPacket(take: (packet: Buffer, from: RemoteInfo) => void): void {
    this.#socket.on('message', take);
  }

  /** Whether a packet, whose synchronisation source stands at `source`, is of the far side and not of a stranger. */
  accepts({ address, port }: RemoteInfo, packet: Buffer, source: number): boolean {
    // The system lets nobody else through to a connected socket.
    return this.#connected === 'yes' || this.latch.accept(address, port, packet.readUInt32BE(source));
  }

  /** A description named where to send. */
  signal(target: SocketAddress): void {
    const before = this.latch.target;
    this.latch.signal(target);
    if (this.latch.target === before) return;
    this.#secondsLeft = WINDOW_SECONDS;
    if (this.#connected === 'yes') {
      this.#socket.disconnect();
      this.#connected = 'no';
    }
  }

  send(packet: Uint8Array): void {
    if (this.#connected === 'yes') this.#socket.send(packet);
    else {
      const { target } = this.latch;
      if (target !== undefined && !this.#closed) this.#sendTo(packet, target);
    }
  }

  /** Called each second. */
  tick(): void {
    if (this.#secondsLeft > 0 && --this.#secondsLeft === 0) this.latch.closeWindow();
    const { target, settled } = this.latch;
    if (!settled || this.#connected !== 'no' || target === undefined || this.#closed) return;
    this.#connected = 'connecting';
    this.#socket.connect(target.port, target.address, () => {
      if (this.#closed) return;
      this.#connected = 'yes';
      // It was signalled to go elsewhere meanwhile.
      if (this.latch.target !== target) {
        this.#socket.disconnect();
        this.#connected = 'no';
      }
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connected = 'no';
    this.#socket.close();
  }

  #sendTo(packet: Uint8Array, { address, port }: SocketAddress): void {
    try {
      this.#socket.send(packet, port, address);
    } catch {
      // A port that cannot be, or the moment in which the socket becomes connected: one packet is lost.
    }
  }
}

const TRIES = 64;

/** An even port for RTP and the next one for RTCP (RFC 3550 section 11). Rejects where no pair is free. */
export async function bindPair(
  address: string,
  ports: { readonly from: number; readonly to: number },
  random: () => number,
): Promise<{ readonly rtp: RtpSocket; readonly rtcp: RtpSocket }> {
  const first = ports.from + (ports.from & 1);
  const pairs = Math.floor((ports.to - first + 1) / 2);
  for (let tried = 0; tried < TRIES; tried++) {
    const port = first + 2 * Math.floor(random() * pairs);
    const [rtp, rtcp] = await Promise.allSettled([
      RtpSocket.bind(address, port),
      RtpSocket.bind(address, port + 1),
    ]);
    if (rtp.status === 'fulfilled' && rtcp.status === 'fulfilled')
      return { rtp: rtp.value, rtcp: rtcp.value };
    if (rtp.status === 'fulfilled') rtp.value.close();
    if (rtcp.status === 'fulfilled') rtcp.value.close();
  }
  throw new Error(`no pair of ports is free at ${address}, ${ports.from}-${ports.to}`);
}
