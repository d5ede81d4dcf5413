import { randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a name is kept for a page that has not registered yet, in milliseconds. */
const GRACE_MS = 2000;
const MOST = 1000;

/** Where the accounts are: a registrar of SIP, or an XMPP server. */
export interface AccountServer {
  /** Lets a user of this name in with this password. */
  addUser(name: string, password: string): Promise<void>;
  /** Whether somebody is there by this name. */
  isRegistered(name: string): Promise<boolean>;
}

export type Issued = { readonly password: string } | { readonly error: string };

/** Accounts of pages that are clients themselves: each name is one page's, as long as that is registered. */
export class PageAccounts {
  readonly #registrar: AccountServer;
  readonly #now: () => number;
  /** Names of phones: no page gets one of these. */
  readonly #phones = new Set<string>();
  readonly #accounts = new Map<string, { password: string; issuedAt: number }>();

  constructor(registrar: AccountServer, now: () => number) {
    this.#registrar = registrar;
    this.#now = now;
  }

  /** Lets a phone of this name register; gives its password. */
  async addPhone(name: string): Promise<string> {
    const password = newPassword();
    await this.#registrar.addUser(name, password);
    this.#phones.add(name);
    return password;
  }

  /** An account for a page. With its own password a page gets its name back. */
  async issue(name: string, password: string | undefined): Promise<Issued> {
    if (this.#phones.has(name)) return { error: `${name} is a phone's name` };
    const known = this.#accounts.get(name);
    if (known !== undefined) {
      if (password !== undefined && same(password, known.password)) return { password: known.password };
      const isNew = this.#now() - known.issuedAt < GRACE_MS;
      if (isNew || (await this.#registrar.isRegistered(name))) return { error: `the name ${name} is taken` };
    }
    if (known === undefined && this.#accounts.size >= MOST) return { error: 'too many pages' };
    const made = { password: newPassword(), issuedAt: this.#now() };
    this.#accounts.set(name, made);
    await this.#registrar.addUser(name, made.password);
    return { password: made.password };
  }

  /** Whether this is a page's name and password. */
  admits(name: string, password: string): boolean {
    const known = this.#accounts.get(name);
    return known !== undefined && same(password, known.password);
  }
}

function newPassword(): string {
  return randomBytes(15).toString('base64url');
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
