import type { Source } from './source.ts';

/** Reading within one line: every function looks at source[from, end) only, one character once. */

export const SPACE = 32;
const TAB = 9;

/** Index of the next space, or end. */
export function spaceAt(source: Source, from: number, end: number): number {
  return codeAt(source, SPACE, from, end);
}

/** Index of the next character with this code, or end. */
export function codeAt(source: Source, code: number, from: number, end: number): number {
  const { codes } = source;
  let at = from;
  while (at < end && codes[at] !== code) at++;
  return Math.min(at, end);
}

/** Index of the next character that is not a space, or end. */
export function afterSpaces(source: Source, from: number, end: number): number {
  const { codes } = source;
  let at = from;
  while (at < end && codes[at] === SPACE) at++;
  return at;
}

/** The unsigned decimal in source[from, end), or -1 when it is empty, has another character or over 15 digits. */
export function numberAt(source: Source, from: number, end: number): number {
  if (from >= end || end - from > 15) return -1;
  const { codes } = source;
  let value = 0;
  for (let at = from; at < end; at++) {
    const digit = codes[at]! - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The unsigned decimal a word is, or -1: `numberAt` for a string. */
export function numberOf(word: string): number {
  if (word.length === 0 || word.length > 15) return -1;
  let value = 0;
  for (let at = 0; at < word.length; at++) {
    const digit = word.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const NUMBERS: readonly string[] = Array.from({ length: 256 }, (_, n) => String(n));

/** source[from, end) as a string; payload types come from a table, so that none is allocated per line. */
export function formatAt(source: Source, from: number, end: number): string {
  const length = end - from;
  if (length === 1 || (length <= 3 && source.codes[from] !== 48)) {
    const value = numberAt(source, from, end);
    if (value >= 0 && value < 256) return NUMBERS[value]!;
  }
  return source.text.slice(from, end);
}

/** The tokens of source[from, end) between runs of spaces. */
export function tokensAt(source: Source, from: number, end: number): string[] {
  let at = afterSpaces(source, from, end);
  if (at >= end) return [];
  let stop = spaceAt(source, at, end);
  // A list of one is common, and an array that grows by push reserves room for sixteen more.
  const tokens = [formatAt(source, at, stop)];
  for (at = afterSpaces(source, stop, end); at < end; at = afterSpaces(source, stop, end)) {
    stop = spaceAt(source, at, end);
    tokens.push(formatAt(source, at, stop));
  }
  return tokens;
}

/** End of source[from, end) without the spaces and tabs at its end. */
export function trimmedEnd(source: Source, from: number, end: number): number {
  const { codes } = source;
  let at = end;
  while (at > from && (codes[at - 1] === SPACE || codes[at - 1] === TAB)) at--;
  return at;
}

/** Whether source[from, end) is exactly word. */
export function isWordAt(source: Source, from: number, end: number, word: string): boolean {
  return end - from === word.length && source.text.startsWith(word, from);
}

/** source[from, end) as a string; the media that nearly every m= line has are not made anew. */
export function mediaNameAt(source: Source, from: number, end: number): string {
  const { text } = source;
  if (end - from === 5) {
    if (text.startsWith('audio', from)) return 'audio';
    if (text.startsWith('video', from)) return 'video';
  } else if (end - from === 11 && text.startsWith('application', from)) return 'application';
  return text.slice(from, end);
}
