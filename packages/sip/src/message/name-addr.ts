import { type Cursor, cursorOver } from './cursor.ts';
import { NO_PARAMS, type Params, parseParams } from './params.ts';
import {
  afterSpace,
  beforeSpace,
  isSpace,
  isToken,
  quote,
  quotedEnd,
  tokenEnd,
  unfold,
  unquote,
} from './scan.ts';

const CLAUSE = 'RFC 3261 section 20.10';

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
  cursor.skipSpace();
  const { text, codes, end } = cursor;
  const from = cursor.at;
  let displayName: string | undefined;
  if (cursor.code === 34) {
    const stop = quotedEnd(codes, from, end);
    if (stop < 0) cursor.fail('quote-unended', CLAUSE, 'the display name has no closing quote');
    displayName = unquote(unfold(text.slice(from, stop)));
    cursor.at = stop;
    if (cursor.skipSpace() !== 60)
      cursor.fail('address-malformed', CLAUSE, 'no <address> behind the display name');
  } else if (cursor.code !== 60) {
    const open = wordsEnd(codes, from, end);
    if (open >= end || codes[open] !== 60) return readAddrSpec(cursor);
    displayName = unfold(text.slice(from, beforeSpace(codes, from, open)));
    cursor.at = open;
  }
  const open = cursor.at + 1;
  let close = open;
  for (let code = codes[close]!; close < end && code !== 62; code = codes[++close]!) {
    if (code > 32 && code !== 60) continue;
    cursor.at = close;
    cursor.fail('address-malformed', 'RFC 3261 section 25.1', 'an address holds no space and no <');
  }
  if (close >= end) cursor.fail('address-malformed', CLAUSE, 'an address has no closing >');
  if (close === open) cursor.fail('address-malformed', CLAUSE, 'an address is empty');
  cursor.at = close + 1;
  return new NameAddr(displayName, text.slice(open, close), parseParams(cursor, CLAUSE));
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
  const { text, codes, end } = cursor;
  const from = cursor.at;
  let at = from;
  let colon = false;
  for (; at < end; at++) {
    const code = codes[at]!;
    if (code === 59 || code === 44 || isSpace(code)) break;
    if (code === 58) colon = true;
    if (code === 34 || code === 60 || code === 62) {
      cursor.at = at;
      cursor.fail('address-malformed', CLAUSE, 'a display name is a quoted string or tokens');
    }
    if (code === 63) {
      cursor.at = at;
      cursor.fail('address-malformed', CLAUSE, 'an address with ? stands between < and >');
    }
  }
  if (!colon) cursor.fail('address-malformed', CLAUSE, 'an address is a URI with a scheme');
  cursor.at = at;
  const uri = text.slice(from, at);
  return new NameAddr(undefined, uri, parseParams(cursor, CLAUSE));
}

/** A name-addr with its parameters as text; always with < and >. */
export function writeNameAddr(value: NameAddr): string {
  const { displayName, uri, params } = value;
  if (displayName === undefined || displayName === '') return `<${uri}>${params}`;
  const name = displayName.split(' ').every(isToken) ? displayName : quote(displayName);
  return `${name} <${uri}>${params}`;
}
