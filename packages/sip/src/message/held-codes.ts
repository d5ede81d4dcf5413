import { DEFAULT_SIP_LIMITS } from './limits.ts';

const LF = 10;
const CR = 13;
const ALL_SMALL = 0x20202020;

// Behind the codes is room for the line feed and for two whole words.
const ROOM = new ArrayBuffer((DEFAULT_SIP_LIMITS.head & ~3) + 16);

/**
 * The codes of the head under reading, where four can be looked at in one. As long as no head is longer than the default
 * limit allows, the arrays are constants to the compiler.
 */
const held = { codes: new Uint8Array(ROOM), words: new Int32Array(ROOM), view: new DataView(ROOM) };

const MOST_LINES = 1024;

/** Behind the CRLF of each line that `holdHead` found. */
export const LINE_ENDS = new Int32Array(MOST_LINES);

/** Holds codes[0, length) until the next call, so for synchronous use only. A line feed stands behind them. */
export function holdCodes(codes: Uint8Array, length: number): void {
  if (held.codes.length < length + 12) {
    const room = new ArrayBuffer(2 * (length & ~3) + 16);
    held.codes = new Uint8Array(room);
    held.words = new Int32Array(room);
    held.view = new DataView(room);
  }
  held.codes.set(codes.length === length ? codes : codes.subarray(0, length));
  held.codes[length] = LF;
}

/**
 * Holds the codes of a message and finds the lines of its head, which begins at `from`: the index behind its empty line,
 * or -1 where the head does not end, a CR or LF stands alone, or there are more lines than a head should have.
 */
export function holdHead(bytes: Uint8Array, from: number): number {
  holdCodes(bytes, bytes.length);
  const { codes } = held;
  let line = 0;
  let at = from;
  while (line < MOST_LINES) {
    at = controlAt(at);
    const code = codes[at]!;
    if (code === CR && codes[at + 1] === LF) {
      at += 2;
      if (at >= bytes.length) return -1;
      LINE_ENDS[line++] = at;
      if (codes[at] === CR && codes[at + 1] === LF) return at + 2 <= bytes.length ? at + 2 : -1;
    } else if (code === CR || code === LF) return -1;
    else at++;
  }
  return -1;
}

/**
 * Index of the first code below 14 (CR, LF, TAB and a few others) at `from` or behind it: four at a time, by the word
 * trick of "Hacker's Delight" 6-1.
 */
export function controlAt(from: number): number {
  const { codes, words } = held;
  let at = from;
  while ((at & 3) !== 0 && codes[at]! > CR) at++;
  if ((at & 3) !== 0) return at;
  let word = at >> 2;
  for (;;) {
    const even = words[word]!;
    if (((even - 0x0e0e0e0e) & ~even & 0x80808080) !== 0) break;
    const odd = words[word + 1]!;
    if (((odd - 0x0e0e0e0e) & ~odd & 0x80808080) !== 0) {
      word++;
      break;
    }
    word += 2;
  }
  at = word << 2;
  while (codes[at]! > CR) at++;
  return at;
}

/** A word's letters in lower case, four to a number; the last number begins four letters before the end. */
export interface Letters {
  readonly length: number;
  readonly words: readonly number[];
  readonly last: number;
  /** For what a number holds of a word that is shorter. */
  readonly mask: number;
}

export function lettersOf(word: string): Letters {
  const numberAt = (from: number): number => {
    let number = 0;
    for (let at = 0; at < 4; at++) number |= ((word.charCodeAt(from + at) || 0) | 32) << (8 * at);
    return number;
  };
  const words: number[] = [];
  for (let at = 0; at + 4 < word.length; at += 4) words.push(numberAt(at));
  const mask = word.length < 4 ? (1 << (8 * word.length)) - 1 : -1;
  return { length: word.length, words, last: numberAt(Math.max(0, word.length - 4)) & mask, mask };
}

/**
 * Whether this word stands at `from` in any case. With bit 32 set a capital letter becomes a small one and a CR a hyphen;
 * behind a CR stands an LF, which becomes nothing that a name has.
 */
export function areLettersAt(from: number, { length, words, last, mask }: Letters): boolean {
  const { view } = held;
  for (let at = 0; at < words.length; at++) {
    if ((view.getInt32(from + 4 * at, true) | ALL_SMALL) !== words[at]) return false;
  }
  const end = length < 4 ? from : from + length - 4;
  return ((view.getInt32(end, true) | ALL_SMALL) & mask) === last;
}
