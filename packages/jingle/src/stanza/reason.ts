import { NS } from '../namespaces.ts';
import { childOf, element, elementsOf, textOf, type XmlElement, type XmlNode } from '../xml/element.ts';
import { JingleError } from './jingle-error.ts';

/** Why a session ends, or an action is taken (XEP-0166 section 7.4). */
export const JINGLE_REASONS = [
  'alternative-session',
  'busy',
  'cancel',
  'connectivity-error',
  'decline',
  'expired',
  'failed-application',
  'failed-transport',
  'general-error',
  'gone',
  'incompatible-parameters',
  'media-error',
  'security-error',
  'success',
  'timeout',
  'unsupported-applications',
  'unsupported-transports',
] as const;

export type JingleCondition = (typeof JINGLE_REASONS)[number];

export interface JingleReason {
  readonly condition: JingleCondition;
  readonly text?: string;
  /** The other session, of `alternative-session`. */
  readonly sid?: string;
  /** What an application adds: `<invalid-crypto/>` of XEP-0167, our own code. */
  readonly details: readonly XmlElement[];
}

const CLAUSE = 'XEP-0166 section 7.4';

export function isCondition(name: string): name is JingleCondition {
  return (JINGLE_REASONS as readonly string[]).includes(name);
}

/** Reads `<reason/>`. A condition that nobody knows is `general-error`, and is kept among the details. @throws JingleError */
export function parseReason(reason: XmlElement, path: string): JingleReason {
  let condition: JingleCondition | undefined;
  let text: string | undefined;
  let sid: string | undefined;
  const details: XmlElement[] = [];
  for (const child of elementsOf(reason)) {
    if (child.xmlns !== NS.jingle) details.push(child);
    else if (child.name === 'text') text ??= textOf(child);
    else if (isCondition(child.name)) {
      condition ??= child.name;
      const other = childOf(child, 'sid');
      if (other !== undefined) sid ??= textOf(other);
    } else details.push(child);
  }
  if (condition === undefined && details.length === 0)
    throw new JingleError('reason-malformed', path, CLAUSE, 'a reason without a condition');
  return {
    condition: condition ?? 'general-error',
    ...(text === undefined ? {} : { text }),
    ...(sid === undefined ? {} : { sid }),
    details,
  };
}

export function writeReason({ condition, text, sid, details }: JingleReason): XmlElement {
  const other = sid === undefined ? [] : [element(NS.jingle, 'sid', {}, [sid])];
  const children: XmlNode[] = [element(NS.jingle, condition, {}, other)];
  if (text !== undefined) children.push(element(NS.jingle, 'text', {}, [text]));
  return element(NS.jingle, 'reason', {}, [...children, ...details]);
}
