import { carbonCopy, isCopied } from './carbons.ts';
import type { Addressed, RouterState } from './router-state.ts';
import type { Session } from './session.ts';

/** Delivers a message to a user of this domain (RFC 6121 section 8.5). There is no store: who is away does not get it. */
export function deliverMessage(state: RouterState, { stanza, to }: Addressed): void {
  const local = to.local!;
  const { type } = stanza.attrs;
  if (to.resource !== undefined) {
    const session = state.sessions.get(local, to.resource);
    if (session !== undefined) {
      session.user.deliver(stanza);
      if (isCopied(stanza)) copyReceived(state, stanza, session);
      return;
    }
    // RFC 6121 section 8.5.3.2.1: a chat goes to whoever is there instead.
    if (type === 'groupchat' || type === 'headline' || type === 'error') {
      if (type === 'groupchat') state.refuse(stanza, 'service-unavailable');
      return;
    }
  }
  if (type === 'error') return;
  const takers = state.sessions.available(local).filter(({ priority }) => priority >= 0);
  if (type === 'groupchat' || (takers.length === 0 && type !== 'headline')) {
    state.refuse(stanza, 'service-unavailable');
    return;
  }
  // To all and not to the most eager one: a call rings on every device (XEP-0353 section 3.1).
  for (const session of takers) session.user.deliver(stanza);
  if (isCopied(stanza)) {
    const others = state.sessions.of(local).filter((session) => session.carbons && !takers.includes(session));
    for (const session of others)
      session.user.deliver(carbonCopy(stanza, 'received', session.bare, session.full));
  }
}

function copyReceived(state: RouterState, stanza: Addressed['stanza'], taker: Session): void {
  for (const session of state.sessions.of(taker.jid.local)) {
    if (session === taker || !session.carbons) continue;
    session.user.deliver(carbonCopy(stanza, 'received', session.bare, session.full));
  }
}

/** Gives the sender's other devices a copy of what it sent (XEP-0280 section 8). */
export function copySent(state: RouterState, stanza: Addressed['stanza'], sender: Session): void {
  for (const session of state.sessions.of(sender.jid.local)) {
    if (session === sender || !session.carbons) continue;
    session.user.deliver(carbonCopy(stanza, 'sent', session.bare, session.full));
  }
}
