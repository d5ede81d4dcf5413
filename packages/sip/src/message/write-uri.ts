import type { Params } from './params.ts';
import { isSipUri, isTelUri, type Uri } from './uri.ts';

/** An address as text; what may not stand as it is gets escaped (RFC 3261 section 19.1.2). */
export function writeUri(uri: Uri): string {
  if (isTelUri(uri)) return `tel:${uri.number}${writeParams(uri.params)}`;
  if (!isSipUri(uri)) return `${uri.scheme}:${uri.rest}`;
  const password = uri.password === undefined ? '' : `:${escapePart(uri.password, /[^\w\-.!~*'()&=+$,]/gu)}`;
  const user =
    uri.user === undefined ? '' : `${escapePart(uri.user, /[^\w\-.!~*'()&=+$,;?/]/gu)}${password}@`;
  const port = uri.port === undefined ? '' : `:${uri.port}`;
  const headers = uri.headers.map(([name, value]) => `${writeHeaderPart(name)}=${writeHeaderPart(value)}`);
  const query = headers.length === 0 ? '' : `?${headers.join('&')}`;
  return `${uri.scheme}:${user}${uri.host}${port}${writeParams(uri.params)}${query}`;
}

function writeParams(params: Params): string {
  let text = '';
  for (const { name, value } of params.list) {
    text += `;${escapePart(name, PARAM)}`;
    if (value !== undefined) text += `=${escapePart(value, PARAM)}`;
  }
  return text;
}

const PARAM = /[^\w\-.!~*'()[\]/:&+$]/gu;

function writeHeaderPart(text: string): string {
  return escapePart(text, /[^\w\-.!~*'()[\]/?:+$]/gu);
}

function escapePart(text: string, outside: RegExp): string {
  return text.replace(outside, escapeOne);
}

function escapeOne(char: string): string {
  const code = char.charCodeAt(0);
  if (char.length === 1 && code >= 0xd800 && code <= 0xdfff) {
    // A byte that is not UTF-8, as unescapePart keeps it; any other lone surrogate cannot be written.
    return code >= 0xdc80 && code <= 0xdcff ? hex(code - 0xdc00) : '%EF%BF%BD';
  }
  return code < 128 ? hex(code) : encodeURIComponent(char);
}

function hex(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
