import { readNumber } from './cseq.ts';
import { Cursor } from './cursor.ts';
import { HeaderField } from './field.ts';
import { decodeHead, type HeadEncoding } from './head-text.ts';
import { FIRST_PLACES, headerAt, headerNamed } from './header-names.ts';
import { holdCodes } from './held-codes.ts';
import { CONTENT_LENGTH } from './known-headers.ts';
import type { SipLimits } from './limits.ts';
import { numberIn, tokenEnd } from './scan.ts';
import { placeIn, type SipErrorCode, SipSyntaxError } from './sip-error.ts';
import { type Source, sourceOf } from './source.ts';
import { parseStartLine, type RequestLine, type StatusLine } from './start-line.ts';

/** The head of a message, whose body may still be under way. */
export interface Head {
  readonly text: string;
  readonly encoding: HeadEncoding;
  readonly start: RequestLine | StatusLine;
  /** Behind the start line. */
  readonly startEnd: number;
  readonly fields: readonly HeaderField[];
  readonly firsts: FirstFields;
  /** What Content-Length says, in bytes. */
  readonly length: number | undefined;
  /** Why Content-Length cannot be believed. */
  readonly lengthFault: SipSyntaxError | undefined;
}

/** The first field of each header of the first places, by its place. */
export type FirstFields = readonly (HeaderField | undefined)[];

/** Index behind the empty line that ends the head, or -1. Throws SipSyntaxError when it would be too large. */
export function headEndIn(bytes: Uint8Array, from: number, limits: SipLimits): number {
  let line = bytes.indexOf(10, from);
  while (line >= 0 && line < limits.head) {
    if (bytes[line + 1] === 13 && bytes[line + 2] === 10) return line + 3;
    line = bytes.indexOf(10, line + 1);
  }
  if (bytes.length > limits.head) tooLarge(limits);
  return -1;
}

/** Throws. */
export function tooLarge(limits: SipLimits): never {
  refuse('too-large', '', 0, 'local limit', `the head is over ${limits.head} bytes`);
}

/** Reads the head that these bytes are, its empty line included. Throws SipSyntaxError. */
export function readHead(bytes: Uint8Array, limits: SipLimits): Head {
  const { text, encoding } = decodeHead(bytes);
  // As long as its bytes, valid UTF-8 is ASCII, and bytes are their own codes.
  const source = text.length === bytes.length ? { text, codes: bytes } : sourceOf(text);
  return indexHead(source, text.length, encoding, limits, undefined);
}

/**
 * Reads the head source[0, end), its empty line included; `lines` are the ends of its lines, where they are known and
 * its codes held. Throws SipSyntaxError.
 */
export function indexHead(
  source: Source,
  end: number,
  encoding: HeadEncoding,
  limits: SipLimits,
  lines: Int32Array | undefined,
): Head {
  const { codes, text } = source;
  let first = 0;
  while (codes[first] === 13 || codes[first] === 10) first++;
  const startEnd = lines === undefined ? endOfLine(source, first, limits) : lines[0]!;
  if (startEnd - first > limits.lineLength) refuseLength(text, first, limits);
  const firsts = new Array<HeaderField | undefined>(FIRST_PLACES);
  const fields = indexFields(source, startEnd, end - 2, limits, firsts, lines);
  const start = parseStartLine(source, first, startEnd - 2);
  try {
    const length = lengthOf(fields, firsts, source);
    return { text, encoding, start, startEnd, fields, firsts, length, lengthFault: undefined };
  } catch (error) {
    if (!(error instanceof SipSyntaxError)) throw error;
    return { text, encoding, start, startEnd, fields, firsts, length: undefined, lengthFault: error };
  }
}

// Behind the CRLF of the line that begins at `from`.
function endOfLine({ text, codes }: Source, from: number, limits: SipLimits): number {
  const carriage = text.indexOf('\r', from);
  if (codes[carriage + 1] !== 10) {
    refuse('line-ending', text, carriage, 'RFC 3261 section 7', 'a CR stands alone');
  }
  const feed = text.indexOf('\n', from);
  if (feed !== carriage + 1)
    refuse('line-ending', text, feed, 'RFC 3261 section 7', 'a line ends without CR');
  if (feed + 1 - from > limits.lineLength) refuseLength(text, from, limits);
  return feed + 1;
}

