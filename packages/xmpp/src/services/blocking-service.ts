import { parseJid, writeJid } from '../address/jid.ts';
import { NS } from '../namespaces.ts';
import { errorReply, resultReply } from '../stanza/stanza-error.ts';
import { elementsOf, type XmlElement, xml } from '../xml/element.ts';
import { isOwnAccount, type Service } from './service.ts';

/** Whom a user does not want to hear from (XEP-0191). */
export const blockingService: Service = (request) => {
  const { iq, payload, set, session, state } = request;
  if (payload.attrs.xmlns !== NS.blocking) return undefined;
  if (session === undefined || !isOwnAccount(request)) return errorReply(iq, 'forbidden');
  const { local } = session.jid;
  if (!set && payload.name === 'blocklist') {
    const items = state.blocked.of(local).map((jid) => xml('item', { jid }));
    return resultReply(iq, xml('blocklist', { xmlns: NS.blocking }, ...items));
  }
  if (!set || (payload.name !== 'block' && payload.name !== 'unblock')) return undefined;
  const jids = elementsOf(payload).map((item) => parseJid(item.attrs.jid ?? ''));
  if (jids.includes(undefined)) return errorReply(iq, 'jid-malformed');
  const addresses = jids.filter((jid) => jid !== undefined).map(writeJid);
  if (payload.name === 'block') {
    if (addresses.length === 0) return errorReply(iq, 'bad-request');
    if (!state.blocked.block(local, addresses)) return errorReply(iq, 'resource-constraint');
  } else state.blocked.unblock(local, addresses);
  push(request, payload);
  return resultReply(iq);
};

/** Other devices hear of the change (XEP-0191 section 3.3). */
function push({ state, session }: Parameters<Service>[0], change: XmlElement): void {
  for (const other of state.sessions.of(session!.jid.local))
    other.user.deliver(xml('iq', { type: 'set', id: 'block-push', to: other.full }, change));
}
