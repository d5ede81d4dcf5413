import type { XmlElement } from '../xml/element.ts';

export type StanzaName = 'iq' | 'message' | 'presence';

const TYPES: Readonly<Record<StanzaName, readonly (string | undefined)[]>> = {
  iq: ['get', 'set', 'result', 'error'],
  message: [undefined, 'normal', 'chat', 'groupchat', 'headline', 'error'],
  presence: [
    undefined,
    'unavailable',
    'subscribe',
    'subscribed',
    'unsubscribe',
    'unsubscribed',
    'probe',
    'error',
  ],
};

/** A stanza as the router knows it: no namespace of its own. */
export function isStanza(element: XmlElement): boolean {
  return element.attrs.xmlns === undefined && TYPES[element.name as StanzaName] !== undefined;
}

/** What keeps a stanza from being routed (RFC 6120 section 8.2.3, RFC 6121 sections 4.7.1 and 5.2.2). */
export function stanzaFault(stanza: XmlElement): string | undefined {
  const { type, id } = stanza.attrs;
  const name = stanza.name as StanzaName;
  if (name === 'message') return undefined;
  if (!TYPES[name].includes(type)) return `the type ${JSON.stringify(type ?? '')} is none of ${name}'s`;
  if (name !== 'iq') return undefined;
  if (id === undefined) return 'an iq without an id';
  if (type === 'result' || type === 'error') return undefined;
  const children = stanza.children.filter((child) => typeof child !== 'string').length;
  return children === 1 ? undefined : `an iq ${type} with ${children} children`;
}

/** Whether an answer to it must never be an error, so that errors do not go round in circles. */
export function takesNoError(stanza: XmlElement): boolean {
  const { type } = stanza.attrs;
  return type === 'error' || (stanza.name === 'iq' && type === 'result');
}
