import { bareJid, type Jid, parseJid } from '../address/jid.ts';
import { childOf, textOf, withAttrs, type XmlElement, xml } from '../xml/element.ts';
import { deliverSubscription, pendingRequests } from './presence-subscription.ts';
import type { Addressed, RouterState } from './router-state.ts';
import type { Session } from './session.ts';
import { isSeen, isSubscriptionType, sees } from './subscription.ts';

/** A client says that it is there, or changes how (RFC 6121 sections 4.2 and 4.4). */
export function becomeAvailable(state: RouterState, session: Session, stanza: XmlElement): void {
  const initial = session.presence === undefined;
  session.presence = stanza;
  session.priority = priorityOf(stanza);
  broadcast(state, session, stanza);
  if (!initial) return;
  for (const contact of state.rosterOf(session.jid.local).contacts) {
    if (sees(contact.subscription))
      state.route(xml('presence', { type: 'probe', from: session.full, to: contact.jid }));
  }
  for (const other of state.sessions.available(session.jid.local)) {
    if (other !== session) session.user.deliver(withAttrs(other.presence!, { to: session.full }));
  }
  for (const request of pendingRequests(state, session)) session.user.deliver(request);
}

/** A client says that it goes, or is gone (RFC 6121 section 4.5). */
export function becomeUnavailable(state: RouterState, session: Session, stanza?: XmlElement): void {
  const said = stanza ?? xml('presence', { type: 'unavailable', from: session.full });
  const wasAvailable = session.presence !== undefined;
  session.presence = undefined;
  const directed = [...session.directed];
  session.directed.clear();
  if (wasAvailable) broadcast(state, session, said);
  for (const to of directed) state.route(withAttrs(said, { to }));
}

/** A client tells somebody who is perhaps in no roster (RFC 6121 section 4.6). */
export function directPresence(state: RouterState, session: Session, stanza: XmlElement): void {
  const to = stanza.attrs.to!;
  if (stanza.attrs.type === undefined) session.directed.add(to);
  else session.directed.delete(to);
  // As many as a roster may have: the rest will not learn that it went.
  if (session.directed.size > 1000) session.directed.delete(to);
  state.route(stanza);
}

/** Presence for a user of this domain (RFC 6121 sections 4.3.2, 8.5). */
export function deliverPresence(state: RouterState, addressed: Addressed): void {
  const { stanza, to, from } = addressed;
  const local = to.local!;
  const { type } = stanza.attrs;
  if (type === 'probe') answerProbe(state, local, from, stanza);
  else if (isSubscriptionType(type)) deliverSubscription(state, addressed, type);
  else if (to.resource !== undefined) state.sessions.get(local, to.resource)?.user.deliver(stanza);
  else if (type !== 'error')
    for (const session of state.sessions.available(local)) session.user.deliver(stanza);
}

function answerProbe(state: RouterState, local: string, from: Jid, stanza: XmlElement): void {
  const asker = bareJid(from);
  const own = `${local}@${state.domain}`;
  if (asker !== own && !isSeen(state.rosterOf(local).get(asker).subscription)) {
    state.route(xml('presence', { type: 'unsubscribed', from: own, to: asker }));
    return;
  }
  for (const session of state.sessions.available(local))
    state.route(withAttrs(session.presence!, { to: stanza.attrs.from }));
}

/** Tells who may see the user, and all of the user's devices, the one it is about among them (RFC 6121 section 4.2.2). */
function broadcast(state: RouterState, session: Session, stanza: XmlElement): void {
  for (const contact of state.rosterOf(session.jid.local).contacts) {
    const jid = isSeen(contact.subscription) ? parseJid(contact.jid) : undefined;
    if (jid !== undefined && !state.blocked.blocks(session.jid.local, jid))
      state.route(withAttrs(stanza, { to: contact.jid }));
  }
  for (const each of state.sessions.available(session.jid.local))
    each.user.deliver(withAttrs(stanza, { to: each.full }));
}

/** RFC 6121 section 4.7.2.3. */
function priorityOf(stanza: XmlElement): number {
  const element = childOf(stanza, 'priority');
  const value = element === undefined ? 0 : Number(textOf(element));
  return Number.isInteger(value) && value >= -128 && value <= 127 ? value : 0;
}
