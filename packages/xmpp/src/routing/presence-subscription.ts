import { bareJid } from '../address/jid.ts';
import { NS } from '../namespaces.ts';
import { withAttrs, type XmlElement, xml } from '../xml/element.ts';
import { type Contact, rosterItem } from './roster.ts';
import type { Addressed, RouterState } from './router-state.ts';
import type { Session } from './session.ts';
import { isSeen, type SubscriptionType, sees, stepInbound, stepOutbound } from './subscription.ts';

/** A client asks to see somebody, lets somebody see it, or takes that back (RFC 6121 section 3, outbound). */
export function sendSubscription(
  state: RouterState,
  session: Session,
  { stanza, to }: Addressed,
  type: SubscriptionType,
): void {
  const { local } = session.jid;
  const roster = state.rosterOf(local);
  const before = roster.get(bareJid(to));
  const after: Contact = { ...before, ...stepOutbound(before, type) };
  const listed = before.listed || type === 'subscribe' || (type === 'subscribed' && before.asked);
  if (!roster.put({ ...after, listed })) {
    state.refuse(stanza, 'resource-constraint', 'the roster is full');
    return;
  }
  if (listed && (changed(before, after) || !before.listed)) pushRoster(state, local, roster.get(after.jid));
  // An approval that nobody asked for goes nowhere (RFC 6121 section 3.1.5).
  if (type === 'subscribed' && !before.asked) return;
  state.route(withAttrs(stanza, { from: session.bare, to: after.jid }));
  if (type === 'subscribed') tellPresence(state, local, after.jid);
  if (type === 'unsubscribed' && isSeen(before.subscription)) tellAbsence(state, local, after.jid);
}

/** Somebody asks to see a user of this domain, or lets the user see them (RFC 6121 section 3, inbound). */
export function deliverSubscription(
  state: RouterState,
  { stanza, from, to }: Addressed,
  type: SubscriptionType,
): void {
  const local = to.local!;
  const contact = bareJid(from);
  const own = `${local}@${state.domain}`;
  const roster = state.rosterOf(local);
  const before = roster.get(contact);
  if (type === 'subscribe' && isSeen(before.subscription)) {
    state.route(xml('presence', { type: 'subscribed', from: own, to: contact }));
    return;
  }
  const after: Contact = { ...before, ...stepInbound(before, type) };
  if (!roster.put(after) || (!changed(before, after) && before.asked === after.asked)) return;
  if (before.listed && changed(before, after)) pushRoster(state, local, after);
  const takers = state.sessions.available(local);
  for (const session of takers) session.user.deliver(withAttrs(stanza, { from: contact, to: own }));
  if (type === 'unsubscribe' && isSeen(before.subscription)) tellAbsence(state, local, contact);
  if (type === 'subscribed' && !sees(before.subscription))
    for (const session of takers)
      state.route(xml('presence', { type: 'probe', from: session.full, to: contact }));
}

/** The requests that a user has not answered yet: each resource that comes is asked (RFC 6121 section 3.1.3). */
export function pendingRequests(state: RouterState, session: Session): XmlElement[] {
  return state
    .rosterOf(session.jid.local)
    .contacts.filter(({ asked }) => asked)
    .map(({ jid }) => xml('presence', { type: 'subscribe', from: jid, to: session.bare }));
}

/** Tells all interested resources of a user of one changed contact (RFC 6121 section 2.1.6). */
export function pushRoster(state: RouterState, local: string, contact: Contact, removed = false): void {
  const item = removed ? xml('item', { jid: contact.jid, subscription: 'remove' }) : rosterItem(contact);
  for (const session of state.sessions.of(local)) {
    if (!session.interested) continue;
    const query = xml('query', { xmlns: NS.roster }, item);
    session.user.deliver(xml('iq', { type: 'set', id: `push-${contact.jid}`, to: session.full }, query));
  }
}

function tellPresence(state: RouterState, local: string, to: string): void {
  for (const session of state.sessions.available(local)) state.route(withAttrs(session.presence!, { to }));
}

/** To one who may see the user no more. */
export function tellAbsence(state: RouterState, local: string, to: string): void {
  for (const session of state.sessions.available(local))
    state.route(xml('presence', { type: 'unavailable', from: session.full, to }));
}

function changed(before: Contact, after: Contact): boolean {
  return before.subscription !== after.subscription || before.ask !== after.ask;
}
