import type { RawData, WebSocket } from 'ws';
import { NS } from '../namespaces.ts';
import { TokenBucket } from '../stream/token-bucket.ts';
import type { StreamHeader, Wire, WireHandler } from '../stream/wire.ts';
import { fromStream, redact, writeInFrame } from '../stream/write-on-wire.ts';
import { type XmlElement, xml } from '../xml/element.ts';
import type { XmlLimits } from '../xml/limits.ts';
import { parseElement } from '../xml/parse-element.ts';
import { XmlError } from '../xml/xml-error.ts';
import type { WireOptions } from './wire-options.ts';

const LINGER_MS = 2000;

export interface WebSocketPlace {
  readonly remote: string;
  readonly loopback: boolean;
  /** The WebSocket came through TLS. */
  readonly secure: boolean;
}

/** A stream on a WebSocket (RFC 7395): each message is one element. */
export class WebSocketWire implements Wire {
  readonly carrier = 'websocket';
  readonly remote: string;
  readonly loopback: boolean;
  readonly secure: boolean;
  readonly #socket: WebSocket;
  readonly #options: WireOptions;
  readonly #bucket: TokenBucket;
  #handler: WireHandler | undefined;
  #limits: XmlLimits;
  #closing = false;
  #error: Error | undefined;

  constructor(socket: WebSocket, place: WebSocketPlace, options: WireOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#limits = options.xml;
    this.remote = place.remote;
    this.loopback = place.loopback;
    this.secure = place.secure;
    const { unitsPerSecond, unitsBurst } = options.limits;
    this.#bucket = new TokenBucket(unitsPerSecond, unitsBurst, options.clock.now());
    socket.on('message', (data, binary) => this.#receive(data, binary));
    socket.on('error', (error) => {
      this.#error ??= error;
    });
    socket.on('close', () => this.#handler?.ended(this.#error));
  }

  set handler(handler: WireHandler) {
    this.#handler = handler;
  }

  open({ from, to, id, version }: StreamHeader): void {
    this.#write(xml('open', { xmlns: NS.framing, from, to, id, version, 'xml:lang': 'en' }));
  }

  send(element: XmlElement): void {
    this.#write(element);
  }

  restart(limits: XmlLimits): void {
    this.#limits = limits;
  }

  widen(limits: XmlLimits): void {
    this.#limits = limits;
  }

  /** TLS is below a WebSocket, never on it (RFC 7395 section 3.9). */
  startTls(): void {
    this.destroy();
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#write(xml('close', { xmlns: NS.framing }));
    this.#socket.close(1000);
    setTimeout(() => this.#socket.terminate(), LINGER_MS).unref();
  }

  destroy(): void {
    this.#closing = true;
    this.#socket.terminate();
  }

  certified(): boolean {
    return false;
  }

  #receive(data: RawData, binary: boolean): void {
    const handler = this.#handler;
    if (handler === undefined || this.#closing) return;
    const bytes = data as Buffer;
    const wait = this.#bucket.take(bytes.length, this.#options.clock.now());
    if (wait > 0) {
      this.#socket.pause();
      setTimeout(() => this.#socket.resume(), wait).unref();
    }
    const text = bytes.toString('utf8');
    // Some clients keep the connection alive with white space, which RFC 7395 section 3.8 leaves to pings.
    if (!binary && text.trim() === '') return;
    let element: XmlElement;
    try {
      if (binary) throw new XmlError('encoding', START, 'RFC 7395 section 3.2', 'a binary message');
      element = parseElement(text, this.#limits);
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      handler.failed(error);
      return;
    }
    this.#tap('in', text);
    const { name, attrs } = element;
    if (attrs.xmlns !== NS.framing) handler.received(fromStream(element, NS.client));
    else if (name === 'close') handler.closed();
    else if (name === 'open') {
      const { to, from, id, version } = attrs;
      handler.opened({ to, from, id, version, content: NS.client });
    }
  }

  #write(element: XmlElement): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > this.#options.limits.backlogBytes) {
      this.#error ??= new Error('too much waits to be written');
      this.#socket.terminate();
      return;
    }
    const text = writeInFrame(element);
    this.#tap('out', text);
    this.#socket.send(text);
  }

  #tap(direction: 'in' | 'out', text: string): void {
    const { tap, clock, service } = this.#options;
    if (tap === undefined) return;
    const { carrier, secure, remote } = this;
    tap({ at: clock.now(), direction, service, carrier, secure, remote, text: redact(text) });
  }
}

const START = { line: 1, column: 1, offset: 0 };
