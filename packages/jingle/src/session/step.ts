import type { Senders } from '../description/senders.ts';
import type { ContentKey } from '../description/to-contents.ts';
import {
  type IqError,
  OUT_OF_ORDER,
  TIE_BREAK,
  UNKNOWN_CONTENT,
  UNKNOWN_SESSION,
  UNSUPPORTED_INFO,
} from '../stanza/iq-error.ts';
import type { JingleActionName, JingleStanza } from '../stanza/jingle-stanza.ts';
import type { JingleReason } from '../stanza/reason.ts';
import { readSessionInfo } from '../stanza/session-info.ts';
import { applyAction } from './apply-action.ts';
import { findContent, type JingleSession, type OutstandingAction, sameKey } from './session.ts';

/** An action of ours, as far as the machine needs to know it. */
export interface OwnAction {
  readonly action: JingleActionName;
  readonly contents: readonly (ContentKey & { readonly senders?: Senders | undefined })[];
  readonly reason?: JingleReason;
}

export type SessionInput =
  | { readonly type: 'send'; readonly own: OwnAction }
  | { readonly type: 'received'; readonly stanza: JingleStanza }
  /** The IQ of our action was answered. */
  | { readonly type: 'replied'; readonly own: OwnAction; readonly error: IqError | undefined };

export type SessionEffect =
  /** Our action goes out. */
  | { readonly type: 'transmit' }
  /** Our action would be out of order: it must not go. */
  | { readonly type: 'refused'; readonly why: 'out-of-order' | 'unknown-content' | 'ended' }
  /** The far side's action is acknowledged. */
  | { readonly type: 'acknowledge' }
  | { readonly type: 'error'; readonly error: IqError }
  /** The far side's action counts. */
  | { readonly type: 'tell' }
  /** Our own action lost against the far side's, and never was. */
  | { readonly type: 'collided'; readonly action: JingleActionName }
  /** Our own action was answered by an error. */
  | { readonly type: 'failed'; readonly own: OwnAction; readonly error: IqError }
  | { readonly type: 'ended'; readonly by: 'here' | 'there' };

export interface SessionStep {
  readonly session: JingleSession;
  readonly effects: readonly SessionEffect[];
}

/** Actions that both sides may send at the same time, and of which then only the initiator's counts. */
const COLLIDING: ReadonlySet<string> = new Set<JingleActionName>([
  'content-add',
  'content-modify',
  'content-remove',
  'transport-replace',
  'description-info',
]);

/** Actions that name contents which must be there. */
const ON_CONTENTS: ReadonlySet<string> = new Set<JingleActionName>([
  'content-accept',
  'content-modify',
  'content-reject',
  'content-remove',
  'description-info',
  'session-accept',
  'transport-accept',
  'transport-info',
  'transport-reject',
  'transport-replace',
]);

/**
 * One step of a session (XEP-0166 sections 5 to 7), pure: what comes in from the far side is acknowledged and told, or answered
 * with the error that fits; what we want to send goes or is refused; nothing throws.
 */
export function step(session: JingleSession, input: SessionInput): SessionStep {
  switch (input.type) {
    case 'send':
      return send(session, input.own);
    case 'received':
      return receive(session, input.stanza);
    case 'replied':
      return replied(session, input.own, input.error);
  }
}

function send(session: JingleSession, own: OwnAction): SessionStep {
  const refuse = (why: 'out-of-order' | 'unknown-content' | 'ended'): SessionStep => ({
    session,
    effects: [{ type: 'refused', why }],
  });
  if (session.phase === 'ended') return refuse('ended');
  if (!isInOrder(session, own, 'here')) return refuse('out-of-order');
  if (ON_CONTENTS.has(own.action) && own.contents.some((key) => findContent(session, key) === undefined))
    return refuse('unknown-content');
  const after = applyAction(session, own, 'here');
  const outstanding: OutstandingAction = {
    action: own.action,
    keys: own.contents,
    ...(own.action === 'content-remove'
      ? { removed: session.contents.filter((each) => named(own, each)) }
      : {}),
  };
  const isOver = after.phase === 'ended';
  return {
    session: isOver ? after : { ...after, outstanding: [...after.outstanding, outstanding] },
    effects: isOver ? [{ type: 'transmit' }, { type: 'ended', by: 'here' }] : [{ type: 'transmit' }],
  };
}

function named({ contents }: OwnAction, content: ContentKey): boolean {
  return contents.some((key) => sameKey(key, content));
}

