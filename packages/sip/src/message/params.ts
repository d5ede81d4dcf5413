import type { Cursor } from './cursor.ts';
import { afterSpace, quotedEnd, tokenEnd, unquote } from './scan.ts';
import type { Source } from './source.ts';

/** A parameter as written; value undefined when it has none, quoted strings with their quotes. */
export interface Param {
  readonly name: string;
  readonly value: string | undefined;
}

/** Where a parameter stands: begin and end of its name and of its value. A value that is missing begins at -1. */
interface ParamPlace {
  readonly name: number;
  readonly nameEnd: number;
  readonly value: number;
  readonly end: number;
  /** Of the parameter behind it: most have none, for which a list would be costly. */
  next: ParamPlace | undefined;
}

/** The parameters of a header value, in order; names are compared without case. Read when they are asked for. */
export class Params {
  private made: readonly Param[] | undefined;
  private readonly source: Source | undefined;
  private readonly first: ParamPlace | undefined;

  constructor(list: readonly Param[] | undefined, source?: Source, first?: ParamPlace) {
    this.made = list;
    this.source = source;
    this.first = first;
  }

  get list(): readonly Param[] {
    if (this.made === undefined) {
      const { text } = this.source!;
      const list: Param[] = [];
      for (let place = this.first; place !== undefined; place = place.next) {
        const { name, nameEnd, value, end } = place;
        list.push({ name: text.slice(name, nameEnd), value: value < 0 ? undefined : text.slice(value, end) });
      }
      this.made = list;
    }
    return this.made;
  }

  /** Value of a parameter without its quotes: '' when it stands without value, undefined when it does not stand. */
  get(name: string): string | undefined {
    if (this.made !== undefined) {
      const param = this.find(name);
      return param === undefined ? undefined : unquote(param.value ?? '');
    }
    const place = this.placeOf(name);
    if (place === undefined) return undefined;
    if (place.value < 0) return '';
    const { text, codes } = this.source!;
    const value = text.slice(place.value, place.end);
    return codes[place.value] === QUOTE ? unquote(value) : value;
  }

  has(name: string): boolean {
    return (this.made === undefined ? this.placeOf(name) : this.find(name)) !== undefined;
  }

  /** With a parameter set, in its place or at the end. */
  with(name: string, value?: string): Params {
    const param = { name, value };
    const found = this.find(name);
    if (found === undefined) return new Params([...this.list, param]);
    return new Params(this.list.map((each) => (each === found ? param : each)));
  }

  /** Without a parameter. */
  without(name: string): Params {
    const lower = name.toLowerCase();
    return new Params(this.list.filter((param) => param.name.toLowerCase() !== lower));
  }

  /** `;name=value;name` */
  toString(): string {
    let text = '';
    for (const { name, value } of this.list) text += value === undefined ? `;${name}` : `;${name}=${value}`;
    return text;
  }

  private find(name: string): Param | undefined {
    const { list } = this;
    if (list.length === 0) return undefined;
    const lower = name.toLowerCase();
    return list.find((param) => param.name === name || param.name.toLowerCase() === lower);
  }

  private placeOf(name: string): ParamPlace | undefined {
    const { codes } = this.source!;
    const { length } = name;
    for (let place = this.first; place !== undefined; place = place.next) {
      if (place.nameEnd - place.name === length && isNameAt(codes, place.name, name)) return place;
    }
    return undefined;
  }
}

// Tokens are ASCII, so that only letters have a case.
function isNameAt(codes: Uint8Array, from: number, name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    const code = codes[from + at]!;
    const wanted = name.charCodeAt(at);
    if (code === wanted) continue;
    const letter = code | 32;
    if (letter !== (wanted | 32) || letter < 97 || letter > 122) return false;
  }
  return true;
}

export const NO_PARAMS = new Params([]);

/** Parameters from a list of name and value. */
export function makeParams(list: readonly (readonly [name: string, value?: string])[]): Params {
  return new Params(list.map(([name, value]) => ({ name, value })));
}

const SEMICOLON = 59;
const EQUALS = 61;
const QUOTE = 34;

/** Reads `*( SEMI generic-param )` up to a comma or the end (RFC 3261 section 25.1). */
export function parseParams(cursor: Cursor, clause: string): Params {
  if (cursor.skipSpace() !== SEMICOLON) return NO_PARAMS;
  const { codes, end } = cursor;
  let first: ParamPlace | undefined;
  let last: ParamPlace | undefined;
  let at = cursor.at;
  do {
    const name = afterSpace(codes, at + 1, end);
    const nameEnd = tokenEnd(codes, name, end);
    if (nameEnd === name) cursor.failAt(name, 'parameter-malformed', clause, 'a parameter has no name');
    at = afterSpace(codes, nameEnd, end);
    let value = -1;
    if (at < end && codes[at] === EQUALS) {
      value = afterSpace(codes, at + 1, end);
      at = paramValueEnd(cursor, value, clause);
    }
    const place: ParamPlace = { name, nameEnd, value, end: at, next: undefined };
    if (last === undefined) first = place;
    else last.next = place;
    last = place;
    at = afterSpace(codes, at, end);
  } while (at < end && codes[at] === SEMICOLON);
  cursor.at = at;
  return new Params(undefined, cursor.source, first);
}

/** A token, host or quoted string. */
export function parseParamValue(cursor: Cursor, clause: string): string {
  const from = cursor.at;
  cursor.at = paramValueEnd(cursor, from, clause);
  return cursor.text.slice(from, cursor.at);
}

function paramValueEnd(cursor: Cursor, from: number, clause: string): number {
  const { codes, end } = cursor;
  let at = tokenEnd(codes, from, end);
  if (at === from && at < end && codes[at] === QUOTE) {
    const stop = quotedEnd(codes, from, end);
    if (stop < 0) cursor.failAt(from, 'quote-unended', clause, 'a quoted string does not end');
    return stop;
  }
  // IPv6 references, and the colons and slashes that real values have (received=::1, +sip.instance of old phones).
  while (at < end && isLooseValueCode(codes[at]!)) at = tokenEnd(codes, at + 1, end);
  if (at === from) {
    cursor.failAt(from, 'parameter-malformed', clause, 'a parameter has no value behind its =');
  }
  return at;
}

function isLooseValueCode(code: number): boolean {
  return (
    code === 91 || code === 93 || code === 58 || code === 47 || code === 64 || code === 36 || code === 38
  );
}
