import { NS } from '../namespaces.ts';
import { type XmlElement, xml } from '../xml/element.ts';
import { type SubscriptionState, UNSUBSCRIBED } from './subscription.ts';

export interface Contact extends SubscriptionState {
  readonly jid: string;
  readonly name: string | undefined;
  readonly groups: readonly string[];
  /** In the roster, and not only remembered for a request that came in. */
  readonly listed: boolean;
}

/** The contacts of one user (RFC 6121 section 2). */
export class Roster {
  readonly #limit: number;
  readonly #contacts = new Map<string, Contact>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get contacts(): readonly Contact[] {
    return [...this.#contacts.values()];
  }

  get(jid: string): Contact {
    return this.#contacts.get(jid) ?? { jid, name: undefined, groups: [], listed: false, ...UNSUBSCRIBED };
  }

  /** Puts or replaces a contact; `false` where the roster is full. */
  put(contact: Contact): boolean {
    if (!contact.listed && !contact.asked) {
      this.#contacts.delete(contact.jid);
      return true;
    }
    if (!this.#contacts.has(contact.jid) && this.#contacts.size >= this.#limit) return false;
    this.#contacts.set(contact.jid, contact);
    return true;
  }

  remove(jid: string): Contact | undefined {
    const contact = this.#contacts.get(jid);
    this.#contacts.delete(jid);
    return contact;
  }

  /** As the result of a roster get (RFC 6121 section 2.1.4). */
  toQuery(): XmlElement {
    const items = this.contacts.filter(({ listed }) => listed).map(rosterItem);
    return xml('query', { xmlns: NS.roster }, ...items);
  }
}

/** One contact as a roster's item (RFC 6121 section 2.1.2). */
export function rosterItem({ jid, name, subscription, ask, groups }: Contact): XmlElement {
  return xml(
    'item',
    { jid, name, subscription, ask: ask ? 'subscribe' : undefined },
    ...groups.map((group) => xml('group', {}, group)),
  );
}
