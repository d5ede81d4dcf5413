import { cursorOver } from './cursor.ts';
import { indexFields, refuse } from './head.ts';
import { bytesText } from './head-text.ts';
import { DEFAULT_SIP_LIMITS } from './limits.ts';
import { readMediaType } from './media-type.ts';
import { type SipMessage, SipResponse } from './message.ts';
import { sourceOf } from './source.ts';

/** One part of a body. */
export interface BodyPart {
  /** `text/plain` when it says nothing (RFC 2046 section 5.1). */
  readonly type: string;
  readonly body: Uint8Array;
}

const CLAUSE = 'RFC 2046 section 5.1.1';
const MOST_PARTS = 64;

/**
 * The body of a media type: the message's own, or the first such part of a multipart body, also within nested ones.
 * Undefined when there is none. Throws SipSyntaxError for a Content-Type or multipart that cannot be read.
 */
export function bodyOfType(message: SipMessage, type: string): Uint8Array | undefined {
  const own = message.contentType;
  if (own === undefined || message.body.length === 0) return undefined;
  return find(own.type, own.params.get('boundary'), message.body, type, 0);
}

function find(
  own: string,
  boundary: string | undefined,
  body: Uint8Array,
  wanted: string,
  depth: number,
): Uint8Array | undefined {
  if (own === wanted) return body;
  if (!own.startsWith('multipart/') || depth > 4) return undefined;
  if (boundary === undefined)
    refuse('multipart-malformed', '', 0, CLAUSE, 'a multipart body has no boundary');
  for (const part of splitParts(body, boundary)) {
    const found = find(part.type, part.boundary, part.body, wanted, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The parts of a multipart body with this boundary. Throws SipSyntaxError. */
export function splitParts(
  body: Uint8Array,
  boundary: string,
): (BodyPart & { readonly boundary: string | undefined })[] {
  const text = `\r\n${bytesText(body)}`;
  const mark = `\r\n--${boundary}`;
  const parts: (BodyPart & { boundary: string | undefined })[] = [];
  let at = text.indexOf(mark);
  if (at < 0) refuse('multipart-malformed', '', 0, CLAUSE, 'the boundary does not stand in the body');
  for (;;) {
    const line = at + mark.length;
    if (text.startsWith('--', line)) return parts;
    const start = text.indexOf('\r\n', line);
    const next = text.indexOf(mark, line);
    if (start < 0 || next < 0) refuse('multipart-malformed', '', 0, CLAUSE, 'the last boundary is missing');
    if (parts.length === MOST_PARTS) {
      refuse('multipart-malformed', '', 0, 'local limit', `over ${MOST_PARTS} parts`);
    }
    // The part begins with its headers, or with the empty line when it has none.
    const empty = text.indexOf('\r\n\r\n', start);
    const headEnd = empty < 0 || empty >= next ? next : empty + 4;
    const head = empty === start || headEnd === next ? '' : text.slice(start + 2, headEnd);
    // Two characters stand before the body's first byte.
    const content = body.subarray(Math.min(headEnd, next) - 2, next - 2);
    parts.push({ ...typeOf(head), body: content });
    at = next;
  }
}

function typeOf(head: string): { type: string; boundary: string | undefined } {
  const fields = head === '' ? [] : indexFields(sourceOf(head), 0, head.length - 2, DEFAULT_SIP_LIMITS);
  const parts = {
    startLine: '',
    fields,
    body: new Uint8Array(0),
    encoding: 'bytes',
    bytes: undefined,
  } as const;
  const value = new SipResponse(parts, 0, '', '').get('Content-Type');
  if (value === undefined) return { type: 'text/plain', boundary: undefined };
  const { type, params } = readMediaType(cursorOver(value));
  return { type, boundary: params.get('boundary') };
}
