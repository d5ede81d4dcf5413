/** Why text could not be read as a stream of XML elements. */
export type XmlErrorCode =
  | 'restricted'
  | 'not-well-formed'
  | 'encoding'
  | 'namespace'
  | 'text-between-stanzas'
  | 'too-large'
  | 'too-deep'
  | 'too-many-attributes';

/** The stream errors (RFC 6120 section 4.9.3) that bad XML is answered with. */
export type XmlCondition =
  | 'restricted-xml'
  | 'not-well-formed'
  | 'unsupported-encoding'
  | 'bad-namespace-prefix'
  | 'bad-format'
  | 'policy-violation';

const CONDITIONS: Readonly<Record<XmlErrorCode, XmlCondition>> = {
  restricted: 'restricted-xml',
  'not-well-formed': 'not-well-formed',
  encoding: 'unsupported-encoding',
  namespace: 'bad-namespace-prefix',
  'text-between-stanzas': 'bad-format',
  'too-large': 'policy-violation',
  'too-deep': 'policy-violation',
  'too-many-attributes': 'policy-violation',
};

/** Where in the text of a stream something stands. */
export interface XmlPlace {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** UTF-16 units before it since the stream began. */
  readonly offset: number;
}

/** Bad XML, with its place and the clause it violates. */
export class XmlError extends Error {
  readonly code: XmlErrorCode;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly clause: string;
  /** The stream error that a server answers with. */
  readonly condition: XmlCondition;

  constructor(code: XmlErrorCode, place: XmlPlace, clause: string, message: string) {
    super(`${message} (${clause}, line ${place.line}, column ${place.column})`);
    this.name = 'XmlError';
    this.code = code;
    this.line = place.line;
    this.column = place.column;
    this.offset = place.offset;
    this.clause = clause;
    this.condition = CONDITIONS[code];
  }
}
