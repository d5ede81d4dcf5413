import {
  type CallTimers,
  type Finding,
  type JoinedCall,
  joinCall,
  type LosableLeg,
  type SignalChange,
} from '@crosspoint/gateway';
import type { SeededWire } from '@crosspoint/lab';
import type { EndReason } from '@crosspoint/signaling';

/** A seeded defect: a named change to signals on their way, made anew for each call. */
export interface SeededChange {
  readonly name: string;
  readonly make: () => SignalChange;
  /** What it does to messages of SIP between the server and a phone. */
  readonly wire?: SeededWire;
}

export interface JoinLegsOptions {
  readonly caller: LosableLeg;
  readonly callee: LosableLeg;
  readonly noAnswerMs?: number;
  readonly change?: SeededChange | undefined;
  readonly onOver?: (reason: EndReason) => void;
  readonly onFinding?: (finding: Finding) => void;
}

/** A call's clock: this process's own. */
export const processTimers: CallTimers = {
  start: (ms, fire) => setTimeout(fire, ms),
  stop: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

/** Joins two legs to a call on this process's clock; a leg that is lost ends it. */
export function joinLegs(options: JoinLegsOptions): JoinedCall {
  const { caller, callee, noAnswerMs, change } = options;
  const call = joinCall({
    caller,
    callee,
    ...(noAnswerMs !== undefined ? { noAnswerMs } : {}),
    ...(change !== undefined ? { change: change.make() } : {}),
    timers: processTimers,
    onOver: (reason) => options.onOver?.(reason),
    onFinding: (finding) => options.onFinding?.(finding),
  });
  caller.whenLost(() => call.lost('caller'));
  callee.whenLost(() => call.lost('callee'));
  return call;
}
