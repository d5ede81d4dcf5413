/** What a message may cost before it is refused. */
export interface SipLimits {
  /** Start line and headers with the empty line behind them, in bytes. */
  readonly head: number;
  /** Body, in bytes. */
  readonly body: number;
  /** Number of header fields. */
  readonly headers: number;
  /** One header field with its folded lines, or the start line, in bytes. */
  readonly lineLength: number;
}

export const DEFAULT_SIP_LIMITS: SipLimits = {
  head: 65_536,
  body: 1_048_576,
  headers: 256,
  lineLength: 16_384,
};
