import type { Socket } from 'node:net';
import { DEFAULT_SIP_LIMITS } from '../../message/limits.ts';
import { SipStream } from '../../message/sip-stream.ts';
import { certifiedNames } from './certified-names.ts';
import { type ConnectionOwner, nextFlowId } from './connection-owner.ts';
import { type Flow, type SipAddress, writeAddress } from './flow.ts';

const PONG = new Uint8Array([13, 10]);
const PING = new Uint8Array([13, 10, 13, 10]);

/** SIP over one TCP or TLS connection, framed by Content-Length (RFC 3261 section 18.3). */
export class StreamFlow implements Flow {
  readonly id = nextFlowId();
  readonly reliable = true;
  readonly transport: 'tcp' | 'tls';
  readonly remote: SipAddress;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #stream: SipStream;
  readonly #failures = new Set<(error: Error) => void>();
  #closed = false;
  #error: Error | undefined;
  #names: readonly string[] | undefined;

  constructor(
    socket: Socket,
    transport: 'tcp' | 'tls',
    remote: SipAddress,
    owner: ConnectionOwner,
    accepted: boolean,
  ) {
    this.#socket = socket;
    this.transport = transport;
    this.remote = remote;
    this.#owner = owner;
    const limits = { ...DEFAULT_SIP_LIMITS, body: owner.limits.messageBytes };
    this.#stream = new SipStream({ pings: accepted ? 'far' : 'near', limits });
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', () => this.#end());
    // Half-closed connections carry no calls: the far side's end is the end.
    socket.on('end', () => socket.end());
  }

  get local(): SipAddress {
    return { host: this.#socket.localAddress ?? '0.0.0.0', port: this.#socket.localPort ?? 0 };
  }

  get certifiedNames(): readonly string[] {
    if (this.#names !== undefined) return this.#names;
    const names = certifiedNames(this.#socket);
    // None may mean that the handshake is not over yet.
    if (names.length > 0) this.#names = names;
    return names;
  }

  get closed(): boolean {
    return this.#closed;
  }

  send(bytes: Uint8Array, failed?: (error: Error) => void): void {
    if (this.#closed || this.#socket.destroyed || this.#socket.writableEnded) {
      failed?.(this.#error ?? new Error(`the connection to ${writeAddress(this.remote)} is closed`));
      return;
    }
    if (this.#socket.writableLength > this.#owner.limits.backlogBytes) {
      failed?.(new Error('too much waits to be written'));
      this.#socket.destroy();
      return;
    }
    this.#owner.sent(bytes, this);
    if (failed === undefined) {
      this.#socket.write(bytes);
      return;
    }
    this.#failures.add(failed);
    this.#socket.write(bytes, (error) => {
      if (!this.#failures.delete(failed)) return;
      if (error !== undefined && error !== null) failed(error);
    });
  }

  /** The keep-alive of RFC 5626 section 3.5.1; the answer comes up as `alive`. */
  ping(): void {
    if (!this.#closed && this.#socket.writable) this.#socket.write(PING);
  }

  close(): void {
    this.#socket.end();
    this.#socket.destroySoon();
  }

  terminate(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#owner.alive(this);
    for (const event of this.#stream.push(bytes)) {
      if (event.kind === 'message') this.#owner.parsed(event.message, this);
      else if (event.kind === 'ping') this.#socket.write(PONG);
      else if (event.kind === 'error') {
        this.#owner.refused(event.error, this);
        // Where one message ends is lost, and with it where the next begins.
        if (event.fatal) this.#socket.destroySoon();
      }
    }
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    const failures = [...this.#failures];
    this.#failures.clear();
    for (const failed of failures) failed(this.#error ?? new Error('the connection was closed'));
    this.#owner.closed(this, this.#error);
  }
}
