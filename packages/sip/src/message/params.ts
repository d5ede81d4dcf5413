import type { Cursor } from './cursor.ts';
import { quotedEnd, tokenEnd, unquote } from './scan.ts';

/** A parameter as written; value undefined when it has none, quoted strings with their quotes. */
export interface Param {
  readonly name: string;
  readonly value: string | undefined;
}

const NONE: readonly Param[] = [];

/** The parameters of a header value, in order; names are compared without case. */
export class Params {
  readonly list: readonly Param[];

  constructor(list: readonly Param[]) {
    this.list = list;
  }

  /** Value of a parameter without its quotes: '' when it stands without value, undefined when it does not stand. */
  get(name: string): string | undefined {
    const param = this.#find(name);
    return param === undefined ? undefined : unquote(param.value ?? '');
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** With a parameter set, in its place or at the end. */
  with(name: string, value?: string): Params {
    const param = { name, value };
    const found = this.#find(name);
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

  #find(name: string): Param | undefined {
    const { list } = this;
    for (const param of list) if (param.name === name) return param;
    const lower = name.toLowerCase();
    for (const param of list) {
      if (param.name.length === lower.length && param.name.toLowerCase() === lower) return param;
    }
    return undefined;
  }
}

export const NO_PARAMS = new Params(NONE);

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
  const list: Param[] = [];
  do {
    cursor.at++;
    cursor.skipSpace();
    const name = cursor.token();
    if (name === '') cursor.fail('parameter-malformed', clause, 'a parameter has no name');
    let value: string | undefined;
    if (cursor.skipSpace() === EQUALS) {
      cursor.at++;
      cursor.skipSpace();
      value = parseParamValue(cursor, clause);
    }
    list.push({ name, value });
  } while (cursor.skipSpace() === SEMICOLON);
  return new Params(list);
}

/** A token, host or quoted string. */
export function parseParamValue(cursor: Cursor, clause: string): string {
  const { text, at: from, end } = cursor;
  const code = cursor.code;
  if (code === QUOTE) {
    const stop = quotedEnd(text, from, end);
    if (stop < 0) cursor.fail('quote-unended', clause, 'a quoted string does not end');
    cursor.at = stop;
    return text.slice(from, stop);
  }
  let at = tokenEnd(text, from, end);
  // IPv6 references, and the colons and slashes that real values have (received=::1, +sip.instance of old phones).
  while (at < end && isLooseValueCode(text.charCodeAt(at))) at = tokenEnd(text, at + 1, end);
  if (at === from) cursor.fail('parameter-malformed', clause, 'a parameter has no value behind its =');
  cursor.at = at;
  return text.slice(from, at);
}

function isLooseValueCode(code: number): boolean {
  return (
    code === 91 || code === 93 || code === 58 || code === 47 || code === 64 || code === 36 || code === 38
  );
}
