import type { DigestHash } from './digest.ts';

export interface NonceBookOptions {
  readonly hash: DigestHash;
  /** Known to this server only; makes nonces that nobody else can make. */
  readonly secret: string;
  /** How long a nonce is good, in milliseconds. */
  readonly lifetime: number;
  /** How many used nonces are remembered; the oldest go first, and are then stale. */
  readonly capacity?: number;
}

export type NonceVerdict = 'good' | 'stale' | 'unknown' | 'replayed';

/**
 * Nonces that say when they were made (RFC 7616 section 5.4), so that a flood of challenges costs no memory: only a
 * nonce that was used with a right password is remembered, with the count it was used to.
 */
export class NonceBook {
  readonly #options: NonceBookOptions;
  readonly #capacity: number;
  readonly #counts = new Map<string, number>();
  /** Everything made at or before this moment was forgotten for want of room. */
  #forgottenUntil = -1;
  #serial = 0;

  constructor(options: NonceBookOptions) {
    this.#options = options;
    this.#capacity = options.capacity ?? 10_000;
  }

  /** How many nonces are remembered. */
  get size(): number {
    return this.#counts.size;
  }

  /** A fresh nonce. `now` in milliseconds of any steady clock. */
  make(now: number): string {
    this.#serial = (this.#serial + 1) % 0x1000000;
    const stem = `${Math.floor(now).toString(36)}-${this.#serial.toString(36)}`;
    return `${stem}-${this.#seal(stem)}`;
  }

  /** Judges a nonce and its count without using it up; `count` undefined is a client without qop: once only. */
  judge(nonce: string, count: number | undefined, now: number): NonceVerdict {
    const made = this.#timeOf(nonce);
    if (made === undefined) return 'unknown';
    if (now - made > this.#options.lifetime || made <= this.#forgottenUntil) return 'stale';
    const used = this.#counts.get(nonce) ?? 0;
    return (count ?? 1) > used ? 'good' : 'replayed';
  }

  /** Remembers that a nonce was used with a right password. */
  use(nonce: string, count: number | undefined, now: number): void {
    this.#counts.delete(nonce);
    this.#counts.set(nonce, count ?? 1);
    if (this.#counts.size <= this.#capacity) return;
    for (const each of this.#counts.keys()) {
      const made = this.#timeOf(each) ?? 0;
      if (this.#counts.size <= this.#capacity && now - made <= this.#options.lifetime) break;
      this.#counts.delete(each);
      if (now - made <= this.#options.lifetime) this.#forgottenUntil = Math.max(this.#forgottenUntil, made);
    }
  }

  #seal(stem: string): string {
    const { hash, secret } = this.#options;
    return hash('SHA-256', `${secret}:${stem}:${secret}`).slice(0, 32);
  }

  #timeOf(nonce: string): number | undefined {
    const end = nonce.lastIndexOf('-');
    const stem = nonce.slice(0, end);
    if (end < 1 || nonce.length > 80 || nonce.slice(end + 1) !== this.#seal(stem)) return undefined;
    return Number.parseInt(stem, 36);
  }
}
