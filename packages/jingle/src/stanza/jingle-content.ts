import { isSenders, type JingleRole, type Senders } from '../description/senders.ts';
import { NS } from '../namespaces.ts';
import type { XmlElement } from '../xml/element.ts';
import { JingleError } from './jingle-error.ts';

/** One `<content/>` (XEP-0166 section 7.3); its description and transport stay elements. */
export interface JingleContent {
  readonly creator: JingleRole;
  readonly name: string;
  /** Undefined where the sender left it out: `both`, but in the answer to an offer what was offered. */
  readonly senders: Senders | undefined;
  readonly disposition: string;
  readonly description: XmlElement | undefined;
  readonly transport: XmlElement | undefined;
  readonly element: XmlElement;
}

const CLAUSE = 'XEP-0166 section 7.3';

/** @throws JingleError */
export function parseContent(element: XmlElement, path: string): JingleContent {
  const { name, senders, disposition } = element.attrs;
  const creator = element.attrs.creator ?? 'initiator';
  if (name === undefined)
    throw new JingleError('content-name-missing', path, CLAUSE, 'a content without a name');
  if (creator !== 'initiator' && creator !== 'responder')
    throw new JingleError('creator-unknown', path, CLAUSE, 'a creator that is no side of the session');
  if (senders !== undefined && !isSenders(senders))
    throw new JingleError('senders-unknown', path, CLAUSE, 'senders that are no side of the session');
  let description: XmlElement | undefined;
  let transport: XmlElement | undefined;
  for (const child of element.children) {
    if (typeof child === 'string' || child.xmlns === NS.jingle) continue;
    if (child.name === 'description') description ??= child;
    else if (child.name === 'transport') transport ??= child;
  }
  return { creator, name, senders, disposition: disposition ?? 'session', description, transport, element };
}
