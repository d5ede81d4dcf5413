import { bareJid, parseJid } from '../address/jid.ts';
import { NS } from '../namespaces.ts';
import { pushRoster, tellAbsence } from '../routing/presence-subscription.ts';
import { isSeen, sees } from '../routing/subscription.ts';
import { errorReply, resultReply } from '../stanza/stanza-error.ts';
import { elementsOf, isElement, textOf, type XmlElement, xml } from '../xml/element.ts';
import { isOwnAccount, type Service, type ServiceRequest } from './service.ts';

/** Reading and changing one's own roster (RFC 6121 section 2). */
export const rosterService: Service = (request) => {
  const { iq, payload, set, session, state } = request;
  if (!isElement(payload, 'query', NS.roster)) return undefined;
  if (session === undefined || !isOwnAccount(request)) return errorReply(iq, 'forbidden');
  if (!set) {
    session.interested = true;
    return resultReply(iq, state.rosterOf(session.jid.local).toQuery());
  }
  const items = elementsOf(payload).filter(({ name }) => name === 'item');
  const item = items[0];
  if (item === undefined || items.length > 1) return errorReply(iq, 'bad-request', 'one item at a time');
  return item.attrs.subscription === 'remove' ? remove(request, item) : put(request, item);
};

function put({ iq, session, state }: ServiceRequest, item: XmlElement): XmlElement {
  const { local } = session!.jid;
  const jid = parseJid(item.attrs.jid ?? '');
  if (jid === undefined) return errorReply(iq, 'jid-malformed');
  const groups = elementsOf(item)
    .filter(({ name }) => name === 'group')
    .map(textOf);
  if (groups.includes('') || groups.length > 50) return errorReply(iq, 'not-acceptable');
  const roster = state.rosterOf(local);
  const contact = {
    ...roster.get(bareJid(jid)),
    name: item.attrs.name,
    groups: [...new Set(groups)],
    listed: true,
  };
  if (!roster.put(contact)) return errorReply(iq, 'resource-constraint', 'the roster is full');
  pushRoster(state, local, contact);
  return resultReply(iq);
}

/** Whoever is taken off is also unsubscribed, both ways (RFC 6121 section 2.5.2). */
function remove({ iq, session, state }: ServiceRequest, item: XmlElement): XmlElement {
  const { local } = session!.jid;
  const jid = parseJid(item.attrs.jid ?? '');
  if (jid === undefined) return errorReply(iq, 'jid-malformed');
  const contact = state.rosterOf(local).remove(bareJid(jid));
  if (contact?.listed !== true) return errorReply(iq, 'item-not-found');
  const from = session!.bare;
  const tell = (type: string): void => state.route(xml('presence', { type, from, to: contact.jid }));
  if (sees(contact.subscription) || contact.ask) tell('unsubscribe');
  if (isSeen(contact.subscription)) {
    tellAbsence(state, local, contact.jid);
    tell('unsubscribed');
  }
  pushRoster(state, local, contact, true);
  return resultReply(iq);
}
