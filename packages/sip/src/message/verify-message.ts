import { readAuth } from './challenge.ts';
import { readCSeq, readNumber } from './cseq.ts';
import type { Cursor } from './cursor.ts';
import { readDate } from './date.ts';
import type { HeaderField } from './field.ts';
import { headerNamed } from './header-names.ts';
import { readList, readOne } from './list-value.ts';
import { readMediaType } from './media-type.ts';
import type { SipMessage } from './message.ts';
import { NameAddr, readNameAddr } from './name-addr.ts';
import { readReason } from './reason.ts';
import { type Place, placeIn, type SipErrorCode, SipSyntaxError } from './sip-error.ts';
import { readMinSe, readRack, readRetryAfter, readSessionExpires } from './timing-headers.ts';
import { readReplaces } from './transfer-headers.ts';
import { isSipUri, parseUri, type Uri } from './uri.ts';
import { readVia } from './via.ts';
import { readWarning } from './warning.ts';

const SECONDS = 2 ** 32 - 1;

const number = (section: string, most: number) => (cursor: Cursor) =>
  readNumber(cursor, 'number-malformed', `RFC 3261 section ${section}`, most);

/** How a header is read to see that it can be. */
const READERS: Readonly<Record<string, (cursor: Cursor) => unknown>> = {
  via: readVia,
  from: readNameAddr,
  to: readNameAddr,
  contact: readNameAddr,
  route: readNameAddr,
  'record-route': readNameAddr,
  path: readNameAddr,
  'service-route': readNameAddr,
  'reply-to': readNameAddr,
  'refer-to': readNameAddr,
  'referred-by': readNameAddr,
  'p-asserted-identity': readNameAddr,
  cseq: readCSeq,
  'max-forwards': number('20.22', 255),
  expires: number('20.19', SECONDS),
  'min-expires': number('20.23', SECONDS),
  'content-length': number('20.14', Number.MAX_SAFE_INTEGER),
  rseq: number('25.1', SECONDS),
  rack: readRack,
  'content-type': readMediaType,
  date: readDate,
  'retry-after': readRetryAfter,
  warning: readWarning,
  reason: readReason,
  'session-expires': readSessionExpires,
  'min-se': readMinSe,
  replaces: readReplaces,
  authorization: readAuth,
  'proxy-authorization': readAuth,
  'www-authenticate': readAuth,
  'proxy-authenticate': readAuth,
};

// Single-valued, and yet allowed to stand more than once (RFC 3261 section 7.3.1).
const REPEATABLE = new Set([
  'authorization',
  'proxy-authorization',
  'www-authenticate',
  'proxy-authenticate',
  'server',
  'user-agent',
]);
const MANDATORY = ['via', 'from', 'to', 'call-id', 'cseq'];

/**
 * Reads every header this library knows and checks what RFC 3261 says of the message as a whole: mandatory headers,
 * single ones that stand twice, the method in CSeq, the Request-URI. Throws the first SipSyntaxError; says nothing of
 * what a server may refuse for other reasons (`judgeRequest`). What was read is kept with the message.
 */
export function verifyMessage(message: SipMessage): void {
  for (const key of MANDATORY) {
    if (!message.has(key)) {
      const clause = 'RFC 3261 section 8.1.1';
      throw new SipSyntaxError('header-missing', ORIGIN, clause, `there is no ${headerNamed(key).name}`);
    }
  }
  const seen = new Set<string>();
  for (const field of message.fields) {
    if (Object.hasOwn(READERS, field.key) || field.key === 'call-id') verifyRepeat(field, seen);
    verifyField(field);
  }
  const contacts = message.fields.filter(({ key }) => key === 'contact');
  const star = contacts.find(isStar);
  if (star !== undefined && contacts.length > 1)
    refuse('value-malformed', star, 'RFC 3261 section 10.2.2', 'Contact: * stands alone');
  if (message.kind === 'response') return;
  const cseq = message.fields.find(({ key }) => key === 'cseq')!;
  if (message.cseq.method !== message.method) {
    const what = `CSeq says ${message.cseq.method}, the start line ${message.method}`;
    refuse('method-mismatch', cseq, 'RFC 3261 section 8.1.1.5', what);
  }
  verifyRequestUri(message.uri, message.method.length + 1);
}

const ORIGIN = { line: 1, column: 1, offset: 0 };

function verifyRepeat(field: HeaderField, seen: Set<string>): void {
  if (field.header.isList || REPEATABLE.has(field.key)) return;
  if (seen.has(field.key)) {
    refuse('header-repeated', field, 'RFC 3261 section 7.3.1', `${field.header.name} stands twice`);
  }
  seen.add(field.key);
}

function isStar({ key, text, from, end }: HeaderField): boolean {
  return key === 'contact' && end - from === 1 && text[from] === '*';
}

/** Reads a field when its header is known. Throws SipSyntaxError. */
export function verifyField(field: HeaderField): void {
  const { key, text, from, end } = field;
  if (key === 'call-id') {
    // 1*word["@"word]: no white space within.
    const id = text.slice(from, end);
    if (id === '' || /\s/.test(id))
      refuse('value-malformed', field, 'RFC 3261 section 20.8', 'not a Call-ID');
    return;
  }
  if (!Object.hasOwn(READERS, key)) return;
  if (isStar(field)) return;
  const reader = READERS[key]!;
  const values: readonly unknown[] = field.header.isList ? readList(field, reader) : [readOne(field, reader)];
  for (const value of values) {
    if (value instanceof NameAddr) {
      verifyUri(value.uri, () => placeIn(text, Math.max(from, text.indexOf(value.uri, from))));
    }
  }
}

// An address counts from its own beginning; the place that is reported is its place in the message.
function verifyUri(text: string, place: () => Place): Uri {
  try {
    return parseUri(text);
  } catch (error) {
    if (!(error instanceof SipSyntaxError)) throw error;
    throw new SipSyntaxError(error.code, place(), error.clause, `${text} is no address: ${error.what}`);
  }
}

function verifyRequestUri(text: string, offset: number): void {
  const place = { line: 1, column: offset + 1, offset };
  const uri = verifyUri(text, () => place);
  if (!isSipUri(uri) || (uri.headers.length === 0 && !uri.params.has('method'))) return;
  const message = 'a Request-URI has no headers and no method parameter';
  throw new SipSyntaxError('uri-malformed', place, 'RFC 3261 section 19.1.1', message);
}

function refuse(code: SipErrorCode, field: HeaderField, clause: string, message: string): never {
  throw new SipSyntaxError(code, placeIn(field.text, field.start), clause, message);
}
