import type { ContentKey } from '../description/to-contents.ts';
import { type JingleSession, type OutstandingAction, type SessionContent, sameKey } from './session.ts';
import type { OwnAction } from './step.ts';

/** The session after an action that is in order, whichever side took it. */
export function applyAction(session: JingleSession, done: OwnAction, side: 'here' | 'there'): JingleSession {
  const { action, contents } = done;
  const named = (content: ContentKey): boolean => contents.some((key) => sameKey(key, content));
  const map = (change: (content: SessionContent) => SessionContent): JingleSession => ({
    ...session,
    contents: session.contents.map((content) => (named(content) ? change(content) : content)),
  });
  switch (action) {
    case 'session-accept':
      return { ...answered(map(accept), 'session-initiate', contents), phase: 'active' };
    case 'session-terminate':
      return { ...session, phase: 'ended', outstanding: [], end: { by: side, reason: done.reason } };
    case 'content-add': {
      const state = side === 'here' ? 'proposed-here' : 'proposed-there';
      const added = contents.map(
        ({ creator, name, senders }): SessionContent => ({
          creator,
          name,
          senders: senders ?? 'both',
          state,
        }),
      );
      return { ...session, contents: [...session.contents, ...added] };
    }
    case 'content-accept':
      return answered(map(accept), 'content-add', contents);
    case 'content-reject':
      return answered(removed(session, named), 'content-add', contents);
    case 'content-remove':
      return removed(session, named);
    case 'content-modify':
      return map((content) => ({
        ...content,
        senders: contents.find((key) => sameKey(key, content))?.senders ?? content.senders,
      }));
    case 'transport-replace':
      return map((content) => ({ ...content, replacing: side }));
    case 'transport-accept':
    case 'transport-reject':
      return answered(map(settled), 'transport-replace', contents);
    default:
      return session;
  }
}

function accept(content: SessionContent): SessionContent {
  return { ...content, state: 'accepted' };
}

function settled(content: SessionContent): SessionContent {
  const { replacing: _, ...kept } = content;
  return kept;
}

function removed(session: JingleSession, named: (content: ContentKey) => boolean): JingleSession {
  return { ...session, contents: session.contents.filter((content) => !named(content)) };
}

/** Our proposal is no longer out, once all of its contents are answered. */
function answered(
  session: JingleSession,
  action: OutstandingAction['action'],
  contents: readonly ContentKey[],
): JingleSession {
  const outstanding = session.outstanding.flatMap((own) => {
    if (own.action !== action) return [own];
    const keys = own.keys.filter((key) => !contents.some((each) => sameKey(each, key)));
    return keys.length === 0 ? [] : [{ ...own, keys }];
  });
  return { ...session, outstanding };
}
