import type { TraceEntry } from '@crosspoint/signaling';
import { callIdIn } from '@crosspoint/sip';
import type { Evidence } from '../evidence.ts';

/** One SIP message of a call, as a node of the topology saw it. */
export interface SeenSipMessage {
  readonly entry: TraceEntry;
  readonly transport: string;
  /** Its size on the wire. */
  readonly bytes: number;
  /** Which request it is, or answers, wherever it is seen: its Call-ID and CSeq. */
  readonly request: string;
}

/** The SIP messages of a call in the order in which they were seen; each hop that is watched sees its own. */
export function sipMessages(evidence: Evidence): SeenSipMessage[] {
  return evidence.trace.flatMap((entry) => {
    const found = /^sip(?:\/(\w+))?$/.exec(entry.protocol);
    if (found === null) return [];
    const { raw } = entry;
    const cseq = /^CSeq\s*:\s*(\d+\s+\S+)/im.exec(raw)?.[1];
    return [
      {
        entry,
        transport: found[1] ?? 'udp',
        bytes: new TextEncoder().encode(raw).length,
        request: `${callIdIn(raw)} ${cseq}`,
      },
    ];
  });
}
