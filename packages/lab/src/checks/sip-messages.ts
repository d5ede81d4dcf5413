import type { TraceEntry } from '@crosspoint/signaling';
import type { Evidence } from '../evidence.ts';

/** One SIP message of a call, as a node of the topology saw it. */
export interface SeenSipMessage {
  readonly entry: TraceEntry;
  readonly transport: string;
  /** Its size on the wire. */
  readonly bytes: number;
}

/** The SIP messages of a call in the order in which they were seen; each hop that is watched sees its own. */
export function sipMessages(evidence: Evidence): SeenSipMessage[] {
  return evidence.trace.flatMap((entry) => {
    const found = /^sip(?:\/(\w+))?$/.exec(entry.protocol);
    if (found === null) return [];
    return [{ entry, transport: found[1] ?? 'udp', bytes: new TextEncoder().encode(entry.raw).length }];
  });
}
