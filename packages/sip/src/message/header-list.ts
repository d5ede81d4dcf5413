import { type HeaderField, makeField } from './field.ts';
import { encodable, type HeadEncoding } from './head-text.ts';
import { type HeaderName, headerNamed } from './header-names.ts';
import { splitAt } from './list-value.ts';
import { isToken } from './scan.ts';
import { SipSyntaxError } from './sip-error.ts';

/** A field made by this side. Throws SipSyntaxError for what would break the message's lines. */
export function newField(name: string, value: string, encoding: HeadEncoding): HeaderField {
  if (!isToken(name)) refuse(`${JSON.stringify(name)} is no header name`);
  if (/[\r\n\0]/.test(value)) refuse(`a value of ${name} holds a line ending`);
  const header = headerNamed(name);
  // What is asked for in another case is written as the header's RFC writes it.
  return makeField(header, name === header.key ? header.name : name, encodable(value, encoding));
}

function refuse(message: string): never {
  const place = { line: 1, column: 1, offset: 0 };
  throw new SipSyntaxError('value-malformed', place, 'RFC 3261 section 7.3.1', message);
}

/** The index of the next field of a header, from `at` on; -1 when there is none. */
export function nextOf(fields: readonly HeaderField[], header: HeaderName, from: number): number {
  for (let at = from; at < fields.length; at++) if (fields[at]!.isOf(header)) return at;
  return -1;
}

/** The first field of a header. */
export function firstOf(fields: readonly HeaderField[], header: HeaderName): HeaderField | undefined {
  const at = nextOf(fields, header, 0);
  return at < 0 ? undefined : fields[at];
}

/** With one field of this name: in the first one's place, or at the end. */
export function withField(fields: readonly HeaderField[], field: HeaderField): HeaderField[] {
  const { header } = field;
  const result: HeaderField[] = [];
  let placed = false;
  for (const each of fields) {
    if (!each.isOf(header)) result.push(each);
    else if (!placed) {
      result.push(field);
      placed = true;
    }
  }
  if (!placed) result.push(field);
  return result;
}

/** With a field before the first of its name, or before all. */
export function withFieldBefore(fields: readonly HeaderField[], field: HeaderField): HeaderField[] {
  const at = Math.max(0, nextOf(fields, field.header, 0));
  return [...fields.slice(0, at), field, ...fields.slice(at)];
}

/** With a field behind the last of its name, or behind all. */
export function withFieldBehind(fields: readonly HeaderField[], field: HeaderField): HeaderField[] {
  let at = fields.length;
  for (let index = fields.length - 1; index >= 0; index--) {
    if (!fields[index]!.isOf(field.header)) continue;
    at = index + 1;
    break;
  }
  return [...fields.slice(0, at), field, ...fields.slice(at)];
}

/** Without the first value of this name: its field goes when it held no other, and empty fields before it too. */
export function withoutFirst(fields: readonly HeaderField[], header: HeaderName): readonly HeaderField[] {
  const rest: HeaderField[] = [];
  let done = false;
  for (const field of fields) {
    if (done || !field.isOf(header)) {
      rest.push(field);
      continue;
    }
    const places = header.isList ? splitAt(field.source.codes, field.from, field.end) : [0, 0];
    done = places.length > 0;
    if (places.length > 2) rest.push(makeField(header, field.name, field.text.slice(places[2]!, field.end)));
  }
  return rest;
}
