import { beforeSpace, digitsEnd, isSpace, runEnd, standsAt, tokenEnd } from './scan.ts';
import { placeIn, type SipErrorCode, SipSyntaxError } from './sip-error.ts';
import { type Source, sourceOf } from './source.ts';
import { wordAt } from './words.ts';

/** `INVITE sip:a@b SIP/2.0`. With a fault when it is not what RFC 3261 section 7.1 allows but can be answered. */
export interface RequestLine {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly version: string;
  readonly fault: SipSyntaxError | undefined;
}

/** `SIP/2.0 200 OK` (RFC 3261 section 7.2). */
export interface StatusLine {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly version: string;
}

const REQUEST_CLAUSE = 'RFC 3261 section 7.1';
const STATUS_CLAUSE = 'RFC 3261 section 7.2';
const SPACE = 32;
const SIP_2_0 = sourceOf(' SIP/2.0').codes;
const VERSION = '2.0';

// What a Request-URI may hold whatever its scheme is.
const IN_URI = new Uint8Array(256).fill(1, SPACE + 1);
for (const letter of '<>"\x7f') IN_URI[letter.charCodeAt(0)] = 0;

/** Reads the start line text[from, end). Throws SipSyntaxError. */
export function parseStartLine(source: Source, from: number, end: number): RequestLine | StatusLine {
  const { text, codes } = source;
  const version = versionEnd(codes, from, end);
  if (version < 0 || codes[version]! !== SPACE) return parseRequestLine(source, from, end);
  const code = version + 1;
  const status = statusAt(codes, code, end);
  if (status < 0)
    refuse('status-malformed', text, code, STATUS_CLAUSE, 'a status has three digits, 100 to 699');
  const reason = code + 3 < end ? text.slice(code + 4, end) : '';
  return { kind: 'response', status, reason, version: text.slice(from + 4, version) };
}

function statusAt(codes: Uint8Array, at: number, end: number): number {
  const behind = at + 3;
  if (behind > end || (behind < end && codes[behind]! !== SPACE)) return -1;
  const hundreds = codes[at]! - 48;
  const tens = codes[at + 1]! - 48;
  const ones = codes[at + 2]! - 48;
  if (hundreds < 1 || hundreds > 6 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return -1;
  return hundreds * 100 + tens * 10 + ones;
}

// Behind `SIP/1*DIGIT.1*DIGIT` in any case, or -1.
function versionEnd(codes: Uint8Array, from: number, end: number): number {
  if (
    (codes[from]! | 32) !== 115 ||
    (codes[from + 1]! | 32) !== 105 ||
    (codes[from + 2]! | 32) !== 112 ||
    codes[from + 3]! !== 47
  ) {
    return -1;
  }
  const dot = digitsEnd(codes, from + 4, end);
  if (dot === from + 4 || codes[dot]! !== 46) return -1;
  const stop = digitsEnd(codes, dot + 1, end);
  return stop === dot + 1 ? -1 : stop;
}

function parseRequestLine(source: Source, from: number, end: number): RequestLine {
  const { text, codes } = source;
  const methodEnd = tokenEnd(codes, from, end);
  if (methodEnd === from || codes[methodEnd]! !== SPACE) {
    refuse(
      'start-line-malformed',
      text,
      methodEnd,
      REQUEST_CLAUSE,
      'a request begins with a method and a space',
    );
  }
  const method = wordAt(source, from, methodEnd);
  const start = methodEnd + 1;
  const uriEnd = runEnd(codes, start, end, IN_URI);
  if (uriEnd > start && uriEnd + SIP_2_0.length === end && standsAt(codes, uriEnd, SIP_2_0)) {
    return { kind: 'request', method, uri: text.slice(start, uriEnd), version: VERSION, fault: undefined };
  }
  return parseOddRequestLine(source, method, methodEnd, end);
}

// Of another version, or with a fault.
function parseOddRequestLine(source: Source, method: string, methodEnd: number, end: number): RequestLine {
  const { text, codes } = source;
  const trimmed = beforeSpace(codes, methodEnd, end);
  const last = text.lastIndexOf(' ', trimmed - 1);
  if (last <= methodEnd || versionEnd(codes, last + 1, trimmed) !== trimmed) {
    const at = Math.max(last + 1, methodEnd);
    refuse('start-line-malformed', text, at, REQUEST_CLAUSE, 'a request line ends with SIP/2.0');
  }
  let start = methodEnd;
  while (isSpace(codes[start]!)) start++;
  const uriEnd = beforeSpace(codes, start, last);
  const uri = text.slice(start, uriEnd);
  const fault =
    start !== methodEnd + 1 || uriEnd !== last
      ? faultAt(text, methodEnd + 1, 'single spaces part method, Request-URI and version')
      : trimmed !== end
        ? faultAt(text, trimmed, 'nothing follows the version')
        : uriFault(source, start, uriEnd);
  return { kind: 'request', method, uri, version: text.slice(last + 5, trimmed), fault };
}

function uriFault({ text, codes }: Source, from: number, end: number): SipSyntaxError | undefined {
  if (from === end) return faultAt(text, from, 'the Request-URI is empty');
  const at = runEnd(codes, from, end, IN_URI);
  if (at === end) return undefined;
  return codes[at]! <= SPACE || codes[at] === 127
    ? faultAt(text, at, 'a Request-URI holds no white space and no control character')
    : faultAt(text, at, 'a Request-URI stands without < and > and holds no quote');
}

function faultAt(text: string, at: number, message: string): SipSyntaxError {
  return new SipSyntaxError('start-line-malformed', placeIn(text, at), REQUEST_CLAUSE, message);
}

function refuse(code: SipErrorCode, text: string, at: number, clause: string, message: string): never {
  throw new SipSyntaxError(code, placeIn(text, at), clause, message);
}
