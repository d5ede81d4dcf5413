import { type HeaderField, makeField } from './field.ts';
import { newField, withField } from './header-list.ts';
import { SipRequest, SipResponse } from './message.ts';
import { REASON_PHRASES } from './reason-phrases.ts';
import { requestLine, statusLine } from './write-start-line.ts';

const NOTHING = new Uint8Array(0);

export interface RequestPlan {
  readonly method: string;
  readonly uri: string;
  /** In the order in which they are written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array | string;
}

/** A request of these headers, with its Content-Length. Throws SipSyntaxError for what would break its lines. */
export function makeRequest({ method, uri, headers, body }: RequestPlan): SipRequest {
  const bytes = bytesOf(body);
  const fields = headers.map(([name, value]) => newField(name, value, 'utf-8'));
  const startLine = requestLine(method, uri, 'utf-8');
  const parts = {
    startLine,
    fields: sized(fields, bytes),
    body: bytes,
    encoding: 'utf-8',
    bytes: undefined,
  } as const;
  return new SipRequest(parts, method, uri, '2.0');
}

export interface ResponsePlan {
  /** Put into To when it has no tag; never for 100. */
  readonly toTag?: string;
  /** Besides those that are copied from the request. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array | string;
}

const COPIED = new Set(['via', 'from', 'to', 'call-id', 'cseq']);

/**
 * A response to a request: Via, From, To, Call-ID and CSeq are the request's, byte for byte (RFC 3261 section
 * 8.2.6.2), Timestamp too in a 100 (8.2.6.1), and Record-Route where the response makes a dialog (12.1.1).
 */
export function makeResponse(
  request: SipRequest,
  status: number,
  reason: string = REASON_PHRASES[status] ?? '',
  plan: ResponsePlan = {},
): SipResponse {
  const body = bytesOf(plan.body);
  const makesDialog =
    status > 100 && status < 300 && /^(INVITE|SUBSCRIBE|REFER|NOTIFY)$/.test(request.method);
  const fields: HeaderField[] = [];
  for (const field of request.fields) {
    const { key } = field;
    if (key === 'to' && status > 100 && plan.toTag !== undefined)
      fields.push(tagged(field, request, plan.toTag));
    else if (COPIED.has(key)) fields.push(field);
    else if (key === 'record-route' && makesDialog) fields.push(field);
    else if (key === 'timestamp' && status === 100) fields.push(field);
  }
  const { encoding } = request;
  for (const [name, value] of plan.headers ?? []) fields.push(newField(name, value, encoding));
  const parts = {
    startLine: statusLine(status, reason, encoding),
    fields: sized(fields, body),
    body,
    encoding,
    bytes: undefined,
  };
  return new SipResponse(parts, status, reason, '2.0');
}

function tagged(field: HeaderField, request: SipRequest, tag: string): HeaderField {
  const hasTag = /;\s*tag\s*=/i.test(field.text.slice(field.from, field.end));
  if (hasTag && isTagged(request)) return field;
  return makeField(field.header, field.name, `${request.get('to')};tag=${tag}`);
}

// A To that cannot be read is copied as it is, so that a bad request can be refused too.
function isTagged(request: SipRequest): boolean {
  try {
    return request.to.tag !== undefined;
  } catch {
    return true;
  }
}

function sized(fields: readonly HeaderField[], body: Uint8Array): HeaderField[] {
  return withField(fields, newField('Content-Length', String(body.length), 'utf-8'));
}

function bytesOf(body: Uint8Array | string | undefined): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? NOTHING);
}
