import { type Cursor, cursorOver } from './cursor.ts';
import { type Params, parseParams } from './params.ts';
import { afterSpace, digitsEnd, numberIn, standsAt, tokenEnd } from './scan.ts';
import { sourceOf } from './source.ts';
import { wordAt } from './words.ts';

const CLAUSE = 'RFC 3261 section 20.42';
const SIP_2_0 = sourceOf('SIP/2.0/').codes;

/** One hop a request has taken (RFC 3261 section 20.42). */
export class Via {
  /** `SIP`. */
  readonly protocol: string;
  /** `2.0`. */
  readonly version: string;
  /** `UDP`, `TCP`, `TLS`, `WS`, `WSS`, `SCTP`, `TLS-SCTP` or another, as written. */
  readonly transport: string;
  /** IPv6 with its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;

  constructor(
    protocol: string,
    version: string,
    transport: string,
    host: string,
    port: number | undefined,
    params: Params,
  ) {
    this.protocol = protocol;
    this.version = version;
    this.transport = transport;
    this.host = host;
    this.port = port;
    this.params = params;
  }

  get branch(): string | undefined {
    return this.params.get('branch');
  }

  get received(): string | undefined {
    return this.params.get('received');
  }

  /** RFC 3581: '' when it is asked for, a port when it was filled in. */
  get rport(): string | undefined {
    return this.params.get('rport');
  }
}

/** Reads one value of a Via header. Throws SipSyntaxError. */
export function parseVia(text: string): Via {
  const cursor = cursorOver(text);
  const via = readVia(cursor);
  if (cursor.skipSpace() !== -1) cursor.fail('via-malformed', CLAUSE, 'text behind the Via');
  return via;
}

export function readVia(cursor: Cursor): Via {
  const { text, codes, end } = cursor;
  let at = afterSpace(codes, cursor.at, end);
  let protocol = 'SIP';
  let version = '2.0';
  // What nearly every Via begins with is not made anew.
  if (standsAt(codes, at, SIP_2_0)) at += SIP_2_0.length;
  else {
    const slash = partEnd(cursor, at);
    protocol = text.slice(at, slash);
    at = afterSlash(cursor, slash);
    const second = partEnd(cursor, at);
    version = text.slice(at, second);
    at = afterSlash(cursor, second);
  }
  const transportEnd = partEnd(cursor, at);
  const transport = wordAt(cursor.source, at, transportEnd);
  const from = afterSpace(codes, transportEnd, end);
  if (from === transportEnd)
    cursor.failAt(from, 'via-malformed', CLAUSE, 'no space between transport and host');
  const hostEnd = from < end && codes[from] === 91 ? referenceEnd(cursor, from) : tokenEnd(codes, from, end);
  if (hostEnd === from) cursor.failAt(from, 'via-malformed', CLAUSE, 'the Via names no host');
  const host = text.slice(from, hostEnd);
  at = afterSpace(codes, hostEnd, end);
  let port: number | undefined;
  if (at < end && codes[at] === 58) {
    const digits = afterSpace(codes, at + 1, end);
    at = digitsEnd(codes, digits, end);
    port = numberIn(codes, digits, at);
    if (port < 0 || port > 65_535) cursor.failAt(at, 'via-malformed', CLAUSE, 'the Via has no such port');
  }
  cursor.at = at;
  return new Via(protocol, version, transport, host, port, parseParams(cursor, CLAUSE));
}

function partEnd(cursor: Cursor, from: number): number {
  const at = tokenEnd(cursor.codes, from, cursor.end);
  if (at === from) {
    cursor.failAt(at, 'via-malformed', CLAUSE, 'a Via begins with protocol/version/transport');
  }
  return at;
}

function afterSlash(cursor: Cursor, from: number): number {
  const at = afterSpace(cursor.codes, from, cursor.end);
  if (at >= cursor.end || cursor.codes[at] !== 47) {
    cursor.failAt(at, 'via-malformed', CLAUSE, 'a Via begins with protocol/version/transport');
  }
  return afterSpace(cursor.codes, at + 1, cursor.end);
}

// Behind an IPv6 reference.
function referenceEnd(cursor: Cursor, from: number): number {
  const close = cursor.text.indexOf(']', from);
  if (close < 0 || close >= cursor.end) {
    cursor.failAt(from, 'via-malformed', CLAUSE, 'an IPv6 reference does not end');
  }
  return close + 1;
}

/** A Via value as text. */
export function writeVia(via: Via): string {
  const port = via.port === undefined ? '' : `:${via.port}`;
  return `${via.protocol}/${via.version}/${via.transport} ${via.host}${port}${via.params}`;
}
