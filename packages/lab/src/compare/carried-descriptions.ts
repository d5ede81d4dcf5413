import { type Change, diff, parseOrFinding, type SessionDescription } from '@crosspoint/sdp';
import type { Side } from '../evidence.ts';
import type { SignalingMessage } from './signaling-messages.ts';

/** A side's first description of a call, as it crossed one edge. */
export interface CarriedDescription {
  readonly author: Side;
  readonly role: 'offer' | 'answer';
  readonly from: string;
  readonly to: string;
  readonly at: number;
  readonly text: string;
  readonly description: SessionDescription | undefined;
}

/** What one node made of a description that it passed on. */
export interface NodeChanges {
  readonly node: string;
  readonly role: 'offer' | 'answer';
  readonly author: Side;
  /** Differences in meaning, in words; none where it was passed on as it came. */
  readonly words: readonly string[];
  /** What they are about, sorted: `candidate`, `codec`, `dtls` ... */
  readonly subjects: readonly Change['subject'][];
}

/**
 * The description that a message carries: after the blank line of a SIP message, after the head line of a web
 * message. `undefined` where there is none, or where it is a part of several.
 */
export function descriptionIn(message: Pick<SignalingMessage, 'protocol' | 'raw'>): string | undefined {
  const gap = message.protocol.startsWith('sip') ? '\r\n\r\n' : '\n';
  const at = message.raw.indexOf(gap);
  if (at < 0) return undefined;
  const body = message.raw.slice(at + gap.length);
  return /^v=0\r?\n/.test(body) ? body : undefined;
}

/** Both sides' first descriptions on every edge of the path, each in the order in which it went. */
export function carriedDescriptions(
  path: readonly string[],
  messages: readonly SignalingMessage[],
): CarriedDescription[] {
  const found = (from: string, to: string) => {
    for (const message of messages) {
      const text = message.from === from && message.to === to ? descriptionIn(message) : undefined;
      if (text !== undefined) return { from, to, at: message.at, text };
    }
    return undefined;
  };
  const edges = path.slice(1).map((to, at) => ({ from: path[at]!, to }));
  const caller = edges.flatMap(({ from, to }) => found(from, to) ?? []);
  const callee = edges.reverse().flatMap(({ from, to }) => found(to, from) ?? []);
  // An offer may also come from the callee, in its answer to an INVITE without a body (RFC 3261 section 13.2.1).
  const callerOffers = callee.length === 0 || (caller[0] !== undefined && caller[0].at <= callee[0]!.at);
  const carried = (author: Side, list: typeof caller): CarriedDescription[] =>
    list.map((each) => {
      const read = parseOrFinding(each.text);
      return {
        ...each,
        author,
        role: (author === 'caller') === callerOffers ? 'offer' : 'answer',
        description: 'description' in read ? read.description : undefined,
      };
    });
  return [...carried('caller', caller), ...carried('callee', callee)];
}

/** What each node between the two ends changed in each description. */
export function changesAlong(carried: readonly CarriedDescription[]): NodeChanges[] {
  const changes: NodeChanges[] = [];
  for (const got of carried) {
    const given = carried.find((each) => each.author === got.author && each.from === got.to);
    if (got.description === undefined || given?.description === undefined) continue;
    const found = diff(got.description, given.description);
    changes.push({
      node: got.to,
      role: got.role,
      author: got.author,
      words: found.map(({ message }) => message),
      subjects: [...new Set(found.map(({ subject }) => subject))].sort(),
    });
  }
  return changes;
}
