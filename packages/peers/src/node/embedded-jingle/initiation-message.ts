import { NS } from './namespaces.ts';
import type { XmlElement } from './xml.ts';

/** A message about a call (XEP-0353), and who said it. */
export interface InitiationMessage {
  readonly from: string;
  /** `propose`, `ringing`, `proceed` ... */
  readonly name: string;
  readonly id: string;
  readonly element: XmlElement;
}

/** An address without its resource. */
export const bareOf = (address: string): string => address.split('/')[0]!;

/**
 * The message of XEP-0353 in a stanza: one for us, or the copy of one that another client of our user's sent (XEP-0280).
 * @param bare our user's address: copies come from there alone (XEP-0280 section 11)
 */
export function readInitiation(stanza: XmlElement, bare: string): InitiationMessage | undefined {
  const from = String(stanza.attrs.from ?? bare);
  const copy = stanza.getChild('sent', NS.carbons)?.getChild('forwarded', NS.forward)?.getChild('message');
  if (copy !== undefined) return from === bare ? readInitiation(copy, bare) : undefined;
  const element = stanza.getChildElements().find((child) => child.getNS() === NS.message);
  const { id } = element?.attrs ?? {};
  if (element === undefined || typeof id !== 'string' || id === '') return undefined;
  return { from, name: element.name, id, element };
}

/** Whether one of two calls that were placed at once is the one that counts (XEP-0353 section 4.1, XEP-0166 section 7.2.16). */
export function isLower(
  ours: readonly [id: string, jid: string],
  theirs: readonly [string, string],
): boolean {
  const order = Buffer.compare(Buffer.from(ours[0]), Buffer.from(theirs[0]));
  return (order === 0 ? Buffer.compare(Buffer.from(ours[1]), Buffer.from(theirs[1])) : order) < 0;
}
