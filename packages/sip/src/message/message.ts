import { type CSeq, readCSeq, readNumber } from './cseq.ts';
import type { Cursor } from './cursor.ts';
import type { HeaderField } from './field.ts';
import type { HeadEncoding } from './head-text.ts';
import {
  firstOf,
  newField,
  nextOf,
  withField,
  withFieldBefore,
  withFieldBehind,
  withoutFirst,
} from './header-list.ts';
import { FIRST_PLACES, type HeaderName, headerNamed } from './header-names.ts';
import {
  CALL_ID,
  CONTACT,
  CONTENT_LENGTH,
  CONTENT_TYPE,
  CSEQ,
  EXPIRES,
  FROM,
  MAX_FORWARDS,
  MIN_EXPIRES,
  P_ASSERTED_IDENTITY,
  PATH,
  RECORD_ROUTE,
  ROUTE,
  SERVICE_ROUTE,
  TO,
  VIA,
} from './known-headers.ts';
import { readList, readOne, splitAt } from './list-value.ts';
import { type MediaType, readMediaType } from './media-type.ts';
import { type MessageParts, partsOf } from './message-parts.ts';
import { type NameAddr, readNameAddr } from './name-addr.ts';
import { numberIn } from './scan.ts';
import { SipSyntaxError } from './sip-error.ts';
import { readVia, type Via } from './via.ts';
import { requestLine, statusLine } from './write-start-line.ts';

/** A request or a response. */
export type SipMessage = SipRequest | SipResponse;

/**
 * What requests and responses have in common. Immutable: an edit gives a new message, in which every untouched header
 * stands byte for byte as before. Header names are taken in any case and in compact form. Typed readers read when
 * asked, keep what they read, and throw SipSyntaxError.
 */
abstract class Message implements MessageParts {
  /** Header fields in order, as written. */
  readonly fields: readonly HeaderField[];
  private readonly parts: MessageParts;

  constructor(parts: MessageParts) {
    this.fields = parts.fields;
    this.parts = parts;
  }

  get startLine(): string {
    return this.parts.startLine;
  }

  get body(): Uint8Array {
    return this.parts.body;
  }

  get encoding(): HeadEncoding {
    return this.parts.encoding;
  }

  get bytes(): Uint8Array | undefined {
    return this.parts.bytes;
  }

  /** First value of a header on one line, undefined when it is not there. */
  get(name: string): string | undefined {
    const field = this.first(headerNamed(name));
    if (field === undefined || !field.header.isList) return field?.value;
    const places = splitAt(field.source.codes, field.from, field.end);
    return places.length === 0 ? '' : field.lineOf(places[0]!, places[1]!);
  }

  /** All values of a header, each on one line: those of lists one by one, of other headers one for a field. */
  getAll(name: string): string[] {
    const header = headerNamed(name);
    const values: string[] = [];
    for (const field of this.fields) {
      if (!field.isOf(header)) continue;
      if (!header.isList) values.push(field.value);
      else {
        const places = splitAt(field.source.codes, field.from, field.end);
        for (let at = 0; at < places.length; at += 2) values.push(field.lineOf(places[at]!, places[at + 1]!));
      }
    }
    return values;
  }

  has(name: string): boolean {
    return this.first(headerNamed(name)) !== undefined;
  }

  /** The Via on top. */
  get via(): Via {
    return readList(this.need(VIA), readVia)[0]!;
  }

  get vias(): Via[] {
    return this.list(VIA, readVia);
  }

  get from(): NameAddr {
    return readOne(this.need(FROM), readNameAddr);
  }

  get to(): NameAddr {
    return readOne(this.need(TO), readNameAddr);
  }

  get callId(): string {
    const { text, from, end } = this.need(CALL_ID);
    return text.slice(from, end);
  }

  get cseq(): CSeq {
    return readOne(this.need(CSEQ), readCSeq);
  }

  /** Contact values; none for `Contact: *`. */
  get contacts(): NameAddr[] {
    return this.isContactStar ? [] : this.list(CONTACT, readNameAddr);
  }

  /** Whether it says `Contact: *` (RFC 3261 section 10.2.2). */
  get isContactStar(): boolean {
    const field = this.first(CONTACT);
    return field !== undefined && field.end - field.from === 1 && field.text[field.from] === '*';
  }

  get routes(): NameAddr[] {
    return this.list(ROUTE, readNameAddr);
  }

  get recordRoutes(): NameAddr[] {
    return this.list(RECORD_ROUTE, readNameAddr);
  }

  get path(): NameAddr[] {
    return this.list(PATH, readNameAddr);
  }

  get serviceRoutes(): NameAddr[] {
    return this.list(SERVICE_ROUTE, readNameAddr);
  }

  /** P-Asserted-Identity (RFC 3325). */
  get assertedIdentities(): NameAddr[] {
    return this.list(P_ASSERTED_IDENTITY, readNameAddr);
  }

  get maxForwards(): number | undefined {
    return this.number(MAX_FORWARDS, 'RFC 3261 section 20.22', 255);
  }

  /** Seconds. */
  get expires(): number | undefined {
    return this.number(EXPIRES, 'RFC 3261 section 20.19', 2 ** 32 - 1);
  }

  /** Seconds. */
  get minExpires(): number | undefined {
    return this.number(MIN_EXPIRES, 'RFC 3261 section 20.23', 2 ** 32 - 1);
  }

  /** Bytes. */
  get contentLength(): number | undefined {
    return this.number(CONTENT_LENGTH, 'RFC 3261 section 20.14', Number.MAX_SAFE_INTEGER);
  }

