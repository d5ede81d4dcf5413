/** Why a stanza is no Jingle that can be understood. */
export type JingleErrorCode =
  | 'no-jingle'
  | 'action-unknown'
  | 'sid-missing'
  | 'content-missing'
  | 'content-name-missing'
  | 'creator-unknown'
  | 'senders-unknown'
  | 'content-twice'
  | 'description-missing'
  | 'transport-missing'
  | 'reason-malformed'
  | 'no-session-content'
  | 'message-id-missing';

/** A stanza that is refused with `<bad-request/>`: what is wrong, in which element, and the clause. */
export class JingleError extends Error {
  readonly code: JingleErrorCode;
  /** The element: `iq/jingle/content[2]`. */
  readonly path: string;
  readonly clause: string;

  constructor(code: JingleErrorCode, path: string, clause: string, message: string) {
    super(`${message} (${clause}, ${path})`);
    this.name = 'JingleError';
    this.code = code;
    this.path = path;
    this.clause = clause;
  }
}
