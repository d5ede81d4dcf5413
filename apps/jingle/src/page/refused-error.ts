import { describeEndReason, type EndReason } from '@crosspoint/signaling';

/** A call that cannot be placed, and why: as much a result as a refusal of the far side's. */
export class RefusedError extends Error {
  readonly reason: EndReason;

  constructor(reason: EndReason) {
    super(reason.text ?? describeEndReason(reason));
    this.reason = reason;
  }
}
