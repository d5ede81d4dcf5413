import { NO_PARAMS, type Param, Params } from './params.ts';
import { ALPHANUMERIC, tableOf } from './scan.ts';
import type { SipUri } from './uri.ts';

const USER = tableOf(`${ALPHANUMERIC}_-.!~*'()&=+$,;?/`);
const PARAM = tableOf(`${ALPHANUMERIC}_-.!~*'()[]/:&+$`);
const WORD = tableOf(ALPHANUMERIC);

const HYPHEN = 45;
const DOT = 46;
const COLON = 58;
const SEMICOLON = 59;
const EQUALS = 61;

/**
 * Reads an address of the shape that most have in one go: no escapes, no password, no headers, a host by name or IPv4.
 * Undefined for any other, which is to be read with care.
 */
export function plainUri(text: string): SipUri | undefined {
  const scheme = text.startsWith('sip:') ? 'sip' : text.startsWith('sips:') ? 'sips' : undefined;
  if (scheme === undefined) return undefined;
  let from = scheme.length + 1;
  let user: string | undefined;
  const sign = text.indexOf('@', from);
  if (sign >= 0) {
    if (sign === from || runEnd(text, from, USER) !== sign) return undefined;
    user = text.slice(from, sign);
    from = sign + 1;
  }
  const hostEnd = hostEndIn(text, from);
  if (hostEnd < 0 || hostEnd - from > 255) return undefined;
  const host = text.slice(from, hostEnd);
  let at = hostEnd;
  let port: number | undefined;
  if (text.charCodeAt(at) === COLON) {
    port = 0;
    for (at++; isDigit(text.charCodeAt(at)); at++) port = port * 10 + text.charCodeAt(at) - 48;
    if (at === hostEnd + 1 || at > hostEnd + 5) return undefined;
  }
  if (at === text.length) {
    return { scheme, user, password: undefined, host, port, params: NO_PARAMS, headers: NO_HEADERS };
  }
  const params = plainParams(text, at);
  if (params === undefined) return undefined;
  return { scheme, user, password: undefined, host, port, params, headers: NO_HEADERS };
}

const NO_HEADERS: SipUri['headers'] = [];

// Behind labels with dots between them, each of which begins and ends with a letter or digit; -1 for anything else.
function hostEndIn(text: string, from: number): number {
  let at = from;
  let last = DOT;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (WORD[code] !== 1) {
      if (code !== DOT && code !== HYPHEN) break;
      if (last === DOT || (last === HYPHEN && code === DOT)) return -1;
    }
    last = code;
  }
  return at === from || last === HYPHEN ? -1 : at;
}

function plainParams(text: string, from: number): Params | undefined {
  const list: Param[] = [];
  for (let at = from; at < text.length; ) {
    if (text.charCodeAt(at) !== SEMICOLON) return undefined;
    const nameEnd = runEnd(text, at + 1, PARAM);
    if (nameEnd === at + 1) return undefined;
    const name = text.slice(at + 1, nameEnd);
    at = nameEnd;
    let value: string | undefined;
    if (text.charCodeAt(at) === EQUALS) {
      at = runEnd(text, nameEnd + 1, PARAM);
      if (at === nameEnd + 1) return undefined;
      value = text.slice(nameEnd + 1, at);
    }
    list.push({ name, value });
  }
  return new Params(list);
}

function runEnd(text: string, from: number, table: Uint8Array): number {
  let at = from;
  while (at < text.length && table[text.charCodeAt(at)] === 1) at++;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
