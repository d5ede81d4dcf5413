import type { TraceEntry } from '@crosspoint/signaling';
import { otherSide, type Side } from '../evidence.ts';

/** One message on one edge: counted once, though both of its ends may have seen it. */
export interface SignalingMessage {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly bytes: number;
  readonly raw: string;
  readonly summary: string;
}

/** What ran between two nodes that speak to each other, both ways. */
export interface EdgeTraffic {
  readonly from: string;
  readonly to: string;
  readonly protocols: readonly string[];
  readonly messages: number;
  readonly bytes: number;
}

/** How the taps write a Signal that a leg of another protocol gave or got: not a message on a wire. */
const NO_WIRE = 'signal';

/**
 * The messages of a call, in the order of the trace. What a node sent counts; what it got counts where the sender is no
 * node that is watched, such as a browser.
 * @param phone the side whose endpoint speaks SIP: a registrar cannot know which side of the call a phone is on
 */
export function messagesOf(trace: readonly TraceEntry[], phone?: Side): SignalingMessage[] {
  const wire = trace.filter((entry) => entry.protocol !== NO_WIRE);
  const watched = new Set(wire.map((entry) => entry.node));
  return wire
    .filter((entry) => entry.direction === 'out' || !watched.has(entry.peer))
    .map((entry) => {
      const peer = endOf(entry, phone);
      const [from, to] = entry.direction === 'out' ? [entry.node, peer] : [peer, entry.node];
      const { at, protocol, raw, summary } = entry;
      return { at, from, to, protocol, bytes: bytesOf(raw), raw, summary };
    });
}

function endOf(entry: TraceEntry, phone: Side | undefined): string {
  if (phone === undefined || (entry.peer !== 'caller' && entry.peer !== 'callee')) return entry.peer;
  return entry.protocol.startsWith('sip') ? phone : otherSide(phone);
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The nodes that the messages passed, from the caller to the callee; as far as the trace shows it. */
export function pathOf(messages: readonly SignalingMessage[]): string[] {
  const cameFrom = new Map<string, string>();
  const reached = ['caller'];
  for (const node of reached) {
    for (const { from, to } of messages) {
      const next = from === node ? to : to === node ? from : undefined;
      if (next === undefined || reached.includes(next)) continue;
      cameFrom.set(next, node);
      reached.push(next);
    }
  }
  const path: string[] = [];
  const last = reached.includes('callee') ? 'callee' : reached.at(-1)!;
  for (let node: string | undefined = last; node !== undefined; node = cameFrom.get(node)) path.unshift(node);
  return path;
}

/** The traffic of each edge of a path, and the messages that went elsewhere left out. */
export function trafficAlong(path: readonly string[], messages: readonly SignalingMessage[]): EdgeTraffic[] {
  return path.slice(1).map((to, at) => {
    const from = path[at]!;
    const own = messages.filter(
      (each) => (each.from === from && each.to === to) || (each.from === to && each.to === from),
    );
    return {
      from,
      to,
      protocols: [...new Set(own.map((each) => each.protocol))],
      messages: own.length,
      bytes: own.reduce((sum, each) => sum + each.bytes, 0),
    };
  });
}
