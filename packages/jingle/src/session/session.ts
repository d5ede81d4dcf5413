import type { JingleRole, Senders } from '../description/senders.ts';
import type { ContentKey } from '../description/to-contents.ts';
import type { JingleActionName } from '../stanza/jingle-stanza.ts';
import type { JingleReason } from '../stanza/reason.ts';

/** XEP-0166 section 5: initiated and not accepted, accepted, over. */
export type SessionPhase = 'pending' | 'active' | 'ended';

/** One content of a session, and how far it has come. */
export interface SessionContent extends ContentKey {
  readonly senders: Senders;
  /** `accepted`, or proposed by one side and not answered by the other. */
  readonly state: 'accepted' | 'proposed-here' | 'proposed-there';
  /** Which side asked for another transport and waits for transport-accept. */
  readonly replacing?: 'here' | 'there';
}

/** An action of ours that the far side has not acknowledged or answered. */
export interface OutstandingAction {
  readonly action: JingleActionName;
  readonly keys: readonly ContentKey[];
  /** The contents of a content-remove: where it is refused they are still there. */
  readonly removed?: readonly SessionContent[];
}

/** A session as one side sees it: a value. */
export interface JingleSession {
  readonly sid: string;
  /** Our side. */
  readonly role: JingleRole;
  readonly phase: SessionPhase;
  readonly contents: readonly SessionContent[];
  /** Actions of ours on their way, by which a collision is seen. */
  readonly outstanding: readonly OutstandingAction[];
  readonly end?: { readonly by: 'here' | 'there'; readonly reason: JingleReason | undefined };
}

export function sameKey(a: ContentKey, b: ContentKey): boolean {
  return a.creator === b.creator && a.name === b.name;
}

export function findContent(session: JingleSession, key: ContentKey): SessionContent | undefined {
  return session.contents.find((content) => sameKey(content, key));
}

/** A session that begins with a session-initiate: ours, or the far side's. */
export function startSession(
  sid: string,
  role: JingleRole,
  contents: readonly (ContentKey & { readonly senders: Senders | undefined })[],
): JingleSession {
  const state = role === 'initiator' ? 'proposed-here' : 'proposed-there';
  return {
    sid,
    role,
    phase: 'pending',
    contents: contents.map(({ creator, name, senders }) => ({
      creator,
      name,
      senders: senders ?? 'both',
      state,
    })),
    outstanding: role === 'initiator' ? [{ action: 'session-initiate', keys: [] }] : [],
  };
}

/**
 * Who wins where both sides initiate at once: the lower session identifier, compared by octets, then the lower JID
 * (XEP-0166 section 7.2.16). True where ours does.
 */
export function winsInitiation(
  ours: { readonly sid: string; readonly jid: string },
  theirs: { readonly sid: string; readonly jid: string },
): boolean {
  return ours.sid === theirs.sid
    ? compareOctets(ours.jid, theirs.jid) < 0
    : compareOctets(ours.sid, theirs.sid) < 0;
}

/** The order of `i;octet` (RFC 4790 section 9.3): of the UTF-8 bytes, which is that of the code points. */
export function compareOctets(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let at = 0; at < left.length && at < right.length; at++) {
    const difference = left[at]!.codePointAt(0)! - right[at]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
