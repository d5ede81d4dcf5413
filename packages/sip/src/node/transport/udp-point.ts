import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Flow, SipAddress } from './flow.ts';

/** One bound UDP socket. */
export class UdpPoint {
  readonly transport = 'udp';
  readonly local: SipAddress;
  readonly #socket: Socket;
  readonly #sent: ((bytes: Uint8Array, flow: Flow) => void) | undefined;
  #closed = false;

  private constructor(socket: Socket, sent: ((bytes: Uint8Array, flow: Flow) => void) | undefined) {
    const { address, port } = socket.address();
    this.local = { host: address, port };
    this.#socket = socket;
    this.#sent = sent;
  }

  /** Binds; rejects with the socket's error where that is not possible. */
  static async bind(
    address: SipAddress,
    received: (bytes: Uint8Array, flow: Flow) => void,
    sent?: (bytes: Uint8Array, flow: Flow) => void,
  ): Promise<UdpPoint> {
    const socket = createSocket({
      type: isIPv6(address.host) ? 'udp6' : 'udp4',
      recvBufferSize: 4 * 1024 * 1024,
      // Only IP addresses come here: the name service's way through the event loop is saved.
      lookup: (host, _options, done) => done(null, host, host.includes(':') ? 6 : 4),
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(address.port, address.host, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    const point = new UdpPoint(socket, sent);
    // An ICMP answer to an earlier datagram comes up here: the transaction's timer decides, not the socket.
    socket.on('error', () => {});
    socket.on('message', (bytes, from) => received(bytes, point.flowTo(from.address, from.port)));
    return point;
  }

  get closed(): boolean {
    return this.#closed;
  }

  flowTo(host: string, port: number): Flow {
    return new UdpFlow(this, { host, port });
  }

  send(bytes: Uint8Array, flow: Flow, failed: ((error: Error) => void) | undefined): void {
    if (this.#closed) {
      failed?.(new Error('the socket is closed'));
      return;
    }
    this.#sent?.(bytes, flow);
    try {
      this.#socket.send(
        bytes,
        flow.remote.port,
        flow.remote.host,
        failed === undefined ? undefined : (error) => (error === null ? undefined : failed(error)),
      );
    } catch (error) {
      failed?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

const NO_NAMES: readonly string[] = [];

class UdpFlow implements Flow {
  readonly id = 0;
  readonly transport = 'udp';
  readonly reliable = false;
  readonly certifiedNames: readonly string[] = NO_NAMES;
  readonly remote: SipAddress;
  readonly #point: UdpPoint;

  constructor(point: UdpPoint, remote: SipAddress) {
    this.#point = point;
    this.remote = remote;
  }

  get local(): SipAddress {
    return this.#point.local;
  }

  get closed(): boolean {
    return this.#point.closed;
  }

  send(bytes: Uint8Array, failed?: (error: Error) => void): void {
    this.#point.send(bytes, this, failed);
  }

  close(): void {
    // A datagram flow has nothing to close.
  }
}
