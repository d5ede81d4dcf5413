import type { SipRequest } from './message.ts';

/** Why bytes could not be read as SIP. */
export type SipErrorCode =
  | 'empty'
  | 'too-large'
  | 'too-many-headers'
  | 'line-too-long'
  | 'head-unended'
  | 'body-truncated'
  | 'line-ending'
  | 'start-line-malformed'
  | 'status-malformed'
  | 'method-malformed'
  | 'uri-malformed'
  | 'header-malformed'
  | 'content-length-malformed'
  | 'content-length-missing'
  | 'content-length-conflict'
  | 'number-malformed'
  | 'quote-unended'
  | 'address-malformed'
  | 'parameter-malformed'
  | 'via-malformed'
  | 'cseq-malformed'
  | 'date-malformed'
  | 'value-malformed'
  | 'header-missing'
  | 'header-repeated'
  | 'method-mismatch'
  | 'multipart-malformed';

/** Where in a message something stands. */
export interface Place {
  /** From 1; the start line is line 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** Characters before it in the message's head, counted from 0. */
  readonly offset: number;
}

/** Bad SIP, with its place and the clause it violates. */
export class SipSyntaxError extends Error {
  readonly code: SipErrorCode;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly clause: string;
  /** What is wrong, without place and clause. */
  readonly what: string;
  /** The status with which a server refuses such a request. */
  readonly status: number;
  /** The request as far as it could be read, when it can still be answered (`makeResponse`). */
  request: SipRequest | undefined;

  constructor(code: SipErrorCode, place: Place, clause: string, message: string) {
    super(`${message} (${clause}, line ${place.line}, column ${place.column})`);
    this.name = 'SipSyntaxError';
    this.code = code;
    this.line = place.line;
    this.column = place.column;
    this.offset = place.offset;
    this.clause = clause;
    this.what = message;
    // RFC 3261 sections 21.4.1 and 21.5.8.
    this.status = code === 'too-large' ? 513 : 400;
  }
}

/** The place of a character of a text. Takes linear time: for errors and findings only. */
export function placeIn(text: string, offset: number): Place {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1, offset };
}
