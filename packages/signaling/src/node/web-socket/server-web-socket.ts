import type { Duplex } from 'node:stream';
import { encodeControlFrame } from './control-frame.ts';
import { type FrameTaker, gatherFrames, handOverFrames, sendTextFrame } from './frame-gathering.ts';
import { FrameReader } from './frame-reader.ts';

/** Bytes that may wait in a socket for who does not read; then it is cut off. */
const MAX_WAITING = 4 * 1024 * 1024;
/** How long the other side may take to answer a close. */
const CLOSE_MS = 5000;
const CLOSE = 8;
const PONG = 10;

export interface WebSocketEvents {
  /** `ascii`: the text is known to be all ASCII. */
  text(text: string, ascii: boolean): void;
  /** Once, when the connection is gone. */
  closed(): void;
}

/**
 * The server's end of a WebSocket (RFC 6455) behind its handshake: text messages without extensions. It takes the mask
 * off and looks for ASCII in one pass, and sends what one read brought in one piece; that is what it is there for, beside
 * a library that does neither.
 */
export class ServerWebSocket implements FrameTaker {
  readonly #socket: Duplex;
  readonly #events: WebSocketEvents;
  #closing = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param maxPayload of a message, in bytes */
  constructor(socket: Duplex, maxPayload: number, events: WebSocketEvents) {
    this.#socket = socket;
    this.#events = events;
    const reader = new FrameReader(maxPayload, {
      text: (text, ascii) => {
        if (!this.#closing) events.text(text, ascii);
      },
      ping: (payload) => this.#control(PONG, payload),
      close: (code) => {
        this.close(code);
        this.#socket.end();
      },
      fault: (status, words) => {
        this.close(status, words);
        this.#socket.end();
      },
    });
    socket.on('data', (chunk: Buffer) => gatherFrames(() => reader.push(chunk)));
    socket.on('end', () => socket.end());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#closing = true;
      clearTimeout(this.#timer);
      this.#events.closed();
    });
  }

  /** Sends a message: a line and, where there is one, a body behind a line feed. Nothing once it is closing. */
  send(line: string, body?: string): void {
    if (!this.#closing) sendTextFrame(this, line, body);
  }

  takeFrames(frames: Buffer): boolean {
    this.#write(frames);
    return this.#socket.writableLength === 0;
  }

  #control(opcode: number, payload: Uint8Array): void {
    handOverFrames();
    this.#write(encodeControlFrame(opcode, payload));
  }

  #write(frames: Buffer): void {
    if (this.#socket.writableLength > MAX_WAITING) this.terminate();
    else if (this.#socket.writable) this.#socket.write(frames);
  }

  /** Starts the closing handshake (RFC 6455 section 7.1.2). @param reason at most 123 bytes of UTF-8 */
  close(status?: number, reason = ''): void {
    if (this.#closing) return;
    this.#closing = true;
    const payload = Buffer.alloc(status === undefined ? 0 : 2 + Buffer.byteLength(reason));
    if (status !== undefined) {
      payload.writeUInt16BE(status, 0);
      payload.write(reason, 2);
    }
    this.#control(CLOSE, payload);
    this.#timer = setTimeout(() => this.terminate(), CLOSE_MS);
    this.#timer.unref();
  }

  /** Cuts the connection. */
  terminate(): void {
    this.#closing = true;
    this.#socket.destroy();
  }
}
