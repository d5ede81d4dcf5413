import type { Socket } from 'node:net';
import {
  checkServerIdentity,
  connect as connectTls,
  createServer as createTlsServer,
  TLSSocket,
} from 'node:tls';
import { NS } from '../namespaces.ts';
import { TokenBucket } from '../stream/token-bucket.ts';
import type { StreamHeader, Wire, WireHandler } from '../stream/wire.ts';
import { fromStream, redact, writeInStream, writeStreamHeader } from '../stream/write-on-wire.ts';
import type { XmlElement } from '../xml/element.ts';
import type { XmlLimits } from '../xml/limits.ts';
import { XmlError } from '../xml/xml-error.ts';
import { type XmlEvent, XmlStream } from '../xml/xml-stream.ts';
import { contextOptions } from './tls-identity.ts';
import { isLoopback, type WireOptions, writeRemote } from './wire-options.ts';

/** A far side that does not end the connection after the stream has so long, in milliseconds. */
const LINGER_MS = 2000;
const NOBODY: WireHandler = {
  opened: () => {},
  received: () => {},
  closed: () => {},
  failed: () => {},
  secured: () => {},
  ended: () => {},
};

/** A stream on TCP, with TLS once it was started (RFC 6120 sections 4 and 5). */
export class TcpWire implements Wire {
  readonly carrier = 'tcp';
  readonly remote: string;
  readonly loopback: boolean;
  readonly #options: WireOptions;
  readonly #bucket: TokenBucket;
  #handler: WireHandler = NOBODY;
  #socket: Socket;
  #stream: XmlStream;
  #limits: XmlLimits;
  #decoder = new TextDecoder('utf-8', { fatal: true });
  #content: string = NS.client;
  #secure = false;
  #handshake = false;
  #opened = false;
  #ended = false;
  #closing = false;
  #error: Error | undefined;

  constructor(socket: Socket, options: WireOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#limits = options.xml;
    this.#stream = new XmlStream(options.xml);
    this.remote = writeRemote(socket.remoteAddress, socket.remotePort);
    this.loopback = isLoopback(socket.remoteAddress);
    const { unitsPerSecond, unitsBurst } = options.limits;
    this.#bucket = new TokenBucket(unitsPerSecond, unitsBurst, options.clock.now());
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    this.#listen(socket);
  }

  /** Who hears what comes; set before the loop turns. */
  set handler(handler: WireHandler) {
    this.#handler = handler;
  }

  get secure(): boolean {
    return this.#secure;
  }

  open(header: StreamHeader): void {
    this.#opened = true;
    this.#write(writeStreamHeader(header));
  }

  send(element: XmlElement): void {
    this.#write(writeInStream(element));
  }

  restart(limits: XmlLimits): void {
    this.#limits = limits;
    this.#stream = new XmlStream(limits);
    this.#decoder = new TextDecoder('utf-8', { fatal: true });
  }

  widen(limits: XmlLimits): void {
    this.#limits = limits;
    this.#stream.limits = limits;
  }

  startTls(): void {
    const { tls, connectedTo, service } = this.#options;
    const plain = this.#socket;
    plain.removeAllListeners('data');
    // What came in clear after the request must not count as said under TLS (RFC 6120 section 5.3.1).
    this.restart(this.#limits);
    this.#opened = false;
    this.#handshake = true;
    const context = { ...(tls === undefined ? {} : contextOptions(tls)), rejectUnauthorized: false };
    if (connectedTo !== undefined) {
      const socket = connectTls({ ...context, socket: plain, servername: connectedTo }, () =>
        this.#secured(socket),
      );
      socket.on('error', (error) => {
        this.#error ??= error;
      });
      return;
    }
    // Only the sockets of a server say whether the certificate of the far side is trusted.
    const server = createTlsServer({ ...context, requestCert: service === 'server' }, (socket) =>
      this.#secured(socket),
    );
    server.on('tlsClientError', (error) => {
      this.#error ??= error;
      plain.destroy();
    });
    server.emit('connection', plain);
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    if (this.#opened) this.#write('</stream:stream>');
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
  }

  destroy(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  certified(domain: string): boolean {
    const socket = this.#socket;
    if (!(socket instanceof TLSSocket) || !socket.authorized) return false;
    return checkServerIdentity(domain, socket.getPeerCertificate()) === undefined;
  }

  #secured(socket: TLSSocket): void {
    this.#socket = socket;
    this.#secure = true;
    this.#handshake = false;
    this.#listen(socket);
    this.#handler.secured();
  }

  #listen(socket: Socket): void {
    socket.on('data', (bytes) => this.#receive(bytes, socket));
    socket.on('error', (error) => {
      this.#error ??= error;
    });
    // A half-closed connection carries no stream: the far side's end is the end.
    socket.on('end', () => this.close());
    socket.on('close', () => this.#end());
  }

  #receive(bytes: Buffer, socket: Socket): void {
    if (socket !== this.#socket || this.#ended) return;
    const wait = this.#bucket.take(bytes.length, this.#options.clock.now());
    if (wait > 0) {
      socket.pause();
      setTimeout(() => socket.resume(), wait).unref();
    }
    let text: string;
    try {
      text = this.#decoder.decode(bytes, { stream: true });
    } catch {
      const place = { line: 1, column: 1, offset: 0 };
      this.#handler.failed(new XmlError('encoding', place, 'RFC 6120 section 11.6', 'not UTF-8'));
      return;
    }
    const stream = this.#stream;
    for (const event of stream.push(text)) {
      this.#take(event);
      // A new stream begins with what comes after: nothing of this one goes on.
      if (this.#stream !== stream || this.#ended) break;
    }
  }

  #take(event: XmlEvent): void {
    switch (event.kind) {
      case 'open': {
        const { name, attrs } = event.element;
        this.#content = event.content;
        this.#tap('in', `<stream:stream ${JSON.stringify(attrs)}>`);
        const { to, from, id, version } = attrs;
        const content = name === 'stream' && attrs.xmlns === NS.stream ? event.content : '';
        this.#handler.opened({ to, from, id, version, content });
        break;
      }
      case 'element':
        this.#tap('in', event.raw);
        this.#handler.received(fromStream(event.element, this.#content));
        break;
      case 'close':
        this.#handler.closed();
        break;
      case 'error':
        this.#handler.failed(event.error);
        break;
    }
  }

  #write(text: string): void {
    if (this.#handshake || this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#socket.writableLength > this.#options.limits.backlogBytes) {
      this.#error ??= new Error('too much waits to be written');
      this.#socket.destroy();
      return;
    }
    this.#tap('out', text);
    this.#socket.write(text);
  }

  #tap(direction: 'in' | 'out', text: string): void {
    const { tap, clock, service } = this.#options;
    if (tap === undefined) return;
    const { carrier, secure, remote } = this;
    tap({ at: clock.now(), direction, service, carrier, secure, remote, text: redact(text) });
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#handler.ended(this.#error);
  }
}