function receive(session: JingleSession, stanza: JingleStanza): SessionStep {
  const error = (which: IqError): SessionStep => ({ session, effects: [{ type: 'error', error: which }] });
  if (session.phase === 'ended') return error(UNKNOWN_SESSION);
  const { action, contents } = stanza;
  if (!isInOrder(session, stanza, 'there')) return error(OUT_OF_ORDER);
  if (ON_CONTENTS.has(action) && contents.some((key) => findContent(session, key) === undefined))
    return error(UNKNOWN_CONTENT);
  if (action === 'security-info' || (action === 'session-info' && !isUnderstood(stanza)))
    return error(UNSUPPORTED_INFO);

  const effects: SessionEffect[] = [];
  let before = session;
  if (COLLIDING.has(action)) {
    const collision = session.outstanding.find((own) => own.action === action && meets(own, contents));
    if (collision !== undefined) {
      // The initiator's action overrules the responder's (XEP-0166 section 7.2.16).
      if (session.role === 'initiator') return error(TIE_BREAK);
      before = withdraw(session, collision);
      effects.push({ type: 'collided', action });
    }
  }
  const after = applyAction(before, stanza, 'there');
  effects.unshift({ type: 'acknowledge' });
  effects.push({ type: 'tell' });
  if (after.phase === 'ended') effects.push({ type: 'ended', by: 'there' });
  return { session: after, effects };
}

/** Two additions always meet, since both are a new offer; other actions where they are about the same content. */
function meets(own: OutstandingAction, theirs: readonly ContentKey[]): boolean {
  return own.action === 'content-add' || own.keys.some((key) => theirs.some((other) => sameKey(key, other)));
}

/** A ping is an empty session-info (XEP-0166 section 6.8). */
function isUnderstood({ payload }: JingleStanza): boolean {
  return payload.length === 0 || payload.some((each) => readSessionInfo(each) !== undefined);
}

function isInOrder(
  session: JingleSession,
  { action, contents }: Pick<OwnAction, 'action' | 'contents'>,
  side: 'here' | 'there',
): boolean {
  const isInitiator = (session.role === 'initiator') === (side === 'here');
  const proposedByOther = side === 'here' ? 'proposed-there' : 'proposed-here';
  const known = contents.map((key) => findContent(session, key));
  switch (action) {
    case 'session-initiate':
      return false;
    case 'session-accept':
      return session.phase === 'pending' && !isInitiator;
    case 'content-add':
      return known.every((content) => content === undefined);
    case 'content-accept':
    case 'content-reject':
      return known.every((content) => content === undefined || content.state === proposedByOther);
    case 'transport-accept':
    case 'transport-reject':
      return known.every(
        (content) => content === undefined || content.replacing === (side === 'here' ? 'there' : 'here'),
      );
    default:
      return true;
  }
}

function replied(session: JingleSession, own: OwnAction, error: IqError | undefined): SessionStep {
  const mine = session.outstanding.find(
    ({ action, keys }) => action === own.action && keys.length === own.contents.length,
  );
  if (mine === undefined || session.phase === 'ended') return { session, effects: [] };
  if (error === undefined) {
    // An addition and a replacement are out until they are accepted or rejected; others are done when acknowledged.
    const isAnsweredLater = own.action === 'content-add' || own.action === 'transport-replace';
    return { session: isAnsweredLater ? session : without(session, mine), effects: [] };
  }
  const rest = withdraw(session, mine);
  const failed: SessionEffect = { type: 'failed', own, error };
  const isLost =
    error.jingle === 'unknown-session' ||
    own.action === 'session-initiate' ||
    own.action === 'session-accept';
  if (!isLost) return { session: rest, effects: [failed] };
  const ended: JingleSession = { ...rest, phase: 'ended', end: { by: 'there', reason: undefined } };
  return { session: ended, effects: [failed, { type: 'ended', by: 'there' }] };
}

function without(session: JingleSession, gone: OutstandingAction): JingleSession {
  return { ...session, outstanding: session.outstanding.filter((each) => each !== gone) };
}

/** As if our action had never been sent. */
function withdraw(session: JingleSession, own: OutstandingAction): JingleSession {
  const rest = without(session, own);
  const isOwn = (key: ContentKey): boolean => own.keys.some((each) => sameKey(each, key));
  if (own.action === 'content-add')
    return { ...rest, contents: rest.contents.filter((each) => !isOwn(each)) };
  if (own.removed !== undefined) return { ...rest, contents: [...rest.contents, ...own.removed] };
  if (own.action !== 'transport-replace') return rest;
  return {
    ...rest,
    contents: rest.contents.map((content) => {
      if (!isOwn(content) || content.replacing !== 'here') return content;
      const { replacing: _, ...kept } = content;
      return kept;
    }),
  };
}
