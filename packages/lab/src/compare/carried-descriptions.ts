import { type Change, diff, parseOrFinding, type SessionDescription } from '@crosspoint/sdp';
import type { Side } from '../evidence.ts';
import type { SignalingMessage } from './signaling-messages.ts';

/** The description with which a side made the call, as it crossed one edge. */
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

type Found = Pick<CarriedDescription, 'from' | 'to' | 'at' | 'text'> & { readonly order: number };

/** Both sides' descriptions with which the call came about, on every edge of the path, each in the order in which it went. */
export function carriedDescriptions(
  path: readonly string[],
  messages: readonly SignalingMessage[],
): CarriedDescription[] {
  const found = (from: string, to: string): Found[] =>
    messages.flatMap((message, order) => {
      const text = message.from === from && message.to === to ? descriptionIn(message) : undefined;
      return text === undefined ? [] : [{ from, to, at: message.at, order, text }];
    });
  const caller: Found[] = [];
  const callee: Found[] = [];
  path.slice(1).forEach((to, at) => {
    const from = path[at]!;
    const [answer] = found(to, from);
    const offers = found(from, to);
    // An offer that was refused with 488 was followed by another one: it is the answered one that became the call.
    const answered =
      offers.findLast((each) => answer === undefined || each.order < answer.order) ?? offers[0];
    if (answered !== undefined) caller.push(answered);
    if (answer !== undefined) callee.unshift(answer);
  });
  // An offer may also come from the callee, in its answer to an INVITE without a body (RFC 3261 section 13.2.1).
  const callerOffers = callee.length === 0 || (caller[0] !== undefined && caller[0].at <= callee[0]!.at);
  const carried = (author: Side, list: readonly Found[]): CarriedDescription[] =>
    list.map(({ from, to, at, text }) => {
      const read = parseOrFinding(text);
      return {
        from,
        to,
        at,
        text,
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
