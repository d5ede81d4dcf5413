import { afterSpace, digitsEnd, numberIn, tokenEnd } from './scan.ts';
import { placeIn, type SipErrorCode, SipSyntaxError } from './sip-error.ts';
import { type Source, sourceOf } from './source.ts';

/** A place in a text that moves forward; the typed readers share it. */
export class Cursor {
  readonly source: Source;
  readonly text: string;
  readonly codes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(source: Source, at: number, end: number) {
    this.source = source;
    this.text = source.text;
    this.codes = source.codes;
    this.at = at;
    this.end = end;
  }

  /** Code of the character here, -1 at the end. */
  get code(): number {
    return this.at < this.end ? this.codes[this.at]! : -1;
  }

  /** Moves over white space and says what stands behind it. */
  skipSpace(): number {
    this.at = afterSpace(this.codes, this.at, this.end);
    return this.code;
  }

  /** The token here, '' when there is none. */
  token(): string {
    const from = this.at;
    this.at = tokenEnd(this.codes, from, this.end);
    return this.text.slice(from, this.at);
  }

  /** The unsigned decimal here, -1 when there is none or it has over 15 digits. */
  number(): number {
    const from = this.at;
    this.at = digitsEnd(this.codes, from, this.end);
    return numberIn(this.codes, from, this.at);
  }

  fail(code: SipErrorCode, clause: string, message: string): never {
    this.failAt(this.at, code, clause, message);
  }

  failAt(at: number, code: SipErrorCode, clause: string, message: string): never {
    throw new SipSyntaxError(code, placeIn(this.text, at), clause, message);
  }
}

/** A cursor at the beginning of a text of its own. */
export function cursorOver(text: string): Cursor {
  return new Cursor(sourceOf(text), 0, text.length);
}
