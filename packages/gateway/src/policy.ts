import type { Signal } from '@crosspoint/signaling';
import type { Side } from './side.ts';

/**
 * What must become of signals so that the other side understands them. Called at once for each signal but `end`
 * (nothing may hold up an end), so that a policy may gather candidates for an offer it has not given out yet; what it
 * gives is sent in the order of the calls, also where a promise is late. While it gives arrays nothing waits.
 */
export interface CallPolicy {
  toCallee(signal: Signal): readonly Signal[] | Promise<readonly Signal[]>;
  toCaller(signal: Signal): readonly Signal[] | Promise<readonly Signal[]>;
}

/** A named change to signals on their way, after the policy: what a seeded defect does. `from` is whose signal it was. */
export type SignalChange = (signal: Signal, from: Side) => readonly Signal[];
