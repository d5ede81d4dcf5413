import { NS } from '../namespaces.ts';
import type { StreamHeader, Wire, WireHandler } from '../stream/wire.ts';
import { fromStream, writeInStream, writeStreamHeader } from '../stream/write-on-wire.ts';
import type { XmlElement } from '../xml/element.ts';
import { DEFAULT_XML_LIMITS, type XmlLimits } from '../xml/limits.ts';
import { XmlStream } from '../xml/xml-stream.ts';

/** A connection without a network: what is fed comes in, what goes out is read again and must be XML. */
export class MemoryWire implements Wire {
  readonly carrier = 'tcp';
  readonly remote = '127.0.0.1:1';
  readonly loopback = true;
  readonly secure: boolean;
  handler: WireHandler | undefined;
  /** Elements that went out. */
  readonly sent: XmlElement[] = [];
  closed = false;
  /** The identifier in our header. */
  streamId = '';
  #reader: XmlStream;
  #check = new XmlStream(DEFAULT_XML_LIMITS);
  #content = '';
  #limits: XmlLimits;

  constructor(secure: boolean, limits: XmlLimits) {
    this.secure = secure;
    this.#limits = limits;
    this.#reader = new XmlStream(limits);
  }

  feed(text: string): void {
    const reader = this.#reader;
    for (const event of reader.push(text)) {
      if (this.closed) return;
      if (event.kind === 'open') {
        this.#content = event.content;
        const { to, from, id, version } = event.element.attrs;
        const right = event.element.name === 'stream' && event.element.attrs.xmlns === NS.stream;
        this.handler?.opened({ to, from, id, version, content: right ? event.content : '' });
      } else if (event.kind === 'element') this.handler?.received(fromStream(event.element, this.#content));
      else if (event.kind === 'close') this.handler?.closed();
      else this.handler?.failed(event.error);
      if (this.#reader !== reader) return;
    }
  }

  open(header: StreamHeader): void {
    this.streamId = header.id ?? '';
    this.#check = new XmlStream(DEFAULT_XML_LIMITS);
    this.#out(writeStreamHeader(header));
  }

  send(element: XmlElement): void {
    this.sent.push(element);
    this.#out(writeInStream(element));
  }

  restart(limits: XmlLimits): void {
    this.#limits = limits;
    this.#reader = new XmlStream(limits);
  }

  widen(limits: XmlLimits): void {
    this.#limits = limits;
    this.#reader.limits = limits;
  }

  startTls(): void {
    this.restart(this.#limits);
  }

  close(): void {
    this.closed = true;
  }

  destroy(): void {
    this.closed = true;
  }

  certified(domain: string): boolean {
    return domain === 'two.test';
  }

  #out(text: string): void {
    for (const event of this.#check.push(text))
      if (event.kind === 'error')
        throw new Error(`written, and not to be read: ${text}: ${event.error.message}`);
  }
}
