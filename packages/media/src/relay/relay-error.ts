/**
 * Why a relay refuses.
 * - `no-common-codec`: nothing that one side speaks is spoken by the other.
 * - `profile-mismatch`: the description is not of the profile the side was opened with.
 * - `ice-missing`, `dtls-missing`, `dtls-role`, `bundle-missing`: a WebRTC description without what it must have.
 * - `ice-restart`: the relay cannot restart ICE; the call can go on as it was.
 * - `no-offer`: an answer to nothing.
 * - `unsupported`: the relay does not do this.
 * - `too-many`: a limit of the relay.
 * - `closed`: the call is over.
 * - `relay-unreachable`, `relay-refused`: the relay's own program does not answer, or says no.
 */
export type RelayErrorCode =
  | 'no-common-codec'
  | 'profile-mismatch'
  | 'ice-missing'
  | 'dtls-missing'
  | 'dtls-role'
  | 'bundle-missing'
  | 'ice-restart'
  | 'no-offer'
  | 'unsupported'
  | 'too-many'
  | 'closed'
  | 'relay-unreachable'
  | 'relay-refused';

/** Something a relay refuses, by whom it was meant and which clause it is about. */
export class RelayError extends Error {
  override readonly name = 'RelayError';
  readonly code: RelayErrorCode;
  /** For example `RFC 3264 section 6.1`. */
  readonly clause: string;
  /** The m-section it concerns, from 0. */
  readonly mediaIndex: number | undefined;

  constructor(code: RelayErrorCode, clause: string, message: string, mediaIndex?: number) {
    super(`${message} (${clause}${mediaIndex === undefined ? '' : `, m-section ${mediaIndex}`})`);
    this.code = code;
    this.clause = clause;
    this.mediaIndex = mediaIndex;
  }
}
