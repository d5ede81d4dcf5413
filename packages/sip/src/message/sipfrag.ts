import { indexFields, refuse } from './head.ts';
import { decodeHead } from './head-text.ts';
import { DEFAULT_SIP_LIMITS, type SipLimits } from './limits.ts';
import { SipResponse } from './message.ts';
import { isToken } from './scan.ts';
import { sourceOf } from './source.ts';
import { parseStartLine, type RequestLine, type StatusLine } from './start-line.ts';

/** Some lines of a message (RFC 3420), as NOTIFY carries them to tell how a REFER goes. */
export interface SipFragment {
  readonly start: RequestLine | StatusLine | undefined;
  /** First value of a header. */
  readonly get: (name: string) => string | undefined;
  readonly getAll: (name: string) => string[];
}

/**
 * Reads a message/sipfrag body: a start line or none, headers or none. Line endings without CR and a missing last one
 * are taken, since real notifiers send both. Throws SipSyntaxError.
 */
export function parseSipfrag(body: Uint8Array, limits: SipLimits = DEFAULT_SIP_LIMITS): SipFragment {
  if (body.length > limits.head) {
    refuse('too-large', '', 0, 'local limit', `the fragment is over ${limits.head} bytes`);
  }
  const decoded = decodeHead(body);
  const lines = decoded.text.replace(/\r?\n/g, '\r\n').replace(/^(?:\r\n)+/, '');
  const empty = lines.indexOf('\r\n\r\n');
  const text = `${(empty < 0 ? lines : lines.slice(0, empty)).replace(/\r\n$/, '')}\r\n`;
  const source = sourceOf(text);
  const firstEnd = text.indexOf('\r\n');
  const first = text.slice(0, firstEnd);
  const colon = first.indexOf(':');
  const isHeader = colon > 0 && isToken(first.slice(0, colon).trimEnd());
  const start = isHeader || first === '' ? undefined : parseStartLine(source, 0, firstEnd);
  if (start?.kind === 'request' && start.fault !== undefined) throw start.fault;
  const fields = first === '' ? [] : indexFields(source, isHeader ? 0 : firstEnd + 2, text.length, limits);
  const nothing = body.subarray(body.length);
  const parts = { startLine: '', fields, body: nothing, encoding: decoded.encoding, bytes: undefined };
  const headers = new SipResponse(parts, 0, '', '');
  return { start, get: (name) => headers.get(name), getAll: (name) => headers.getAll(name) };
}

/** `SIP/2.0 180 Ringing`, as a NOTIFY's body. */
export function writeSipfrag(status: number, reason: string): Uint8Array {
  return new TextEncoder().encode(`SIP/2.0 ${status} ${reason}\r\n`);
}
