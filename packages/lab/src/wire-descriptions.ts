import { type LazyDescription, open, SdpError, type SessionDescription } from '@crosspoint/sdp';
import type { TraceEntry } from '@crosspoint/signaling';
import type { Evidence, Side } from './evidence.ts';

/** One description as it crossed an edge of the topology. */
export interface WireDescription {
  /** `1-caller-offer-in`: its number, whose it was, what it was, and whether the server got or gave it. */
  readonly name: string;
  readonly entry: TraceEntry;
  readonly role: 'offer' | 'answer';
  /** Whose description it is. */
  readonly author: Side;
  /** `in`: as its author sent it. `out`: as the other side got it. */
  readonly direction: 'in' | 'out';
  readonly text: string;
  readonly description: LazyDescription | undefined;
}

const ROLES: Readonly<Record<string, 'offer' | 'answer'>> = {
  call: 'offer',
  incoming: 'offer',
  offer: 'offer',
  answer: 'answer',
  accept: 'answer',
};

/** The descriptions of a call in the order in which the server saw them. */
export function wireDescriptions(evidence: Evidence): WireDescription[] {
  const found: WireDescription[] = [];
  let number = 0;
  for (const entry of evidence.trace) {
    const lineFeed = entry.raw.indexOf('\n');
    const role = ROLES[entry.summary];
    if (role === undefined || lineFeed < 0 || (entry.peer !== 'caller' && entry.peer !== 'callee')) continue;
    const text = entry.raw.slice(lineFeed + 1);
    const author: Side =
      entry.direction === 'in' ? entry.peer : entry.peer === 'caller' ? 'callee' : 'caller';
    if (entry.direction === 'in') number++;
    found.push({
      name: `${number}-${author}-${role}-${entry.direction}`,
      entry,
      role,
      author,
      direction: entry.direction,
      text,
      description: readable(text),
    });
  }
  return found;
}

function readable(text: string): LazyDescription | undefined {
  try {
    return open(text);
  } catch (error) {
    if (error instanceof SdpError) return undefined;
    throw error;
  }
}

/** The whole description; undefined where it cannot be read. */
export function typedOf(wire: WireDescription): SessionDescription | undefined {
  try {
    return wire.description?.typed();
  } catch (error) {
    if (error instanceof SdpError) return undefined;
    throw error;
  }
}

/** An offer with its answer, as one side lived it: its own as sent, the other's as got. */
export interface Exchange {
  readonly offer: WireDescription;
  readonly answer: WireDescription;
}

/** The exchanges that one side took part in, as that side saw them. */
export function exchangesSeenBy(side: Side, descriptions: readonly WireDescription[]): Exchange[] {
  const seen = descriptions.filter((each) => (each.author === side) === (each.direction === 'in'));
  const exchanges: Exchange[] = [];
  let offer: WireDescription | undefined;
  for (const each of seen) {
    if (each.role === 'offer') offer = each;
    else if (offer !== undefined && offer.author !== each.author) {
      exchanges.push({ offer, answer: each });
      offer = undefined;
    }
  }
  return exchanges;
}
