import { type Cursor, cursorOver } from './cursor.ts';
import { type Params, parseParams } from './params.ts';
import { standsAt, tokenEnd } from './scan.ts';
import { sourceOf } from './source.ts';

const CLAUSE = 'RFC 3261 section 20.42';
const SIP_2_0 = sourceOf('SIP/2.0/').codes;
const UDP = sourceOf('UDP ').codes;

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
  cursor.skipSpace();
  let protocol = 'SIP';
  let version = '2.0';
  // What nearly every Via begins with is not made anew.
  if (standsAt(cursor.codes, cursor.at, SIP_2_0)) cursor.at += SIP_2_0.length;
  else {
    protocol = part(cursor);
    slash(cursor);
    version = part(cursor);
    slash(cursor);
  }
  const transport = standsAt(cursor.codes, cursor.at, UDP) ? udp(cursor) : part(cursor);
  const gap = cursor.at;
  cursor.skipSpace();
  if (gap === cursor.at) cursor.fail('via-malformed', CLAUSE, 'no space between transport and host');
  const host = readHost(cursor);
  let port: number | undefined;
  if (cursor.skipSpace() === 58) {
    cursor.at++;
    cursor.skipSpace();
    port = cursor.number();
    if (port < 0 || port > 65_535) cursor.fail('via-malformed', CLAUSE, 'the Via has no such port');
  }
  return new Via(protocol, version, transport, host, port, parseParams(cursor, CLAUSE));
}

function udp(cursor: Cursor): string {
  cursor.at += 3;
  return 'UDP';
}

function part(cursor: Cursor): string {
  const token = cursor.token();
  if (token === '') cursor.fail('via-malformed', CLAUSE, 'a Via begins with protocol/version/transport');
  return token;
}

function slash(cursor: Cursor): void {
  if (cursor.skipSpace() !== 47)
    cursor.fail('via-malformed', CLAUSE, 'a Via begins with protocol/version/transport');
  cursor.at++;
  cursor.skipSpace();
}

function readHost(cursor: Cursor): string {
  const from = cursor.at;
  if (cursor.code === 91) {
    const close = cursor.text.indexOf(']', from);
    if (close < 0 || close >= cursor.end)
      cursor.fail('via-malformed', CLAUSE, 'an IPv6 reference does not end');
    cursor.at = close + 1;
  } else {
    cursor.at = tokenEnd(cursor.codes, from, cursor.end);
  }
  if (cursor.at === from) cursor.fail('via-malformed', CLAUSE, 'the Via names no host');
  return cursor.text.slice(from, cursor.at);
}

/** A Via value as text. */
export function writeVia(via: Via): string {
  const port = via.port === undefined ? '' : `:${via.port}`;
  return `${via.protocol}/${via.version}/${via.transport} ${via.host}${port}${via.params}`;
}
