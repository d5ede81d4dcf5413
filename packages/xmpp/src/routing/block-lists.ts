import { bareJid, type Jid, writeJid } from '../address/jid.ts';

const MOST_BLOCKED = 1000;

/** Whom each user does not want to hear from (XEP-0191). */
export class BlockLists {
  readonly #lists = new Map<string, Set<string>>();

  of(local: string): readonly string[] {
    return [...(this.#lists.get(local) ?? [])];
  }

  /** `false` where the list is full. */
  block(local: string, jids: readonly string[]): boolean {
    const list = this.#lists.get(local) ?? new Set<string>();
    if (list.size + jids.length > MOST_BLOCKED) return false;
    for (const jid of jids) list.add(jid);
    this.#lists.set(local, list);
    return true;
  }

  /** Takes these off the list; none named: all. */
  unblock(local: string, jids: readonly string[]): void {
    const list = this.#lists.get(local);
    if (jids.length === 0) list?.clear();
    for (const jid of jids) list?.delete(jid);
    if (list?.size === 0) this.#lists.delete(local);
  }

  /** Whether the user blocks an address: itself, its bare form or its domain (XEP-0191 section 2). */
  blocks(local: string, jid: Jid): boolean {
    const list = this.#lists.get(local);
    if (list === undefined) return false;
    const domain = jid.resource === undefined ? jid.domain : `${jid.domain}/${jid.resource}`;
    return list.has(writeJid(jid)) || list.has(bareJid(jid)) || list.has(domain) || list.has(jid.domain);
  }
}
