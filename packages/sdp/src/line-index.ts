import { nameKey, SLOTS, slotOf } from './attributes/name-key.ts';
import { DEFAULT_LIMITS, type SdpLimits } from './limits.ts';
import { SdpError, type SdpErrorCode } from './sdp-error.ts';
import { fill, type Source } from './source.ts';

/**
 * A text under reading and where its lines begin; what `parse` and `open` both check before they read anything. Arrays
 * may be longer than what they hold: what stands behind means nothing.
 */
export interface LineIndex {
  readonly source: Source;
  readonly lineCount: number;
  readonly mediaCount: number;
  /** Start of each line, and the text's length at the end. */
  readonly starts: Int32Array;
  /** End of each line's content, before its CRLF or LF. */
  readonly ends: Int32Array;
  /** First letters of each attribute's name (`nameKey`), 0 for other lines. */
  readonly keys: Int32Array;
  /** First line of each section, the session part's before the m-sections', and the number of lines at the end. */
  readonly sections: Int32Array;
  /** For each section a head for each slot of keys: its first line with such a key, `floor` being line 0; less for none. */
  readonly heads: Int32Array;
  readonly floor: number;
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
function controlAt(codes: Uint8Array, words: Int32Array, from: number): number {
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

const NOTHING_FOUND = -1;
const MOST_LINES = DEFAULT_LIMITS.lines + 1;
const MOST_SECTIONS = DEFAULT_LIMITS.media + 2;
// Behind the text is room for the line feed and for two whole words.
const MOST_WORDS = (DEFAULT_LIMITS.size >> 2) + 4;

/**
 * The one index that all texts are found in, in turn. Its arrays have room for all that the default limits allow, so that
 * as long as nobody allows more they are constants to the compiler; untouched memory costs nothing.
 */
const words = new Int32Array(MOST_WORDS);
const found = {
  /** What was found last; empty while there is nothing. A line feed stands behind the codes. */
  source: { text: '', codes: new Uint8Array(words.buffer) },
  limits: undefined as SdpLimits | undefined,
  stamp: NOTHING_FOUND,
  /** The codes, four to a number; the order of the four is the machine's. */
  words,
  lineCount: 0,
  mediaCount: 0,
  starts: new Int32Array(MOST_LINES),
  ends: new Int32Array(MOST_LINES),
  keys: new Int32Array(MOST_LINES),
  sections: new Int32Array(MOST_SECTIONS),
  heads: new Int32Array(MOST_SECTIONS * SLOTS),
  floor: 1,
};
let lastStamp = 0;
let nextFloor = 1;
const HIGHEST_FLOOR = 0x4000_0000;

/** The shared index. It belongs to the text that was looked at last. */
export const sharedLines: LineIndex & {
  /** Of the text looked at last; above 0, another with every text, below 0 where it was refused. */
  readonly stamp: number;
} = found;

/**
 * Finds the lines and checks their structure in one linear pass; who asks again before another text was looked at finds
 * them still there. The index is shared by all callers and good until the next text, so for synchronous use only.
 * Throws SdpError.
 */
export function scratchLines(text: string, limits: SdpLimits): typeof sharedLines {
  const { source } = found;
  if (source.text !== '' && found.limits === limits && source.text === text) return found;
  source.text = '';
  found.stamp = NOTHING_FOUND;
  findLines(text, limits);
  source.text = text;
  found.limits = limits;
  lastStamp++;
  found.stamp = lastStamp;
  return found;
}

/** An index of its own. Throws SdpError. */
export function indexLines(text: string, limits: SdpLimits): LineIndex {
  const { source, lineCount, mediaCount, starts, ends, keys, sections, heads, floor } = scratchLines(
    text,
    limits,
  );
  return {
    source: { text, codes: source.codes.slice(0, text.length + 1) },
    lineCount,
    mediaCount,
    starts: starts.slice(0, lineCount + 1),
    ends: ends.slice(0, lineCount),
    keys: keys.slice(0, lineCount),
    sections: sections.slice(0, mediaCount + 2),
    heads: heads.slice(0, (mediaCount + 1) * SLOTS),
    floor,
  };
}

// Room for a text: no line is shorter than a character, and there is a start behind the last.
function makeRoom(length: number, limits: SdpLimits): void {
  if (found.words.length < (length >> 2) + 4) {
    found.words = new Int32Array((length >> 1) + 4);
    found.source.codes = new Uint8Array(found.words.buffer);
  }
  const lines = Math.min(length, limits.lines) + 1;
  if (found.starts.length < lines) {
    found.starts = new Int32Array(lines);
    found.ends = new Int32Array(lines);
    found.keys = new Int32Array(lines);
  }
  const sections = Math.min(length, limits.media) + 2;
  if (found.sections.length < sections) {
    found.sections = new Int32Array(sections);
    found.heads = new Int32Array(sections * SLOTS);
  }
  if (nextFloor > HIGHEST_FLOOR) {
    found.heads.fill(0);
    nextFloor = 1;
  }
}

function findLines(text: string, limits: SdpLimits): void {
  const { length } = text;
  if (length === 0) fail('empty', 0, 0, 'RFC 8866 section 5', 'the description is empty');
  if (length > limits.size) {
    fail('too-large', 0, 0, 'limit', `the description has ${length} characters, allowed are ${limits.size}`);
  }
  makeRoom(length, limits);
  const { source, words, starts, ends, keys, sections, heads } = found;
  const { codes } = source;
  fill(text, codes);
  codes[length] = LF;
  if (codes[0] !== 118 || codes[1] !== EQUALS)
    fail('version-missing', 0, 0, 'RFC 8866 section 5.1', 'the first line is not v=');

  // What earlier texts left in the heads is less than what this one's lines will, even where one of them was refused.
  const floor = nextFloor;
  nextFloor += Math.min(length, limits.lines);
  found.floor = floor;
  let slots = 0;
  let sectionFloor = floor;
  let media = 0;
  sections[0] = 0;

  const { lines: mostLines, lineLength: longest } = limits;
  let start = 0;
  let line = 0;
  let blankLine = -1;
  let anyControl = false;
  for (; start < length; line++) {
    let end = controlAt(codes, words, start);
    let next = codes[end] === CR ? end + 2 : end + 1;
    const plain = next <= length && codes[next - 1] === LF;
    if (!plain) {
      // The last line without ending, a carriage return or another control character inside a line.
      const feed = text.indexOf('\n', end);
      next = feed < 0 ? length : feed + 1;
      end = contentEnd(text, start, next);
      anyControl = true;
    }
    if (line >= mostLines) fail('too-many-lines', line, 0, 'limit', `more than ${mostLines} lines`);
    if (next - start > longest)
      fail('line-too-long', line, longest, 'limit', `longer than ${longest} characters`);
    if (!plain) checkNoCarriageReturn(text, start, end, line);
    starts[line] = start;
    ends[line] = end;
    const letter = codes[start]!;
    if (letter === LOWER_A && codes[start + 1] === EQUALS && blankLine < 0) {
      const key = nameKey(codes[start + 2]!, codes[start + 3]!, codes[start + 4]!);
      keys[line] = key;
      const head = slots + slotOf(key);
      if (heads[head]! < sectionFloor) heads[head] = floor + line;
    } else {
      keys[line] = 0;
      if (end === start) {
        if (blankLine < 0) blankLine = line;
      } else {
        checkBeginning(codes, start, end, line, blankLine);
        if (letter === LOWER_M) {
          if (media >= limits.media)
            fail('too-many-media', line, 0, 'limit', `more than ${limits.media} m= lines`);
          media++;
          sections[media] = line;
          slots = media * SLOTS;
          sectionFloor = floor + line;
        }
      }
    }
    start = next;
  }
  starts[line] = length;
  found.lineCount = line;
  found.mediaCount = media;
  sections[media + 1] = line;
  if (anyControl) checkNoNul(text, line);
  if (ends[0] !== 3 || codes[2] !== 48) {
    fail('version-unsupported', 0, 2, 'RFC 8866 section 5.1', 'the version is not 0');
  }
}

function checkBeginning(
  codes: Uint8Array,
  start: number,
  end: number,
  line: number,
  blankLine: number,
): void {
  if (blankLine >= 0)
    fail('blank-line', blankLine, 0, 'RFC 8866 section 5', 'empty line inside the description');
  // Only letters stay in place or become one by the bit that makes them small.
  const small = codes[start]! | 32;
  if (small < 97 || small > 122) {
    fail('line-malformed', line, 0, 'RFC 8866 section 5', 'a line begins with one letter and an equals sign');
  }
  if (end === start + 1 || codes[start + 1] !== EQUALS) {
    fail('line-malformed', line, 1, 'RFC 8866 section 5', 'no equals sign after the letter');
  }
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
