import { type Cursor, cursorOver } from './cursor.ts';
import { type Param, Params } from './params.ts';
import { plainUri } from './plain-uri.ts';

/** A sip: or sips: address (RFC 3261 section 19.1). User, password and header values are without escapes. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** IPv6 with its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
  /** Name and value of what follows the `?`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A telephone number (RFC 3966). */
export interface TelUri {
  readonly scheme: 'tel';
  /** As written, with + and visual separators. */
  readonly number: string;
  readonly params: Params;
}

/** Any other address; kept as it is. */
export interface OtherUri {
  readonly scheme: string & { readonly other?: true };
  /** What follows the scheme and its colon. */
  readonly rest: string;
}

export type Uri = SipUri | TelUri | OtherUri;

export function isSipUri(uri: Uri): uri is SipUri {
  return 'host' in uri;
}

export function isTelUri(uri: Uri): uri is TelUri {
  return 'number' in uri;
}

const CLAUSE = 'RFC 3261 section 25.1';
const TEL_CLAUSE = 'RFC 3966 section 3';
const COLON = 58;

/** Reads an address. Throws SipSyntaxError (its column counts within the address). */
export function parseUri(text: string): Uri {
  return plainUri(text) ?? readUri(cursorOver(text));
}

function readUri(cursor: Cursor): Uri {
  const { text } = cursor;
  const colon = text.indexOf(':');
  if (colon < 1 || !/^[a-z][a-z0-9+.-]*$/i.test(text.slice(0, colon))) {
    cursor.fail('uri-malformed', 'RFC 3986 section 3.1', 'an address begins with a scheme');
  }
  const scheme = text.slice(0, colon).toLowerCase();
  cursor.at = colon + 1;
  if (scheme === 'sip' || scheme === 'sips') return readSipUri(cursor, scheme);
  if (scheme === 'tel') return readTelUri(cursor);
  const rest = text.slice(colon + 1);
  const bad = rest.search(/[\s<>"]/);
  if (bad >= 0) {
    cursor.at += bad;
    cursor.fail('uri-malformed', 'RFC 3986 section 3.3', 'an address holds no space, quote, < or >');
  }
  return { scheme, rest };
}

// unreserved, escaped and what the part allows besides (RFC 3261 section 25.1).
const USER = /^(?:[\w\-.!~*'()&=+$,;?/]|%[0-9a-f]{2})+$/i;
const PASSWORD = /^(?:[\w\-.!~*'()&=+$,]|%[0-9a-f]{2})*$/i;
const PARAM = /^(?:[\w\-.!~*'()[\]/:&+$]|%[0-9a-f]{2})+$/i;
const HEADER = /^(?:[\w\-.!~*'()[\]/?:+$]|%[0-9a-f]{2})*$/i;
const NAME = /^(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.?$/i;
const IPV6 = /^\[[0-9a-f:.]+\]$/i;

function readSipUri(cursor: Cursor, scheme: 'sip' | 'sips'): SipUri {
  const { text } = cursor;
  const at = text.lastIndexOf('@');
  // An @ behind the ? would stand in a header, where it must be escaped.
  let user: string | undefined;
  let password: string | undefined;
  if (at >= cursor.at) {
    const info = text.slice(cursor.at, at);
    const colon = info.indexOf(':');
    const name = colon < 0 ? info : info.slice(0, colon);
    if (!USER.test(name)) fail(cursor, 'the user part holds what must be escaped, or nothing');
    user = unescapePart(name);
    if (colon >= 0) {
      if (!PASSWORD.test(info.slice(colon + 1))) fail(cursor, 'the password holds what must be escaped');
      password = unescapePart(info.slice(colon + 1));
    }
    cursor.at = at + 1;
  }
  const host = readHost(cursor);
  let port: number | undefined;
  if (cursor.code === COLON) {
    cursor.at++;
    port = cursor.number();
    if (port < 0 || port > 65_535) fail(cursor, 'the address has no such port');
  }
  const question = text.indexOf('?', cursor.at);
  const paramsEnd = question < 0 ? text.length : question;
  const params = readParams(cursor, paramsEnd, CLAUSE);
  return { scheme, user, password, host, port, params, headers: question < 0 ? [] : readHeaders(cursor) };
}

function readHost(cursor: Cursor): string {
  const from = cursor.at;
  const rest = cursor.text.slice(from);
  const length = rest.startsWith('[') ? rest.indexOf(']') + 1 : rest.search(/[:;?]/);
  const host = length < 0 ? rest : rest.slice(0, length);
  if (!(IPV6.test(host) || (host.length <= 255 && NAME.test(host))))
    fail(cursor, 'the address names no host');
  cursor.at += host.length;
  return host;
}

function readParams(cursor: Cursor, end: number, clause: string): Params {
  const list: Param[] = [];
  if (cursor.at < end) {
    if (cursor.code !== 59) cursor.fail('uri-malformed', clause, 'a ; begins the parameters of an address');
    for (const piece of cursor.text.slice(cursor.at + 1, end).split(';')) {
      const equals = piece.indexOf('=');
      const name = equals < 0 ? piece : piece.slice(0, equals);
      const value = equals < 0 ? undefined : piece.slice(equals + 1);
      if (!PARAM.test(name) || (value !== undefined && !PARAM.test(value))) {
        cursor.fail('uri-malformed', clause, 'a parameter of the address is malformed');
      }
      list.push({ name: unescapePart(name), value: value === undefined ? undefined : unescapePart(value) });
      cursor.at += 1 + piece.length;
    }
  }
  return new Params(list);
}

function readHeaders(cursor: Cursor): (readonly [string, string])[] {
  cursor.at++;
  return cursor.text
    .slice(cursor.at)
    .split('&')
    .map((piece) => {
      const equals = piece.indexOf('=');
      const name = piece.slice(0, Math.max(0, equals));
      const value = piece.slice(equals + 1);
      if (name === '' || !HEADER.test(name) || !HEADER.test(value))
        fail(cursor, 'a header of the address is malformed');
      cursor.at += piece.length + 1;
      return [unescapePart(name), unescapePart(value)];
    });
}

function readTelUri(cursor: Cursor): TelUri {
  const { text } = cursor;
  const semicolon = text.indexOf(';', cursor.at);
  const end = semicolon < 0 ? text.length : semicolon;
  const number = text.slice(cursor.at, end);
  const global = number.startsWith('+');
  const shape = global ? /^\+[\d\-.()]*\d[\d\-.()]*$/ : /^[\da-f*#\-.()]*[\da-f*#][\da-f*#\-.()]*$/i;
  if (!shape.test(number)) cursor.fail('uri-malformed', TEL_CLAUSE, 'not a telephone number');
  cursor.at = end;
  const params = readParams(cursor, text.length, TEL_CLAUSE);
  return { scheme: 'tel', number, params };
}

function fail(cursor: Cursor, message: string): never {
  cursor.fail('uri-malformed', CLAUSE, message);
}

/** A part of an address without its %-escapes; a byte that is not UTF-8 becomes a lone surrogate, U+DC80 to U+DCFF. */
export function unescapePart(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run.replace(/%(..)/g, (_, digits: string) => {
        const byte = Number.parseInt(digits, 16);
        return String.fromCharCode(byte < 128 ? byte : 0xdc00 + byte);
      });
    }
  });
}
