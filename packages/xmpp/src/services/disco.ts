import { bareJid, parseJid } from '../address/jid.ts';
import { NS } from '../namespaces.ts';
import { isSeen } from '../routing/subscription.ts';
import { base64, utf8, type XmppCrypto } from '../sasl/crypto.ts';
import { errorReply, resultReply } from '../stanza/stanza-error.ts';
import { type XmlElement, xml } from '../xml/element.ts';
import { isOwnAccount, type Service } from './service.ts';

export interface Identity {
  readonly category: string;
  readonly type: string;
  readonly name: string;
}

/** What the server says of itself (XEP-0030). */
export const SERVER_IDENTITY: Identity = { category: 'server', type: 'im', name: 'Crosspoint' };

export const SERVER_FEATURES: readonly string[] = [
  NS.discoInfo,
  NS.discoItems,
  NS.caps,
  NS.ping,
  NS.roster,
  NS.externalServices,
  NS.carbons,
  NS.blocking,
];

/** The verification string of XEP-0115 section 5.1 for one identity without language and no forms. */
export function capsVersion(
  crypto: XmppCrypto,
  { category, type, name }: Identity,
  features: readonly string[],
): string {
  const sorted = [...features].sort().map((feature) => `${feature}<`);
  return base64(crypto.hash('SHA-1', utf8(`${category}/${type}//${name}<${sorted.join('')}`)));
}

/** The server's own capabilities, for its stream features (XEP-0115 section 6.3). */
export function serverCaps(crypto: XmppCrypto, node: string): XmlElement {
  const ver = capsVersion(crypto, SERVER_IDENTITY, SERVER_FEATURES);
  return xml('c', { xmlns: NS.caps, hash: 'sha-1', node, ver });
}

/** Service discovery (XEP-0030) of the server, of what stands beside it, and of accounts. */
export function discoService(items: () => readonly string[]): Service {
  return (request) => {
    const { iq, payload, set, account, state } = request;
    const { xmlns, node } = payload.attrs;
    if (payload.name !== 'query' || set || (xmlns !== NS.discoInfo && xmlns !== NS.discoItems))
      return undefined;
    if (account !== undefined) {
      const asker = parseJid(iq.attrs.from ?? '');
      const known = asker !== undefined && isSeen(state.rosterOf(account).get(bareJid(asker)).subscription);
      // A stranger must not learn who exists (XEP-0030 section 8).
      if (!isOwnAccount(request) && !known) return errorReply(iq, 'service-unavailable');
      if (xmlns === NS.discoItems) return resultReply(iq, xml('query', { xmlns, node }));
      const identity = xml('identity', { category: 'account', type: 'registered' });
      return resultReply(iq, xml('query', { xmlns, node }, identity, xml('feature', { var: NS.discoInfo })));
    }
    if (xmlns === NS.discoItems) {
      const listed = node === undefined ? items().map((jid) => xml('item', { jid })) : [];
      return resultReply(iq, xml('query', { xmlns, node }, ...listed));
    }
    const features = SERVER_FEATURES.map((feature) => xml('feature', { var: feature }));
    return resultReply(
      iq,
      xml('query', { xmlns, node }, xml('identity', { ...SERVER_IDENTITY }), ...features),
    );
  };
}
