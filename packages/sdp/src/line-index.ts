import { nameKey } from './attributes/name-key.ts';
import type { SdpLimits } from './limits.ts';
import { SdpError, type SdpErrorCode } from './sdp-error.ts';
import { type ScratchSource, scratchSource } from './source.ts';

/** Where the lines of a text begin; what `parse` and `open` both check before they read anything. */
export interface LineIndex {
  readonly lineCount: number;
  readonly mediaCount: number;
  /** Start of each line, and the text's length at the end. What stands behind `lineCount` means nothing, in all four. */
  readonly starts: Int32Array;
  /** End of each line's content, before its CRLF or LF. */
  readonly ends: Int32Array;
  /** First letters of each attribute's name (`nameKey`), 0 for other lines. */
  readonly keys: Int32Array;
  /** Numbers of the m= lines, counted from 0. */
  readonly mediaLines: readonly number[];
}

const LF = 10;
const CR = 13;
const EQUALS = 61;
const LOWER_A = 97;
const LOWER_M = 109;

function fail(code: SdpErrorCode, line: number, column: number, clause: string, message: string): never {
  throw new SdpError(code, line + 1, column + 1, clause, message);
}

/** End of the line's content: start of its CRLF or LF, or the end of the text. */
export function contentEnd(text: string, start: number, next: number): number {
  if (next > start && text.charCodeAt(next - 1) === LF) {
    return next - 1 > start && text.charCodeAt(next - 2) === CR ? next - 2 : next - 1;
  }
  return next;
}

/**
 * Index of the first character below 14 (CR, LF, NUL and a few others) at `from` or behind it: four characters at a
 * time, by the word trick of "Hacker's Delight" 6-1. The line feed behind the text ends every search.
 */
function controlAt({ codes, words }: ScratchSource, from: number): number {
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

// Grown to the longest description seen and reused.
const found = {
  lineCount: 0,
  mediaCount: 0,
  starts: new Int32Array(1024),
  ends: new Int32Array(1024),
  keys: new Int32Array(1024),
  mediaLines: [] as number[],
};

function growFound(): void {
  const grown = (array: Int32Array): Int32Array<ArrayBuffer> => {
    const larger = new Int32Array(2 * array.length);
    larger.set(array);
    return larger;
  };
  found.starts = grown(found.starts);
  found.ends = grown(found.ends);
  found.keys = grown(found.keys);
}

/** What was found last, and within which limits; empty while there is nothing. */
let foundIn = '';
let foundWithin: SdpLimits | undefined;

/**
 * Finds the lines and checks their structure in one linear pass; who asks again before another text was looked at finds
 * them still there. The index is shared by all callers and good until the next text, so for synchronous use only.
 * Throws SdpError.
 */
export function scratchLines(text: string, limits: SdpLimits): LineIndex {
  if (foundIn !== '' && foundWithin === limits && foundIn === text) return found;
  foundIn = '';
  findLines(text, limits);
  foundIn = text;
  foundWithin = limits;
  return found;
}

/** The shared index, where it is still this text's; undefined else. */
export function scratchLinesOf(text: string): LineIndex | undefined {
  return foundIn === text && text !== '' ? found : undefined;
}

/** An index of its own. Throws SdpError. */
export function indexLines(text: string, limits: SdpLimits): LineIndex {
  const { lineCount, mediaCount, starts, ends, keys, mediaLines } = scratchLines(text, limits);
  return {
    lineCount,
    mediaCount,
    starts: starts.slice(0, lineCount + 1),
    ends: ends.slice(0, lineCount),
    keys: keys.slice(0, lineCount),
    mediaLines: mediaLines.slice(0, mediaCount),
  };
}

function findLines(text: string, limits: SdpLimits): void {
  const { length } = text;
  if (length === 0) fail('empty', 0, 0, 'RFC 8866 section 5', 'the description is empty');
  if (length > limits.size) {
    fail('too-large', 0, 0, 'limit', `the description has ${length} characters, allowed are ${limits.size}`);
  }
  const source = scratchSource(text);
  const { codes } = source;
  if (codes[0] !== 118 || codes[1] !== EQUALS)
    fail('version-missing', 0, 0, 'RFC 8866 section 5.1', 'the first line is not v=');

  const longest = limits.lineLength;
  let start = 0;
  let line = 0;
  let media = 0;
  let blankLine = -1;
  let anyControl = false;
  let { starts, ends, keys } = found;
  const { mediaLines } = found;
  for (; start < length; line++) {
    let end = controlAt(source, start);
    let next = codes[end] === CR ? end + 2 : end + 1;
    const plain = next <= length && codes[next - 1] === LF;
    if (!plain) {
      // The last line without ending, a carriage return or another control character inside a line.
      const feed = text.indexOf('\n', end);
      next = feed < 0 ? length : feed + 1;
      end = contentEnd(text, start, next);
      anyControl = true;
    }
    if (line >= limits.lines) fail('too-many-lines', line, 0, 'limit', `more than ${limits.lines} lines`);
    if (next - start > longest)
      fail('line-too-long', line, longest, 'limit', `longer than ${longest} characters`);
    if (!plain) checkNoCarriageReturn(text, start, end, line);
    if (end === start) {
      if (blankLine < 0) blankLine = line;
    } else {
      if (blankLine >= 0)
        fail('blank-line', blankLine, 0, 'RFC 8866 section 5', 'empty line inside the description');
      // Only letters stay in place or become one by the bit that makes them small.
      const letter = codes[start]!;
      const small = letter | 32;
      if (small < 97 || small > 122) {
        fail(
          'line-malformed',
          line,
          0,
          'RFC 8866 section 5',
          'a line begins with one letter and an equals sign',
        );
      }
      if (end === start + 1 || codes[start + 1] !== EQUALS) {
        fail('line-malformed', line, 1, 'RFC 8866 section 5', 'no equals sign after the letter');
      }
      if (letter === LOWER_M) {
        if (media >= limits.media) {
          fail('too-many-media', line, 0, 'limit', `more than ${limits.media} m= lines`);
        }
        mediaLines[media++] = line;
      }
    }
    // Room for this line, and for the start behind the last.
    if (line + 1 === starts.length) {
      growFound();
      ({ starts, ends, keys } = found);
    }
    starts[line] = start;
    ends[line] = end;
    keys[line] =
      codes[start] === LOWER_A ? nameKey(codes[start + 2]!, codes[start + 3]!, codes[start + 4]!) : 0;
    start = next;
  }
  starts[line] = length;
  if (anyControl) checkNoNul(text, line);
  if (ends[0] !== 3 || codes[2] !== 48) {
    fail('version-unsupported', 0, 2, 'RFC 8866 section 5.1', 'the version is not 0');
  }
  found.lineCount = line;
  found.mediaCount = media;
}

function checkNoCarriageReturn(text: string, start: number, end: number, line: number): void {
  const at = text.slice(start, end).indexOf('\r');
  if (at >= 0) fail('control-character', line, at, 'RFC 8866 section 9', 'carriage return inside a line');
}

function checkNoNul(text: string, lineCount: number): void {
  const nul = text.indexOf('\0');
  if (nul < 0) return;
  let line = 0;
  while (line + 1 < lineCount && found.starts[line + 1]! <= nul) line++;
  fail('control-character', line, nul - found.starts[line]!, 'RFC 8866 section 9', 'NUL character');
}
