/** Why a probe could not be taken. It is the page's state, never a judgement of the call. */
export type ProbeErrorCode =
  | 'no-track'
  | 'context-suspended'
  | 'context-stalled'
  | 'channel-closed'
  | 'message-too-large'
  | 'no-canvas';

/** A probe that could not be taken in this page. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
  readonly code: ProbeErrorCode;

  constructor(code: ProbeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
