import { bareJid, writeJid } from '../address/jid.ts';
import type { Session, SessionUser } from './session.ts';

/** All bound resources, by user. */
export class SessionTable {
  readonly #domain: string;
  readonly #users = new Map<string, Map<string, Session>>();
  #size = 0;

  constructor(domain: string) {
    this.#domain = domain;
  }

  get size(): number {
    return this.#size;
  }

  get(local: string, resource: string): Session | undefined {
    return this.#users.get(local)?.get(resource);
  }

  /** All resources of a user, available or not. */
  of(local: string): readonly Session[] {
    const own = this.#users.get(local);
    return own === undefined ? [] : [...own.values()];
  }

  /** The resources that said they are there. */
  available(local: string): readonly Session[] {
    return this.of(local).filter(({ presence }) => presence !== undefined);
  }

  /** Binds a resource that is free. */
  add(local: string, resource: string, user: SessionUser): Session {
    const jid = { local, domain: this.#domain, resource };
    const session: Session = {
      jid,
      full: writeJid(jid),
      bare: bareJid(jid),
      user,
      presence: undefined,
      priority: 0,
      interested: false,
      carbons: false,
      directed: new Set(),
    };
    let own = this.#users.get(local);
    if (own === undefined) {
      own = new Map();
      this.#users.set(local, own);
    }
    own.set(resource, session);
    this.#size += 1;
    return session;
  }

  /** Whether it was there. */
  remove(session: Session): boolean {
    const { local, resource } = session.jid;
    const own = this.#users.get(local);
    if (own?.get(resource) !== session) return false;
    own.delete(resource);
    if (own.size === 0) this.#users.delete(local);
    this.#size -= 1;
    return true;
  }
}
