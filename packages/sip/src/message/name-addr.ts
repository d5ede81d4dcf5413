import { type Cursor, cursorOver } from './cursor.ts';
import { NO_PARAMS, type Params, parseParams } from './params.ts';
import {
  afterSpace,
  beforeSpace,
  isToken,
  quote,
  quotedEnd,
  runEnd,
  tokenEnd,
  unfold,
  unquote,
} from './scan.ts';

const CLAUSE = 'RFC 3261 section 20.10';
const QUOTE = 34;
const LESS = 60;
const GREATER = 62;
const QUESTION = 63;

// What an address may hold between < and >, and where it stands without them.
const IN_ANGLES = new Uint8Array(256).fill(1, 33);
for (const code of [LESS, GREATER]) IN_ANGLES[code] = 0;
const IN_ADDR_SPEC = new Uint8Array(256).fill(1);
for (const letter of '\t\r\n ",;<>?') IN_ADDR_SPEC[letter.charCodeAt(0)] = 0;

/** A name with an address: From, To, Contact, Route and their like (RFC 3261 section 25.1). */
export class NameAddr {
  /** Without quotes and escapes. */
  readonly displayName: string | undefined;
  /** As written between < and >. */
  readonly uri: string;
  /** The header's parameters, not the URI's. */
  readonly params: Params;

  constructor(displayName: string | undefined, uri: string, params: Params = NO_PARAMS) {
    this.displayName = displayName;
    this.uri = uri;
    this.params = params;
  }

  get tag(): string | undefined {
    return this.params.get('tag');
  }
}

/** Reads one name-addr or addr-spec with its parameters. Throws SipSyntaxError. */
export function parseNameAddr(text: string): NameAddr {
  const cursor = cursorOver(text);
  const value = readNameAddr(cursor);
  if (cursor.skipSpace() !== -1) cursor.fail('address-malformed', CLAUSE, 'text behind the address');
  return value;
}

export function readNameAddr(cursor: Cursor): NameAddr {
  let displayName: string | undefined;
  const first = cursor.skipSpace();
  if (first !== LESS) {
    const { text, codes, at: from, end } = cursor;
    if (first === QUOTE) {
      const stop = quotedEnd(codes, from, end);
      if (stop < 0) cursor.fail('quote-unended', CLAUSE, 'the display name has no closing quote');
      displayName = unquote(unfold(text.slice(from, stop)));
      cursor.at = stop;
      if (cursor.skipSpace() !== LESS)
        cursor.fail('address-malformed', CLAUSE, 'no <address> behind the display name');
    } else {
      const open = wordsEnd(codes, from, end);
      if (open >= end || codes[open] !== LESS) return readAddrSpec(cursor);
      displayName = unfold(text.slice(from, beforeSpace(codes, from, open)));
      cursor.at = open;
    }
  }
  return new NameAddr(displayName, readAngled(cursor), parseParams(cursor, CLAUSE));
}

// What stands between < and >.
function readAngled(cursor: Cursor): string {
  const { text, codes, end } = cursor;
  const open = cursor.at + 1;
  const close = runEnd(codes, open, end, IN_ANGLES);
  if (close >= end) cursor.fail('address-malformed', CLAUSE, 'an address has no closing >');
  if (codes[close] !== GREATER) {
    const clause = 'RFC 3261 section 25.1';
    cursor.failAt(close, 'address-malformed', clause, 'an address holds no space and no <');
  }
  if (close === open) cursor.fail('address-malformed', CLAUSE, 'an address is empty');
  cursor.at = close + 1;
  return text.slice(open, close);
}

// Behind the tokens and spaces of a display name without quotes.
function wordsEnd(codes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (;;) {
    const stop = tokenEnd(codes, at, end);
    const next = afterSpace(codes, stop, end);
    if (next === at) return at;
    at = next;
  }
}

// Without < and > what follows a semicolon belongs to the header, and a comma ends the value (section 20.10).
function readAddrSpec(cursor: Cursor): NameAddr {
  const { text, codes, at: from, end } = cursor;
  const at = runEnd(codes, from, end, IN_ADDR_SPEC);
  if (at < end) {
    const code = codes[at]!;
    if (code === QUOTE || code === LESS || code === GREATER) {
      cursor.failAt(at, 'address-malformed', CLAUSE, 'a display name is a quoted string or tokens');
    }
    if (code === QUESTION) {
      cursor.failAt(at, 'address-malformed', CLAUSE, 'an address with ? stands between < and >');
    }
  }
  const uri = text.slice(from, at);
  if (!uri.includes(':')) cursor.fail('address-malformed', CLAUSE, 'an address is a URI with a scheme');
  cursor.at = at;
  return new NameAddr(undefined, uri, parseParams(cursor, CLAUSE));
}

/** A name-addr with its parameters as text; always with < and >. */
export function writeNameAddr(value: NameAddr): string {
  const { displayName, uri, params } = value;
  if (displayName === undefined || displayName === '') return `<${uri}>${params}`;
  const name = displayName.split(' ').every(isToken) ? displayName : quote(displayName);
  return `${name} <${uri}>${params}`;
}
