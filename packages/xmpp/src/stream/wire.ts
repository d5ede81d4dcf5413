import type { XmlElement } from '../xml/element.ts';
import type { XmlLimits } from '../xml/limits.ts';
import type { XmlError } from '../xml/xml-error.ts';

/** What a stream's header says (RFC 6120 section 4.7), or `<open/>` on a WebSocket (RFC 7395 section 3.4). */
export interface StreamHeader {
  readonly to?: string | undefined;
  readonly from?: string | undefined;
  readonly id?: string | undefined;
  readonly version?: string | undefined;
  /** The namespace of the stanzas: `jabber:client`, `jabber:server`, `jabber:component:accept`. */
  readonly content: string;
}

/** One connection on which streams of elements go both ways, whatever carries it. */
export interface Wire {
  readonly carrier: 'tcp' | 'websocket';
  /** `host:port` of the far side. */
  readonly remote: string;
  /** TLS is on. */
  readonly secure: boolean;
  /** The far side is this machine. */
  readonly loopback: boolean;
  /** Writes our header. */
  open(header: StreamHeader): void;
  /** Writes an element; one without a namespace is a stanza of the stream. */
  send(element: XmlElement): void;
  /** Reads a new header next, on the same connection, under these limits. */
  restart(limits: XmlLimits): void;
  /** Reads what follows under other limits. */
  widen(limits: XmlLimits): void;
  /** Becomes TLS; `secured` tells when it is. */
  startTls(): void;
  /** Ends our stream and, when all is written, the connection. */
  close(): void;
  /** Ends the connection at once. */
  destroy(): void;
  /** Whether the far side's certificate is trusted, in date, and for this domain. */
  certified(domain: string): boolean;
}

/** Who hears what comes from a wire. */
export interface WireHandler {
  opened(header: StreamHeader): void;
  /** An element; stanzas have lost the namespace of the stream. */
  received(element: XmlElement): void;
  /** The far side ended its stream. */
  closed(): void;
  failed(error: XmlError): void;
  secured(): void;
  /** The connection is gone; nothing comes after this. */
  ended(error: Error | undefined): void;
}
