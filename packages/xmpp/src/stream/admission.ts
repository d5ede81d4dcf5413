/** What admission can end. */
export interface Admitted {
  /** There is no room for it any more. */
  evict(): void;
}

/**
 * How many connections there may be, and how many of them may be strangers that have not logged in. The stranger that
 * has waited longest makes room for the newest: whoever wants in is through in a moment, whoever holds places is not.
 */
export class Admission {
  readonly #most: number;
  readonly #mostStrangers: number;
  readonly #all = new Set<Admitted>();
  readonly #strangers = new Set<Admitted>();
  /** Connections that were turned away or made room. */
  refused = 0;

  constructor(most: number, mostStrangers: number) {
    this.#most = most;
    this.#mostStrangers = mostStrangers;
  }

  get size(): number {
    return this.#all.size;
  }

  get strangers(): number {
    return this.#strangers.size;
  }

  /** Whether there is room for one more connection. */
  admit(one: Admitted): boolean {
    if (this.#all.size >= this.#most && this.#strangers.size === 0) {
      this.refused += 1;
      return false;
    }
    if (this.#all.size >= this.#most || this.#strangers.size >= this.#mostStrangers) {
      const [oldest] = this.#strangers;
      if (oldest !== undefined) {
        this.refused += 1;
        this.leave(oldest);
        oldest.evict();
      }
    }
    this.#all.add(one);
    this.#strangers.add(one);
    return true;
  }

  /** It has logged in. */
  known(one: Admitted): void {
    this.#strangers.delete(one);
  }

  leave(one: Admitted): void {
    this.#all.delete(one);
    this.#strangers.delete(one);
  }
}
