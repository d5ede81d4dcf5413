import { NS } from '../namespaces.ts';
import { childOf, withAttrs, type XmlElement, xml } from '../xml/element.ts';

const CALL_WORDS = ['propose', 'ringing', 'proceed', 'accept', 'reject', 'retract', 'finish'];

/** Whether a user's other devices get a copy of a message (XEP-0280 section 6.1), calls being set up among them. */
export function isCopied(message: XmlElement): boolean {
  const { type } = message.attrs;
  if (childOf(message, 'private', NS.carbons) !== undefined) return false;
  if (childOf(message, 'no-copy', NS.hints) !== undefined) return false;
  if (
    childOf(message, 'received', NS.carbons) !== undefined ||
    childOf(message, 'sent', NS.carbons) !== undefined
  )
    return false;
  if (type === 'chat') return true;
  if (type !== undefined && type !== 'normal') return false;
  if (childOf(message, 'body') !== undefined) return true;
  return CALL_WORDS.some((word) => childOf(message, word, NS.jingleMessage) !== undefined);
}

/** The copy of a message for one more device of the same user (XEP-0280 sections 7 and 8). */
export function carbonCopy(
  message: XmlElement,
  way: 'sent' | 'received',
  bare: string,
  to: string,
): XmlElement {
  const forwarded = xml('forwarded', { xmlns: NS.forward }, withAttrs(message, { xmlns: NS.client }));
  const attrs = { from: bare, to, type: message.attrs.type };
  return xml('message', attrs, xml(way, { xmlns: NS.carbons }, forwarded));
}
