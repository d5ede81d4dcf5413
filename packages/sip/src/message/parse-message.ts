import { type Head, headEndIn, indexHead, readHead, refuse } from './head.ts';
import { holdHead, LINE_ENDS } from './held-codes.ts';
import { DEFAULT_SIP_LIMITS, type SipLimits } from './limits.ts';
import { type SipMessage, SipRequest, SipResponse } from './message.ts';
import { ReadParts } from './read-parts.ts';
import { SipSyntaxError } from './sip-error.ts';

const CLAUSE = 'RFC 3261 section 18.3';

/**
 * Reads one datagram (RFC 3261 section 18.3): the start line, the header fields' places and the length of the body are
 * checked, header values are read when asked for (`verifyMessage` reads them all). Bytes behind the body are cut off;
 * the message keeps a view of the bytes given. `writeMessage` gives back what was read, byte for byte.
 *
 * Throws SipSyntaxError; its `request` is there when the sender can be answered. Takes linear time.
 */
export function parseMessage(bytes: Uint8Array, limits: SipLimits = DEFAULT_SIP_LIMITS): SipMessage {
  const start = startOf(bytes);
  const end = bytes.length <= limits.head ? holdHead(bytes, start) : -1;
  const whole = end < 0 ? undefined : decodeAscii(bytes);
  if (whole !== undefined) {
    const head = indexHead({ text: whole, codes: bytes }, end, 'utf-8', limits, LINE_ENDS);
    return completeMessage(head, bytes, end, limits);
  }
  const headEnd = headEndIn(bytes, start, limits);
  if (headEnd < 0) refuse('head-unended', '', 0, 'RFC 3261 section 7', 'no empty line ends the headers');
  const head = readHead(bytes.subarray(0, headEnd), limits);
  return completeMessage(head, bytes, headEnd, limits);
}

function startOf(bytes: Uint8Array): number {
  let start = 0;
  while (bytes[start] === 13 || bytes[start] === 10) start++;
  if (start === bytes.length) refuse('empty', '', 0, 'RFC 3261 section 7', 'there is no message');
  return start;
}

const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

// Most datagrams are ASCII through and through: one call makes their text, and bytes are its codes.
function decodeAscii(bytes: Uint8Array): string | undefined {
  const text = DECODER.decode(bytes);
  return text.length === bytes.length && !text.includes('\uFFFD') ? text : undefined;
}

/**
 * The message of a head whose body stands in bytes from headEnd on. Throws SipSyntaxError, with the request that can
 * still be answered.
 */
export function completeMessage(
  head: Head,
  bytes: Uint8Array,
  headEnd: number,
  limits: SipLimits,
): SipMessage {
  const { start, length } = head;
  let fault = start.kind === 'request' ? start.fault : undefined;
  fault ??= head.lengthFault;
  let end = bytes.length;
  if (length !== undefined) {
    const there = bytes.length - headEnd;
    if (length <= there) end = headEnd + length;
    else
      fault ??= faultOf('body-truncated', CLAUSE, `Content-Length says ${length}, there are ${there} bytes`);
  }
  if (end - headEnd > limits.body) {
    fault ??= faultOf('too-large', 'local limit', `the body is over ${limits.body} bytes`);
  }
  const parts = new ReadParts(head, bytes, headEnd, end);
  if (start.kind === 'response') {
    if (fault !== undefined) throw fault;
    return new SipResponse(parts, start.status, start.reason, start.version);
  }
  const request = new SipRequest(parts, start.method, start.uri, start.version);
  if (fault === undefined) return request;
  fault.request = request;
  throw fault;
}

function faultOf(code: 'body-truncated' | 'too-large', clause: string, message: string): SipSyntaxError {
  return new SipSyntaxError(code, { line: 1, column: 1, offset: 0 }, clause, message);
}
