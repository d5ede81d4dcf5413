import { EmitterImpl, type Transport, TransportState } from 'sip.js';
import { WebSocket } from 'ws';
import { usableChallenges } from './usable-challenges.ts';

/** `UserAgentOptions.transportOptions` of this transport. */
export interface WebSocketTransportOptions {
  readonly server: string;
  /** Told of each message, for the log. */
  readonly seen?: (direction: 'sent' | 'received', text: string) => void;
}

const OPEN_TIMEOUT_MS = 5000;
const CLOSE_TIMEOUT_MS = 1000;
const MAX_MESSAGE_BYTES = 1_048_576;

/**
 * SIP over WebSocket (RFC 7118) for SIP.js by the library `ws`: SIP.js's own transport wants a browser's global
 * `WebSocket`, which Node 20 has not.
 */
export class WebSocketTransport implements Transport {
  onConnect: (() => void) | undefined;
  onDisconnect: ((error?: Error) => void) | undefined;
  onMessage: ((message: string) => void) | undefined;
  readonly stateChange = new EmitterImpl<TransportState>();
  readonly #options: WebSocketTransportOptions;
  #state = TransportState.Disconnected;
  #socket: WebSocket | undefined;
  #opening: Promise<void> | undefined;

  /** SIP.js hands in its logger first; what passes here is logged by `seen`. */
  constructor(_logger: unknown, options: WebSocketTransportOptions) {
    this.#options = options;
  }

  /** For `Via` (RFC 7118 section 5.2.1). */
  get protocol(): string {
    return this.#options.server.startsWith('wss:') ? 'WSS' : 'WS';
  }

  get state(): TransportState {
    return this.#state;
  }

  isConnected(): boolean {
    return this.#state === TransportState.Connected;
  }

  connect(): Promise<void> {
    if (this.#state === TransportState.Connected) return Promise.resolve();
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  #open(): Promise<void> {
    this.#change(TransportState.Connecting);
    const socket = new WebSocket(this.#options.server, 'sip', {
      handshakeTimeout: OPEN_TIMEOUT_MS,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    let why = '';
    socket.on('error', (error) => {
      why = error.message;
    });
    socket.on('message', (data) => this.#received(data.toString()));
    return new Promise((resolve, reject) => {
      socket.once('open', () => {
        this.#change(TransportState.Connected);
        this.onConnect?.();
        resolve();
      });
      socket.once('close', (code) => {
        const wasConnected = this.#state === TransportState.Connected;
        const wasAsked = this.#state === TransportState.Disconnecting;
        this.#socket = undefined;
        this.#change(TransportState.Disconnected);
        const error = new Error(why || `the WebSocket was closed with ${code}`);
        if (wasConnected) this.onDisconnect?.(error);
        else if (wasAsked) this.onDisconnect?.();
        reject(error);
      });
    });
  }

  #received(text: string): void {
    // Keep-alive (RFC 5626 section 3.5.1).
    if (text.trim() === '' || !this.isConnected()) return;
    this.#options.seen?.('received', text);
    this.onMessage?.(usableChallenges(text));
  }

  send(message: string): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined || !this.isConnected()) {
      return Promise.reject(new Error('the WebSocket is not open'));
    }
    this.#options.seen?.('sent', message);
    return new Promise((resolve, reject) => {
      socket.send(message, (error) => (error ? reject(error) : resolve()));
    });
  }

  disconnect(): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined) return Promise.resolve();
    this.#change(TransportState.Disconnecting);
    return new Promise((resolve) => {
      const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.close(1000);
    });
  }

  dispose(): Promise<void> {
    return this.disconnect();
  }

  #change(state: TransportState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.stateChange.emit(state);
  }
}
