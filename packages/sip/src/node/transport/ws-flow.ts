import type { WebSocket } from 'ws';
import { type ConnectionOwner, nextFlowId } from './connection-owner.ts';
import { type Flow, type SipAddress, writeAddress } from './flow.ts';

/** SIP over one WebSocket (RFC 7118): each WebSocket message is one SIP message, text or binary. */
export class WsFlow implements Flow {
  readonly id = nextFlowId();
  readonly reliable = true;
  readonly transport: 'ws' | 'wss';
  readonly remote: SipAddress;
  /** Pages have no certificates. */
  readonly certifiedNames: readonly string[] = [];
  readonly #socket: WebSocket;
  readonly #owner: ConnectionOwner;
  #local: SipAddress;
  #waiting: { bytes: Uint8Array; failed: ((error: Error) => void) | undefined }[] = [];
  #closed = false;
  #error: Error | undefined;

  constructor(
    socket: WebSocket,
    transport: 'ws' | 'wss',
    local: SipAddress,
    remote: SipAddress,
    owner: ConnectionOwner,
  ) {
    this.#socket = socket;
    this.transport = transport;
    this.#local = local;
    this.remote = remote;
    this.#owner = owner;
    socket.binaryType = 'nodebuffer';
    socket.on('open', () => {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const { bytes, failed } of waiting) this.send(bytes, failed);
    });
    socket.on('message', (data) => this.#receive(data as Buffer));
    socket.on('pong', () => owner.alive(this));
    socket.on('ping', () => owner.alive(this));
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', () => this.#end());
  }

  get local(): SipAddress {
    return this.#local;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The local address is known only once a connection that we opened is up. */
  located(local: SipAddress): void {
    this.#local = local;
  }

  send(bytes: Uint8Array, failed?: (error: Error) => void): void {
    if (this.#closed || this.#socket.readyState > 1) {
      failed?.(this.#error ?? new Error(`the connection to ${writeAddress(this.remote)} is closed`));
      return;
    }
    if (this.#socket.readyState === 0) {
      this.#waiting.push({ bytes, failed });
      return;
    }
    if (this.#socket.bufferedAmount > this.#owner.limits.backlogBytes) {
      failed?.(new Error('too much waits to be written'));
      this.#socket.terminate();
      return;
    }
    this.#owner.sent(bytes, this);
    // A text frame must be UTF-8; a body of any other bytes goes in a binary one (RFC 7118 section 4.2).
    const binary = !isUtf8(bytes);
    this.#socket.send(bytes, { binary }, (error) => {
      if (error !== undefined && error !== null) failed?.(error);
    });
  }

  ping(): void {
    if (this.#socket.readyState === 1) this.#socket.ping();
  }

  close(): void {
    if (this.#socket.readyState === 1) this.#socket.close(1000);
    else this.#socket.terminate();
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #receive(data: Buffer): void {
    this.#owner.alive(this);
    // CRLF keep-alives travel as messages of their own (RFC 7118 section 6 leaves pings to WebSocket; some send both).
    if (data.length <= 4 && data.every((byte) => byte === 13 || byte === 10)) {
      if (data.length === 4) this.#socket.send(new Uint8Array([13, 10]), { binary: false });
      return;
    }
    this.#owner.received(data, this);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { failed } of this.#waiting) failed?.(this.#error ?? new Error('the connection was closed'));
    this.#waiting = [];
    this.#owner.closed(this, this.#error);
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function isUtf8(bytes: Uint8Array): boolean {
  try {
    UTF8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
