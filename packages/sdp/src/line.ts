import type { AttributeName, AttributeValues } from './attributes/grammar.ts';

/** `o=` (RFC 8866 section 5.2). Identifiers stay text: they may exceed 2^53. */
export interface Origin {
  readonly username: string;
  readonly sessionId: string;
  readonly sessionVersion: string;
  readonly netType: string;
  readonly addressType: string;
  readonly address: string;
}

/** `c=` (RFC 8866 section 5.7); the address keeps a TTL or count behind its slash. */
export interface Connection {
  readonly netType: string;
  readonly addressType: string;
  readonly address: string;
}

/** `b=` (RFC 8866 section 5.8). */
export interface Bandwidth {
  readonly type: string;
  /** kbit/s, for TIAS bit/s. */
  readonly value: number;
}

/** `t=` (RFC 8866 section 5.9), seconds since 1900. */
export interface Timing {
  readonly start: number;
  readonly stop: number;
}

/** `m=` (RFC 8866 section 5.14). */
export interface MediaLine {
  /** `audio`, `video`, `application` ... */
  readonly media: string;
  /** 0 means rejected or disabled. */
  readonly port: number;
  /** Number of ports, where the line says so (`49170/2`). */
  readonly ports: number | undefined;
  readonly protocol: string;
  readonly formats: readonly string[];
}

/** An attribute that is not in the grammar; `text` is undefined without a colon. */
export interface UnknownAttribute {
  readonly name: string;
  readonly text: string | undefined;
}

/** A known line whose value violates its grammar. It stays in place; lint reports it. */
export interface MalformedLine {
  /** Attribute name, or the letter for another line. */
  readonly name: string;
  readonly text: string | undefined;
  readonly clause: string;
}

/** Value of each kind of line that is not an attribute of the grammar. */
export interface LineValues {
  readonly v: number;
  readonly o: Origin;
  readonly s: string;
  readonly i: string;
  readonly u: string;
  readonly e: string;
  readonly p: string;
  readonly c: Connection;
  readonly b: Bandwidth;
  readonly t: Timing;
  readonly r: string;
  readonly z: string;
  readonly k: string;
  readonly m: MediaLine;
  readonly attribute: UnknownAttribute;
  readonly malformed: MalformedLine;
  /** A letter RFC 8866 does not know. */
  readonly unknown: string;
  /** An empty line at the end of the description. */
  readonly blank: undefined;
}

type KindOf<Values> = {
  [K in keyof Values]: { readonly kind: K; readonly value: Values[K]; readonly raw: string };
}[keyof Values];

/** A line of the grammar's attributes. */
export type AttributeLine = KindOf<{ [K in AttributeName]: AttributeValues[K] }>;

/** One line: what it is, what it says, and its exact text with its ending. */
export type Line = KindOf<LineValues> | AttributeLine;

export type LineKind = Line['kind'];

/** The line ending in raw: CRLF, LF or none. */
export function endingOf(raw: string): string {
  const { length } = raw;
  if (length === 0 || raw.charCodeAt(length - 1) !== 10) return '';
  return length > 1 && raw.charCodeAt(length - 2) === 13 ? '\r\n' : '\n';
}

/** raw without its line ending. */
export function contentOf(raw: string): string {
  return raw.slice(0, raw.length - endingOf(raw).length);
}
