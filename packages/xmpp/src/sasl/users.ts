import { parseLocal } from '../address/jid.ts';
import { type HashName, utf8, type XmppCrypto } from './crypto.ts';
import { deriveCredentials, SCRAM_ITERATIONS, type ScramCredentials } from './scram-credentials.ts';

type Credentials = Readonly<Record<HashName, ScramCredentials>>;

/** Who may log in. Passwords are not kept, only what proves them. */
export class Users {
  readonly #crypto: XmppCrypto;
  /** Gives strangers a salt that stays the same, so that nobody learns who exists (RFC 5802 section 9). */
  readonly #pepper: Uint8Array;
  readonly #users = new Map<string, Credentials>();

  constructor(crypto: XmppCrypto) {
    this.#crypto = crypto;
    this.#pepper = crypto.random(32);
  }

  get size(): number {
    return this.#users.size;
  }

  /** @throws RangeError for a name that is no local part of an address */
  add(name: string, password: string): void {
    const local = parseLocal(name);
    if (local === undefined) throw new RangeError(`${JSON.stringify(name)} is no name for a user`);
    const derive = (hash: HashName): ScramCredentials =>
      deriveCredentials(this.#crypto, hash, password, this.#crypto.random(16));
    this.#users.set(local, { 'SHA-1': derive('SHA-1'), 'SHA-256': derive('SHA-256') });
  }

  /** A user of whom there is no password: nobody logs in, what stands in this process acts as them. */
  host(local: string): void {
    const none = (): ScramCredentials => ({
      salt: this.#crypto.random(16),
      iterations: SCRAM_ITERATIONS,
      storedKey: this.#crypto.random(32),
      serverKey: this.#crypto.random(32),
    });
    this.#users.set(local, { 'SHA-1': none(), 'SHA-256': none() });
  }

  remove(name: string): void {
    this.#users.delete(name);
  }

  has(name: string): boolean {
    return this.#users.has(name);
  }

  /** A stranger gets credentials that no password proves. */
  credentials(name: string, hash: HashName): ScramCredentials {
    const known = this.#users.get(name)?.[hash];
    if (known !== undefined) return known;
    const made = this.#crypto.hmac('SHA-256', this.#pepper, utf8(`${hash} ${name}`));
    return {
      salt: made.slice(0, 16),
      iterations: SCRAM_ITERATIONS,
      storedKey: this.#crypto.random(hash === 'SHA-1' ? 20 : 32),
      serverKey: made,
    };
  }

  /** Whether this is the user's password. Takes as long for a stranger. */
  proves(name: string, password: string): boolean {
    const { salt, iterations, storedKey } = this.credentials(name, 'SHA-256');
    const given = deriveCredentials(this.#crypto, 'SHA-256', password, salt, iterations);
    return this.#crypto.equal(given.storedKey, storedKey) && this.#users.has(name);
  }
}
