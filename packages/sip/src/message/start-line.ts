import { beforeSpace, isSpace, tokenEnd } from './scan.ts';
import { placeIn, type SipErrorCode, SipSyntaxError } from './sip-error.ts';

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

/** Reads the start line text[from, end). Throws SipSyntaxError. */
export function parseStartLine(text: string, from: number, end: number): RequestLine | StatusLine {
  const version = versionEnd(text, from, end);
  if (version < 0 || text.charCodeAt(version) !== SPACE) return parseRequestLine(text, from, end);
  const code = version + 1;
  const status = statusAt(text, code, end);
  if (status < 0)
    refuse('status-malformed', text, code, STATUS_CLAUSE, 'a status has three digits, 100 to 699');
  const reason = code + 3 < end ? text.slice(code + 4, end) : '';
  return { kind: 'response', status, reason, version: text.slice(from + 4, version) };
}

function statusAt(text: string, at: number, end: number): number {
  const behind = at + 3;
  if (behind > end || (behind < end && text.charCodeAt(behind) !== SPACE)) return -1;
  const hundreds = text.charCodeAt(at) - 48;
  const tens = text.charCodeAt(at + 1) - 48;
  const ones = text.charCodeAt(at + 2) - 48;
  if (hundreds < 1 || hundreds > 6 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return -1;
  return hundreds * 100 + tens * 10 + ones;
}

// Behind `SIP/1*DIGIT.1*DIGIT` in any case, or -1.
function versionEnd(text: string, from: number, end: number): number {
  if (
    (text.charCodeAt(from) | 32) !== 115 ||
    (text.charCodeAt(from + 1) | 32) !== 105 ||
    (text.charCodeAt(from + 2) | 32) !== 112 ||
    text.charCodeAt(from + 3) !== 47
  ) {
    return -1;
  }
  const dot = digitsEnd(text, from + 4, end);
  if (dot === from + 4 || text.charCodeAt(dot) !== 46) return -1;
  const stop = digitsEnd(text, dot + 1, end);
  return stop === dot + 1 ? -1 : stop;
}

function digitsEnd(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
  return at;
}

function parseRequestLine(text: string, from: number, end: number): RequestLine {
  const methodEnd = tokenEnd(text, from, end);
  if (methodEnd === from || text.charCodeAt(methodEnd) !== SPACE) {
    refuse(
      'start-line-malformed',
      text,
      methodEnd,
      REQUEST_CLAUSE,
      'a request begins with a method and a space',
    );
  }
  const trimmed = beforeSpace(text, methodEnd, end);
  const last = text.lastIndexOf(' ', trimmed - 1);
  if (last <= methodEnd || versionEnd(text, last + 1, trimmed) !== trimmed) {
    const at = Math.max(last + 1, methodEnd);
    refuse('start-line-malformed', text, at, REQUEST_CLAUSE, 'a request line ends with SIP/2.0');
  }
  let start = methodEnd;
  while (isSpace(text.charCodeAt(start))) start++;
  const uriEnd = beforeSpace(text, start, last);
  const uri = text.slice(start, uriEnd);
  const fault =
    start !== methodEnd + 1 || uriEnd !== last
      ? faultAt(text, methodEnd + 1, 'single spaces part method, Request-URI and version')
      : trimmed !== end
        ? faultAt(text, trimmed, 'nothing follows the version')
        : uriFault(text, start, uriEnd);
  const method = text.slice(from, methodEnd);
  return { kind: 'request', method, uri, version: text.slice(last + 5, trimmed), fault };
}

// What the Request-URI must not hold whatever its scheme is.
function uriFault(text: string, from: number, end: number): SipSyntaxError | undefined {
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code <= SPACE || code === 127) {
      return faultAt(text, at, 'a Request-URI holds no white space and no control character');
    }
    if (code === 60 || code === 62 || code === 34) {
      return faultAt(text, at, 'a Request-URI stands without < and > and holds no quote');
    }
  }
  return from === end ? faultAt(text, from, 'the Request-URI is empty') : undefined;
}

function faultAt(text: string, at: number, message: string): SipSyntaxError {
  return new SipSyntaxError('start-line-malformed', placeIn(text, at), REQUEST_CLAUSE, message);
}

function refuse(code: SipErrorCode, text: string, at: number, clause: string, message: string): never {
  throw new SipSyntaxError(code, placeIn(text, at), clause, message);
}