function refuseLength(text: string, from: number, limits: SipLimits): never {
  refuse('line-too-long', text, from, 'local limit', `a line is over ${limits.lineLength} characters`);
}

/**
 * The header fields of source[from, end), the first of each header into `firsts`; `lines` as in `indexHead`, the first of
 * them is not looked at. Throws SipSyntaxError.
 */
export function indexFields(
  source: Source,
  from: number,
  end: number,
  limits: SipLimits,
  firsts?: (HeaderField | undefined)[],
  lines?: Int32Array,
): HeaderField[] {
  const { text, codes } = source;
  if (lines === undefined) holdCodes(codes, end);
  const fields: HeaderField[] = [];
  let start = from;
  let line = 1;
  while (start < end) {
    const lineEnd = lines === undefined ? endOfLine(source, start, limits) : lines[line++]!;
    let next = lineEnd;
    while (codes[next] === 32 || codes[next] === 9) {
      next = lines === undefined ? endOfLine(source, next, limits) : lines[line++]!;
    }
    if (next - start > limits.lineLength) {
      refuse('line-too-long', text, start, 'local limit', `a header is over ${limits.lineLength} characters`);
    }
    const spelling = headerAt(codes, start);
    const nameEnd = spelling === undefined ? tokenEnd(codes, start, next) : start + spelling.length;
    const colon = colonBehind(source, start, nameEnd);
    if (fields.length === limits.headers) {
      refuse('too-many-headers', text, start, 'local limit', `over ${limits.headers} headers`);
    }
    // A space before the colon keeps a known name from being seen above.
    const header =
      spelling?.header ?? (colon > nameEnd ? headerNamed(text.slice(start, nameEnd)) : undefined);
    const field = new HeaderField(header, source, start, nameEnd, colon + 1, next, next > lineEnd);
    fields.push(field);
    if (firsts !== undefined && header !== undefined) {
      const { place } = header;
      if (place < FIRST_PLACES && firsts[place] === undefined) firsts[place] = field;
    }
    start = next;
  }
  return fields;
}

// Where the colon stands behind a name.
function colonBehind({ text, codes }: Source, start: number, nameEnd: number): number {
  let colon = nameEnd;
  while (codes[colon] === 32 || codes[colon] === 9) colon++;
  if (nameEnd === start || codes[colon] !== 58) {
    refuse(
      'header-malformed',
      text,
      colon,
      'RFC 3261 section 7.3.1',
      'a header is a name, a colon and a value',
    );
  }
  return colon;
}

const LENGTH_CLAUSE = 'RFC 3261 section 20.14';

function lengthOf(
  fields: readonly HeaderField[],
  firsts: FirstFields,
  { text, codes }: Source,
): number | undefined {
  let length: number | undefined;
  const first = firsts[CONTENT_LENGTH.place];
  if (first === undefined) return undefined;
  // It is mostly the last.
  let from = fields.length - 1;
  while (fields[from] !== first) from--;
  for (let at = from; at < fields.length; at++) {
    const field = fields[at]!;
    if (!field.isOf(CONTENT_LENGTH)) continue;
    if (length === undefined) {
      length = numberIn(codes, field.from, field.end);
      if (length >= 0) {
        field.typed = length;
        continue;
      }
      length = undefined;
    }
    const cursor = new Cursor(field.source, field.from, field.end);
    const value = readNumber(cursor, 'content-length-malformed', LENGTH_CLAUSE, Number.MAX_SAFE_INTEGER);
    if (cursor.skipSpace() !== -1) {
      cursor.fail('content-length-malformed', LENGTH_CLAUSE, 'text behind the length');
    }
    if (length !== undefined) {
      refuse('content-length-conflict', text, field.start, LENGTH_CLAUSE, 'Content-Length stands twice');
    }
    field.typed = value;
    length = value;
  }
  return length;
}

export function refuse(
  code: SipErrorCode,
  text: string,
  offset: number,
  clause: string,
  message: string,
): never {
  throw new SipSyntaxError(code, placeIn(text, offset), clause, message);
}