  get contentType(): MediaType | undefined {
    const field = this.first(CONTENT_TYPE);
    return field === undefined ? undefined : readOne(field, readMediaType);
  }

  /** Reads the one value of a header by a reader of the caller's; undefined when the header is not there. */
  read<T>(name: string, reader: (cursor: Cursor) => T): T | undefined {
    const field = this.first(headerNamed(name));
    return field === undefined ? undefined : readOne(field, reader);
  }

  /** Reads all values of a list header by a reader of the caller's. */
  readAll<T>(name: string, reader: (cursor: Cursor) => T): T[] {
    return this.list(headerNamed(name), reader);
  }

  /** With the header set to one value: in the first one's place, or at the end. */
  set(name: string, value: string): this {
    return this.edited(withField(this.fields, newField(name, value, this.encoding)));
  }

  /** With a field before the first of its name, or before all headers. */
  prepend(name: string, value: string): this {
    return this.edited(withFieldBefore(this.fields, newField(name, value, this.encoding)));
  }

  /** With a field behind the last of its name, or behind all headers. */
  append(name: string, value: string): this {
    return this.edited(withFieldBehind(this.fields, newField(name, value, this.encoding)));
  }

  /** Without any field of this name. */
  remove(name: string): this {
    const header = headerNamed(name);
    return this.has(name) ? this.edited(this.fields.filter((field) => !field.isOf(header))) : this;
  }

  /** Without the first value of this name. */
  removeFirst(name: string): this {
    return this.has(name) ? this.edited(withoutFirst(this.fields, headerNamed(name))) : this;
  }

  /** With another body; its type and length are set with it. An empty body has no type. */
  withBody(body: Uint8Array, contentType?: string): this {
    const length = newField('Content-Length', String(body.length), 'utf-8');
    const fields = withField(this.fields, length);
    if (body.length === 0)
      return this.copy(
        fields.filter(({ key }) => key !== 'content-type'),
        body,
      );
    if (contentType === undefined) return this.copy(fields, body);
    return this.copy(withField(fields, newField('Content-Type', contentType, this.encoding)), body);
  }

  /** The same with other fields and body. */
  protected abstract copy(fields: readonly HeaderField[], body: Uint8Array): this;

  private edited(fields: readonly HeaderField[]): this {
    return this.copy(fields, this.body);
  }

  private first(header: HeaderName): HeaderField | undefined {
    const { firsts } = this.parts;
    return firsts === undefined || header.place >= FIRST_PLACES
      ? firstOf(this.fields, header)
      : firsts[header.place];
  }

  private need(header: HeaderName): HeaderField {
    const field = this.first(header);
    if (field !== undefined) return field;
    const place = { line: 1, column: 1, offset: 0 };
    const clause = 'RFC 3261 section 8.1.1';
    throw new SipSyntaxError('header-missing', place, clause, `there is no ${header.name}`);
  }

  private list<T>(header: HeaderName, read: (cursor: Cursor) => T): T[] {
    const values: T[] = [];
    const { fields } = this;
    if (this.first(header) === undefined) return values;
    for (let at = nextOf(fields, header, 0); at >= 0; at = nextOf(fields, header, at + 1)) {
      const some = readList(fields[at]!, read);
      for (let index = 0; index < some.length; index++) values.push(some[index]!);
    }
    return values;
  }

  private number(header: HeaderName, clause: string, most: number): number | undefined {
    const field = this.first(header);
    if (field === undefined) return undefined;
    if (field.typed === undefined) {
      const value = numberIn(field.source.codes, field.from, field.end);
      if (value >= 0 && value <= most) field.typed = value;
    }
    return readOne(field, (cursor) => readNumber(cursor, 'number-malformed', clause, most));
  }
}

export class SipRequest extends Message {
  readonly kind = 'request';
  readonly method: string;
  /** The Request-URI as text; `parseUri` reads it. */
  readonly uri: string;
  /** `2.0` */
  readonly version: string;

  constructor(parts: MessageParts, method: string, uri: string, version: string) {
    super(parts);
    this.method = method;
    this.uri = uri;
    this.version = version;
  }

  /** With another method or Request-URI. */
  withStartLine(method: string, uri: string): SipRequest {
    const startLine = requestLine(method, uri, this.encoding);
    return new SipRequest({ ...partsOf(this, this.fields, this.body), startLine }, method, uri, '2.0');
  }

  withUri(uri: string): SipRequest {
    return this.withStartLine(this.method, uri);
  }

  protected override copy(fields: readonly HeaderField[], body: Uint8Array): this {
    const parts = partsOf(this, fields, body);
    return new SipRequest(parts, this.method, this.uri, this.version) as this;
  }
}

export class SipResponse extends Message {
  readonly kind = 'response';
  readonly status: number;
  readonly reason: string;
  /** `2.0` */
  readonly version: string;

  constructor(parts: MessageParts, status: number, reason: string, version: string) {
    super(parts);
    this.status = status;
    this.reason = reason;
    this.version = version;
  }

  /** With another status. */
  withStartLine(status: number, reason: string): SipResponse {
    const startLine = statusLine(status, reason, this.encoding);
    return new SipResponse({ ...partsOf(this, this.fields, this.body), startLine }, status, reason, '2.0');
  }

  protected override copy(fields: readonly HeaderField[], body: Uint8Array): this {
    const parts = partsOf(this, fields, body);
    return new SipResponse(parts, this.status, this.reason, this.version) as this;
  }
}
