/** Reading within the codes of a text: every function looks at codes[from, end) only, no code more than twice. */

export const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A table with a 1 for each of these characters. */
export function tableOf(letters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const letter of letters) table[letter.charCodeAt(0)] = 1;
  return table;
}

const TOKEN = tableOf(`${ALPHANUMERIC}-.!%*_+'~\``);

const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;

/** Whether a character may stand in a token (RFC 3261 section 25.1). */
export function isTokenCode(code: number): boolean {
  return code < 128 && TOKEN[code] === 1;
}

/** Whether a text is a token. */
export function isToken(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isTokenCode(text.charCodeAt(at))) return false;
  return text.length > 0;
}

/** Index behind the token that begins at `from`; `from` when there is none. */
export function tokenEnd(codes: Uint8Array, from: number, end: number): number {
  return runEnd(codes, from, end, TOKEN);
}

/** Index behind the run of characters that the table has a 1 for; `from` when there is none. */
export function runEnd(codes: Uint8Array, from: number, end: number, table: Uint8Array): number {
  let at = from;
  // Four at once: it is what most of the time goes into.
  while (
    at + 3 < end &&
    (table[codes[at]!]! & table[codes[at + 1]!]! & table[codes[at + 2]!]! & table[codes[at + 3]!]!) === 1
  ) {
    at += 4;
  }
  while (at < end && table[codes[at]!] === 1) at++;
  return at;
}

/** Whether these codes stand at `at`. */
export function standsAt(codes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index++) if (codes[at + index] !== wanted[index]) return false;
  return true;
}

/** Index of the next character that is no linear white space, folds included. */
export function afterSpace(codes: Uint8Array, from: number, end: number): number {
  // So small that it is compiled in place: there mostly is no space.
  return from < end && codes[from]! <= SPACE ? afterSpaces(codes, from, end) : from;
}

function afterSpaces(codes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace(codes[at]!)) at++;
  return at;
}

/** End of codes[from, end) without the white space at its end. */
export function beforeSpace(codes: Uint8Array, from: number, end: number): number {
  let at = end;
  while (at > from && isSpace(codes[at - 1]!)) at--;
  return at;
}

export function isSpace(code: number): boolean {
  return code <= SPACE && (code === SPACE || code === 9 || code === 13 || code === 10);
}

/** Index behind the quoted string that begins at `from`; -1 when it does not end. */
export function quotedEnd(codes: Uint8Array, from: number, end: number): number {
  for (let at = from + 1; at < end; at++) {
    const code = codes[at];
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

/** What a quoted string says: without its quotes and escapes; any other text as it is. */
export function unquote(text: string): string {
  if (text.length < 2 || text.charCodeAt(0) !== QUOTE) return text;
  const inner = text.slice(1, -1);
  return inner.includes('\\') ? inner.replace(/\\([\s\S])/g, '$1') : inner;
}

/** A text as a quoted string. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Index behind the digits that begin at `from`. */
export function digitsEnd(codes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && codes[at]! >= 48 && codes[at]! <= 57) at++;
  return at;
}

/** The unsigned decimal in codes[from, end), or -1 when it is empty, has another character or over 15 digits. */
export function numberIn(codes: Uint8Array, from: number, end: number): number {
  if (from >= end) return -1;
  let value = 0;
  for (let at = from; at < end; at++) {
    const digit = codes[at]! - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
    if (value > 999_999_999_999_999) return -1;
  }
  return value;
}

/** A value on one line: each fold with the white space around it becomes one space (RFC 3261 section 7.3.1). */
export function unfold(text: string): string {
  return text.includes('\n') ? text.replace(/[ \t]*\r\n[ \t]+/g, ' ') : text;
}
