import { readNumber } from './cseq.ts';
import { Cursor } from './cursor.ts';
import { HeaderField } from './field.ts';
import { decodeHead } from './head-text.ts';
import { headerKeyAt } from './header-names.ts';
import { DEFAULT_SIP_LIMITS, type SipLimits } from './limits.ts';
import { type MessageParts, type SipMessage, SipRequest, SipResponse } from './message.ts';
import { tokenEnd } from './scan.ts';
import { placeIn, type SipErrorCode, SipSyntaxError } from './sip-error.ts';
import { parseStartLine } from './start-line.ts';

/**
 * Reads one datagram (RFC 3261 section 18.3): the start line, the header fields' places and the length of the body are
 * checked, header values are read when asked for (`verifyMessage` reads them all). Bytes behind the body are cut off;
 * the message keeps a view of the bytes given. `writeMessage` gives back what was read, byte for byte.
 *
 * Throws SipSyntaxError; its `request` is there when the sender can be answered. Takes linear time.
 */
export function parseMessage(bytes: Uint8Array, limits: SipLimits = DEFAULT_SIP_LIMITS): SipMessage {
  if (bytes.length > limits.head + limits.body) {
    refuse('too-large', '', 0, 'local limit', `over ${limits.head + limits.body} bytes`);
  }
  const start = startOf(bytes);
  if (start === bytes.length) refuse('empty', '', 0, 'RFC 3261 section 7', 'there is no message');
  const headEnd = headEndIn(bytes, start, limits);
  if (headEnd < 0) refuse('head-unended', '', 0, 'RFC 3261 section 7', 'no empty line ends the headers');
  return parseParts(bytes, headEnd, false, limits);
}

/** Index of the first byte that is no line ending. */
export function startOf(bytes: Uint8Array): number {
  let at = 0;
  while (bytes[at] === 13 || bytes[at] === 10) at++;
  return at;
}

/** Index behind the empty line that ends the head, or -1. Throws SipSyntaxError when it would be too large. */
export function headEndIn(bytes: Uint8Array, start: number, limits: SipLimits): number {
  let line = bytes.indexOf(10, start);
  while (line >= 0) {
    if (line > limits.head) break;
    if (bytes[line + 1] === 13 && bytes[line + 2] === 10) return line + 3;
    line = bytes.indexOf(10, line + 1);
  }
  if (bytes.length > limits.head) {
    refuse('too-large', '', 0, 'local limit', `the head is over ${limits.head} bytes`);
  }
  return -1;
}

/** Reads a message whose head ends at headEnd. A stream's message must say how long it is and be there whole. */
export function parseParts(
  bytes: Uint8Array,
  headEnd: number,
  stream: boolean,
  limits: SipLimits,
): SipMessage {
  const { text, encoding } = decodeHead(bytes.subarray(0, headEnd));
  let first = 0;
  while (text.charCodeAt(first) === 13 || text.charCodeAt(first) === 10) first++;
  const lineEnd = endOfLine(text, first, limits);
  const fields = indexFields(text, lineEnd, limits);
  const start = parseStartLine(text, first, lineEnd - 2);
  let fault = start.kind === 'request' ? start.fault : undefined;
  let end = headEnd;
  try {
    end = bodyEndOf(bytes, headEnd, lengthOf(fields, text), stream, limits);
  } catch (error) {
    if (!(error instanceof SipSyntaxError)) throw error;
    fault ??= error;
  }
  const parts: MessageParts = {
    startLine: text.slice(0, lineEnd),
    fields,
    body: bytes.subarray(headEnd, end),
    encoding,
    bytes: end === bytes.length ? bytes : bytes.subarray(0, end),
  };
  if (start.kind === 'response') {
    if (fault !== undefined) throw fault;
    return new SipResponse(parts, start.status, start.reason, start.version);
  }
  const request = new SipRequest(parts, start.method, start.uri, start.version);
  if (fault === undefined) return request;
  fault.request = request;
  throw fault;
}

function bodyEndOf(
  bytes: Uint8Array,
  headEnd: number,
  length: number | undefined,
  stream: boolean,
  limits: SipLimits,
): number {
  const clause = 'RFC 3261 section 18.3';
  if (length === undefined && stream) {
    refuse('content-length-missing', '', 0, clause, 'no Content-Length on a stream');
  }
  const end = length === undefined ? bytes.length : headEnd + length;
  if (end > bytes.length) {
    const message = `Content-Length says ${length}, there are ${bytes.length - headEnd} bytes`;
    refuse('body-truncated', '', 0, clause, message);
  }
  if (end - headEnd > limits.body) {
    refuse('too-large', '', 0, 'local limit', `the body is over ${limits.body} bytes`);
  }
  return end;
}

// Behind the CRLF of the line that begins at `from`.
function endOfLine(text: string, from: number, limits: SipLimits): number {
  const feed = text.indexOf('\n', from);
  if (text.charCodeAt(feed - 1) !== 13) {
    refuse('line-ending', text, feed, 'RFC 3261 section 7', 'a line ends without CR');
  }
  if (feed + 1 - from > limits.lineLength) {
    refuse('line-too-long', text, from, 'local limit', `a line is over ${limits.lineLength} characters`);
  }
  const carriage = text.indexOf('\r', from);
  if (carriage !== feed - 1) {
    refuse('line-ending', text, carriage, 'RFC 3261 section 7', 'a CR stands alone');
  }
  return feed + 1;
}

function indexFields(text: string, from: number, limits: SipLimits): HeaderField[] {
  const fields: HeaderField[] = [];
  const end = text.length - 2;
  let start = from;
  while (start < end) {
    let next = endOfLine(text, start, limits);
    while (text.charCodeAt(next) === 32 || text.charCodeAt(next) === 9) next = endOfLine(text, next, limits);
    if (next - start > limits.lineLength) {
      refuse('line-too-long', text, start, 'local limit', `a header is over ${limits.lineLength} characters`);
    }
    const nameEnd = tokenEnd(text, start, next);
    let colon = nameEnd;
    while (text.charCodeAt(colon) === 32 || text.charCodeAt(colon) === 9) colon++;
    if (nameEnd === start || text.charCodeAt(colon) !== 58) {
      refuse(
        'header-malformed',
        text,
        colon,
        'RFC 3261 section 7.3.1',
        'a header is a name, a colon and a value',
      );
    }
    if (fields.length === limits.headers) {
      refuse('too-many-headers', text, start, 'local limit', `over ${limits.headers} headers`);
    }
    fields.push(new HeaderField(headerKeyAt(text, start, nameEnd), text, start, nameEnd, colon + 1, next));
    start = next;
  }
  return fields;
}

const LENGTH_CLAUSE = 'RFC 3261 section 20.14';

function lengthOf(fields: readonly HeaderField[], text: string): number | undefined {
  let length: number | undefined;
  for (const field of fields) {
    if (field.key !== 'content-length') continue;
    const cursor = new Cursor(text, field.from, field.end);
    const value = readNumber(cursor, 'content-length-malformed', LENGTH_CLAUSE, Number.MAX_SAFE_INTEGER);
    if (cursor.skipSpace() !== -1) {
      cursor.fail('content-length-malformed', LENGTH_CLAUSE, 'text behind the length');
    }
    if (length !== undefined) {
      refuse('content-length-conflict', text, field.start, LENGTH_CLAUSE, 'Content-Length stands twice');
    }
    length = value;
    field.typed = value;
  }
  return length;
}

function refuse(code: SipErrorCode, text: string, offset: number, clause: string, message: string): never {
  throw new SipSyntaxError(code, placeIn(text, offset), clause, message);
}
