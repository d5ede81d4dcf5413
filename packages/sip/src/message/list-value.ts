import { Cursor } from './cursor.ts';
import type { HeaderField } from './field.ts';
import { beforeSpace, quotedEnd, unfold } from './scan.ts';
import { sourceOf } from './source.ts';

const COMMA = 44;

/**
 * The places of the values of a comma-separated list: commas in quoted strings and between < and > separate nothing.
 * Pairs of from and end, without the white space around them.
 */
export function splitAt(codes: Uint8Array, from: number, end: number): number[] {
  const places: number[] = [];
  let start = from;
  let angle = false;
  for (let at = from; at <= end; at++) {
    const code = at < end ? codes[at]! : -1;
    if (code === 34 && !angle) {
      const stop = quotedEnd(codes, at, end);
      at = (stop < 0 ? end : stop) - 1;
    } else if (code === 60) angle = true;
    else if (code === 62) angle = false;
    else if (code === -1 || (code === COMMA && !angle)) {
      while (start < at && codes[start]! <= 32) start++;
      const stop = beforeSpace(codes, start, at);
      if (stop > start) places.push(start, stop);
      start = at + 1;
    }
  }
  return places;
}

/** The values of a comma-separated list as text, folds undone. */
export function splitList(text: string): string[] {
  const places = splitAt(sourceOf(text).codes, 0, text.length);
  const values: string[] = [];
  for (let at = 0; at < places.length; at += 2) values.push(unfold(text.slice(places[at]!, places[at + 1]!)));
  return values;
}

/** Reads a field that holds one value; what was read is kept with the field. */
export function readOne<T>(field: HeaderField, read: (cursor: Cursor) => T): T {
  if (field.typed === undefined) {
    const cursor = new Cursor(field.source, field.from, field.end);
    const value = read(cursor);
    if (cursor.skipSpace() !== -1) {
      cursor.fail('value-malformed', 'RFC 3261 section 7.3.1', `text behind the value of ${field.name}`);
    }
    field.typed = value;
  }
  return field.typed as T;
}

/** Reads a field that holds values with commas between them; what was read is kept with the field. */
export function readList<T>(field: HeaderField, read: (cursor: Cursor) => T): readonly T[] {
  if (field.typed === undefined) {
    const cursor = new Cursor(field.source, field.from, field.end);
    const values = [read(cursor)];
    while (cursor.skipSpace() === COMMA) {
      cursor.at++;
      values.push(read(cursor));
    }
    if (cursor.at < cursor.end) {
      cursor.fail('value-malformed', 'RFC 3261 section 7.3.1', `text behind a value of ${field.name}`);
    }
    field.typed = values;
  }
  return field.typed as readonly T[];
}
