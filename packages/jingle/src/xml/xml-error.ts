/** Why a text could not be read as a stanza. */
export type XmlErrorCode =
  | 'empty'
  | 'too-large'
  | 'too-deep'
  | 'too-many-elements'
  | 'too-many-attributes'
  | 'restricted'
  | 'entity-unknown'
  | 'character-forbidden'
  | 'not-well-formed'
  | 'tag-mismatch'
  | 'attribute-twice'
  | 'prefix-unbound'
  | 'unended'
  | 'after-the-end';

/** Where something stands in a text; both count from 1. */
export interface XmlPlace {
  readonly line: number;
  readonly column: number;
}

/** Bad XML, with its place and the clause it violates. */
export class XmlError extends Error {
  readonly code: XmlErrorCode;
  readonly line: number;
  readonly column: number;
  readonly clause: string;

  constructor(code: XmlErrorCode, { line, column }: XmlPlace, clause: string, message: string) {
    super(`${message} (${clause}, line ${line}, column ${column})`);
    this.name = 'XmlError';
    this.code = code;
    this.line = line;
    this.column = column;
    this.clause = clause;
  }
}
