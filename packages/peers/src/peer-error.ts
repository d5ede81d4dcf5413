/** How asking a peer can go wrong. None of these is the far side's refusal: that is an event. */
export type PeerErrorCode =
  /** The peer says that it cannot do this. */
  | 'unsupported'
  /** The peer tried and failed. */
  | 'failed'
  /** The program ended, without being asked to. */
  | 'died'
  /** No reply, or no event, in the time allowed. */
  | 'timeout'
  /** What the peer said is not of the contract. */
  | 'contract';

export class PeerError extends Error {
  readonly code: PeerErrorCode;
  readonly peer: string;
  constructor(code: PeerErrorCode, peer: string, message: string) {
    super(message);
    this.name = 'PeerError';
    this.code = code;
    this.peer = peer;
  }
}
