import { NS } from '../namespaces.ts';
import { type XmlElement, type XmlNode, xml } from '../xml/element.ts';

/** The conditions of RFC 6120 section 8.3.3 that the server answers with. */
export type StanzaCondition =
  | 'bad-request'
  | 'conflict'
  | 'feature-not-implemented'
  | 'forbidden'
  | 'internal-server-error'
  | 'item-not-found'
  | 'jid-malformed'
  | 'not-acceptable'
  | 'not-allowed'
  | 'not-authorized'
  | 'policy-violation'
  | 'recipient-unavailable'
  | 'remote-server-not-found'
  | 'remote-server-timeout'
  | 'resource-constraint'
  | 'service-unavailable'
  | 'subscription-required'
  | 'unexpected-request';

const TYPES: Readonly<Record<StanzaCondition, 'auth' | 'cancel' | 'modify' | 'wait'>> = {
  'bad-request': 'modify',
  conflict: 'cancel',
  'feature-not-implemented': 'cancel',
  forbidden: 'auth',
  'internal-server-error': 'cancel',
  'item-not-found': 'cancel',
  'jid-malformed': 'modify',
  'not-acceptable': 'cancel',
  'not-allowed': 'cancel',
  'not-authorized': 'auth',
  'policy-violation': 'modify',
  'recipient-unavailable': 'wait',
  'remote-server-not-found': 'cancel',
  'remote-server-timeout': 'wait',
  'resource-constraint': 'wait',
  'service-unavailable': 'cancel',
  'subscription-required': 'auth',
  'unexpected-request': 'wait',
};

/** The error stanza that answers a stanza (RFC 6120 section 8.3), back to where it came from. */
export function errorReply(
  stanza: XmlElement,
  condition: StanzaCondition,
  text?: string,
  ...more: readonly XmlNode[]
): XmlElement {
  const words = text === undefined ? [] : [xml('text', { xmlns: NS.stanzaErrors, 'xml:lang': 'en' }, text)];
  const error = xml(
    'error',
    { type: TYPES[condition] },
    xml(condition, { xmlns: NS.stanzaErrors }),
    ...words,
    ...more,
  );
  return reply(stanza, 'error', error);
}

/** The result that answers an iq. */
export function resultReply(iq: XmlElement, ...children: readonly XmlNode[]): XmlElement {
  return reply(iq, 'result', ...children);
}

function reply(stanza: XmlElement, type: string, ...children: readonly XmlNode[]): XmlElement {
  const { id, from, to } = stanza.attrs;
  return xml(stanza.name, { type, id, from: to, to: from }, ...children);
}
