import type { SdpLimits } from './limits.ts';
import { SdpError, type SdpErrorCode } from './sdp-error.ts';

/** Where the lines of a text begin; what `parse` and `open` both check before they read anything. */
export interface LineIndex {
  /** Start of each line, and the text's length at the end. */
  readonly starts: readonly number[];
  /** End of each line's content, before its CRLF or LF. */
  readonly ends: readonly number[];
  /** Numbers of the m= lines, counted from 0. */
  readonly mediaLines: readonly number[];
}

const LF = 10;
const CR = 13;
const EQUALS = 61;
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

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** Finds the lines and checks their structure in one linear pass. Throws SdpError. */
export function indexLines(text: string, limits: SdpLimits): LineIndex {
  const length = text.length;
  if (length === 0) fail('empty', 0, 0, 'RFC 8866 section 5', 'the description is empty');
  if (length > limits.size) {
    fail('too-large', 0, 0, 'limit', `the description has ${length} characters, allowed are ${limits.size}`);
  }
  if (!text.startsWith('v='))
    fail('version-missing', 0, 0, 'RFC 8866 section 5.1', 'the first line is not v=');

  const starts: number[] = [];
  const ends: number[] = [];
  const mediaLines: number[] = [];
  let start = 0;
  let carriageReturn = text.indexOf('\r');
  let blankLine = -1;
  for (let line = 0; start < length; line++) {
    const feed = text.indexOf('\n', start);
    const next = feed < 0 ? length : feed + 1;
    if (line >= limits.lines) fail('too-many-lines', line, 0, 'limit', `more than ${limits.lines} lines`);
    if (next - start > limits.lineLength) {
      fail('line-too-long', line, limits.lineLength, 'limit', `longer than ${limits.lineLength} characters`);
    }
    let end = feed < 0 ? length : feed;
    if (carriageReturn >= 0 && carriageReturn < next) {
      if (feed < 0 || carriageReturn !== feed - 1) {
        fail(
          'control-character',
          line,
          carriageReturn - start,
          'RFC 8866 section 9',
          'carriage return inside a line',
        );
      }
      end = carriageReturn;
      carriageReturn = text.indexOf('\r', next);
    }
    starts.push(start);
    ends.push(end);
    if (end === start) {
      if (blankLine < 0) blankLine = line;
    } else {
      if (blankLine >= 0)
        fail('blank-line', blankLine, 0, 'RFC 8866 section 5', 'empty line inside the description');
      const letter = text.charCodeAt(start);
      if (!isLetter(letter)) {
        fail(
          'line-malformed',
          line,
          0,
          'RFC 8866 section 5',
          'a line begins with one letter and an equals sign',
        );
      }
      if (end === start + 1 || text.charCodeAt(start + 1) !== EQUALS) {
        fail('line-malformed', line, 1, 'RFC 8866 section 5', 'no equals sign after the letter');
      }
      if (letter === LOWER_M) {
        if (mediaLines.length >= limits.media) {
          fail('too-many-media', line, 0, 'limit', `more than ${limits.media} m= lines`);
        }
        mediaLines.push(line);
      }
    }
    start = next;
  }
  checkNoNul(text, starts);
  starts.push(length);
  if (ends[0] !== 3 || text.charCodeAt(2) !== 48) {
    fail('version-unsupported', 0, 2, 'RFC 8866 section 5.1', 'the version is not 0');
  }
  return { starts, ends, mediaLines };
}

function checkNoNul(text: string, starts: readonly number[]): void {
  const nul = text.indexOf('\0');
  if (nul < 0) return;
  let line = 0;
  while (line + 1 < starts.length && starts[line + 1]! <= nul) line++;
  fail('control-character', line, nul - starts[line]!, 'RFC 8866 section 9', 'NUL character');
}
