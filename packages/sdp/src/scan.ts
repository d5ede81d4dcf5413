/**
 * Reading within one line: `text` is the line, and every function looks at text[from, end) only. Searches are
 * String.indexOf, several times faster than a loop over charCodeAt; that they have no end is why `text` must be
 * one line and not the description, where a search that misses would run to its end: quadratic on hostile input.
 */

const SPACE = 32;
const TAB = 9;

/** Index of the next space, or end. */
export function spaceAt(text: string, from: number, end: number): number {
  const at = text.indexOf(' ', from);
  return at < 0 || at > end ? end : at;
}

/** Index of the next character that is not a space, or end. */
export function afterSpaces(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) === SPACE) at++;
  return at;
}

/** Index of the next `character`, or end. */
export function characterAt(text: string, character: string, from: number, end: number): number {
  const at = text.indexOf(character, from);
  return at < 0 || at > end ? end : at;
}

/** The unsigned decimal in text[from, end), or -1 when it is empty, has another character or over 15 digits. */
export function numberAt(text: string, from: number, end: number): number {
  if (from >= end || end - from > 15) return -1;
  let value = 0;
  for (let at = from; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const NUMBERS: readonly string[] = Array.from({ length: 256 }, (_, n) => String(n));

/** text[from, end) as a string; payload types come from a table, so that none is allocated per line. */
export function formatAt(text: string, from: number, end: number): string {
  const length = end - from;
  const first = text.charCodeAt(from) - 48;
  if (length === 1) return first >= 0 && first <= 9 ? NUMBERS[first]! : text.slice(from, end);
  if (length <= 3 && first > 0 && first <= 9) {
    const value = numberAt(text, from, end);
    if (value >= 0 && value < 256) return NUMBERS[value]!;
  }
  return text.slice(from, end);
}

/** The tokens of text[from, end) between runs of spaces. */
export function tokensAt(text: string, from: number, end: number): string[] {
  const tokens: string[] = [];
  let at = afterSpaces(text, from, end);
  while (at < end) {
    const stop = spaceAt(text, at, end);
    tokens.push(formatAt(text, at, stop));
    at = afterSpaces(text, stop, end);
  }
  return tokens;
}

/** End of text[from, end) without the spaces and tabs at its end. */
export function trimmedEnd(text: string, from: number, end: number): number {
  let at = end;
  while (at > from) {
    const code = text.charCodeAt(at - 1);
    if (code !== SPACE && code !== TAB) break;
    at--;
  }
  return at;
}

/** Whether text[from, end) is exactly word. */
export function isWordAt(text: string, from: number, end: number, word: string): boolean {
  return end - from === word.length && text.startsWith(word, from);
}
