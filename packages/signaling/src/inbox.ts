/** How many messages may come before an acknowledgement goes back by itself, when nothing else carries one. */
export const ACKNOWLEDGE_EVERY = 16;

/** The other direction of a session: takes each number once and in order. */
export class Inbox {
  #received = 0;
  #acknowledged = 0;

  /** `take`: new and next. `again`: had already, to be dropped. `gap`: something before it is missing. */
  accept(seq: number): 'take' | 'again' | 'gap' {
    if (seq === this.#received + 1) {
      this.#received = seq;
      return 'take';
    }
    return seq <= this.#received ? 'again' : 'gap';
  }

  /** The highest number had. Reading it to send it counts as acknowledging. */
  acknowledgement(): number {
    this.#acknowledged = this.#received;
    return this.#received;
  }

  get received(): number {
    return this.#received;
  }

  /** Whether an acknowledgement of its own is due. */
  get due(): boolean {
    return this.#received - this.#acknowledged >= ACKNOWLEDGE_EVERY;
  }
}
