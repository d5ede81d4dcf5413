/** Why a text could not be read as SDP. */
export type SdpErrorCode =
  | 'empty'
  | 'too-large'
  | 'too-many-lines'
  | 'too-many-media'
  | 'line-too-long'
  | 'line-malformed'
  | 'blank-line'
  | 'control-character'
  | 'version-missing'
  | 'version-unsupported'
  | 'origin-malformed'
  | 'connection-malformed'
  | 'timing-malformed'
  | 'media-malformed';

/** Bad SDP, with its place (line and column counted from 1) and the clause it violates. */
export class SdpError extends Error {
  readonly code: SdpErrorCode;
  readonly line: number;
  readonly column: number;
  readonly clause: string;

  constructor(code: SdpErrorCode, line: number, column: number, clause: string, message: string) {
    super(`${message} (${clause}, line ${line}, column ${column})`);
    this.name = 'SdpError';
    this.code = code;
    this.line = line;
    this.column = column;
    this.clause = clause;
  }
}
