/** Where in its input an error was found: text has lines and columns (both from 1), bytes have an offset (from 0). */
export interface IcePosition {
  readonly line?: number;
  readonly column?: number;
  readonly offset?: number;
}

export type IceErrorCode =
  | 'candidate-syntax'
  | 'candidate-range'
  | 'fragment-syntax'
  | 'address-syntax'
  | 'stun-header'
  | 'stun-length'
  | 'stun-attribute'
  | 'stun-value'
  | 'channel-data';

/**
 * What a peer (or a caller) sent that cannot be read or written: the code says what kind, the clause which rule
 * it breaks (`RFC 8839 section 5.1`), and the position where.
 */
export class IceError extends Error {
  override readonly name = 'IceError';
  readonly code: IceErrorCode;
  readonly clause: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly offset: number | undefined;

  constructor(code: IceErrorCode, detail: string, clause: string, position: IcePosition = {}) {
    super(`${detail} (${[clause, ...where(position)].join(', ')})`);
    this.code = code;
    this.clause = clause;
    this.line = position.line;
    this.column = position.column;
    this.offset = position.offset;
  }
}

function where(position: IcePosition): string[] {
  const parts: string[] = [];
  if (position.line !== undefined) parts.push(`line ${position.line}`);
  if (position.column !== undefined) parts.push(`column ${position.column}`);
  if (position.offset !== undefined) parts.push(`byte ${position.offset}`);
  return parts;
}
