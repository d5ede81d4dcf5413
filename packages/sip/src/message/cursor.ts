import { afterSpace, tokenEnd } from './scan.ts';
import { placeIn, type SipErrorCode, SipSyntaxError } from './sip-error.ts';

/** A place in a text that moves forward; the typed readers share it. */
export class Cursor {
  readonly text: string;
  at: number;
  readonly end: number;

  constructor(text: string, at: number, end: number) {
    this.text = text;
    this.at = at;
    this.end = end;
  }

  /** Code of the character here, -1 at the end. */
  get code(): number {
    return this.at < this.end ? this.text.charCodeAt(this.at) : -1;
  }

  /** Moves over white space and says what stands behind it. */
  skipSpace(): number {
    this.at = afterSpace(this.text, this.at, this.end);
    return this.code;
  }

  /** The token here, '' when there is none. */
  token(): string {
    const from = this.at;
    this.at = tokenEnd(this.text, from, this.end);
    return this.text.slice(from, this.at);
  }

  fail(code: SipErrorCode, clause: string, message: string): never {
    throw new SipSyntaxError(code, placeIn(this.text, this.at), clause, message);
  }
}
