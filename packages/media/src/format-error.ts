/** What was wrong with bytes that came from a peer. */
export type FormatErrorCode =
  | 'truncated'
  | 'bad-version'
  | 'bad-length'
  | 'bad-padding'
  | 'bad-value'
  | 'unsupported';

/** Bytes or values that break a clause: where (byte offset) and which clause. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly code: FormatErrorCode;
  /** Byte offset from the start of the decoded bytes. */
  readonly offset: number;
  /** For example `RFC 3550 section 5.1`. */
  readonly clause: string;

  constructor(code: FormatErrorCode, offset: number, clause: string, message: string) {
    super(`${message} (${clause}, byte ${offset})`);
    this.code = code;
    this.offset = offset;
    this.clause = clause;
  }
}
