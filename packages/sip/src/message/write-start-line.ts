import { encodable, type HeadEncoding } from './head-text.ts';
import { SipSyntaxError } from './sip-error.ts';

/** A request's start line with its ending. Throws SipSyntaxError for what would break the line. */
export function requestLine(method: string, uri: string, encoding: HeadEncoding): string {
  if (/[\s\0]/.test(uri) || /[\s\0]/.test(method) || uri === '' || method === '') {
    throw new SipSyntaxError(
      'start-line-malformed',
      { line: 1, column: 1, offset: 0 },
      'RFC 3261 section 7.1',
      'method and Request-URI hold no white space',
    );
  }
  return encodable(`${method} ${uri} SIP/2.0\r\n`, encoding);
}

/** A response's start line with its ending. Throws SipSyntaxError for what would break the line. */
export function statusLine(status: number, reason: string, encoding: HeadEncoding): string {
  if (!Number.isInteger(status) || status < 100 || status > 699 || /[\r\n\0]/.test(reason)) {
    throw new SipSyntaxError(
      'status-malformed',
      { line: 1, column: 1, offset: 0 },
      'RFC 3261 section 7.2',
      'a status is a number from 100 to 699 with a reason on one line',
    );
  }
  return encodable(`SIP/2.0 ${status} ${reason}\r\n`, encoding);
}
