import type { ClockHandle, SipClock } from '../clock.ts';

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told to go on. */
export class FakeClock implements SipClock {
  #now = 1_000_000;
  #order = 0;
  readonly #due = new Set<Due>();

  /** Timers that still run. */
  get pending(): number {
    return this.#due.size;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): ClockHandle {
    this.#order += 1;
    const due: Due = { at: this.#now + ms, order: this.#order, run };
    this.#due.add(due);
    return due;
  }

  cancel(handle: ClockHandle): void {
    this.#due.delete(handle as Due);
  }

  /** Lets so many milliseconds pass: every timer due in them runs, in order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#due.delete(next);
      this.#now = next.at;
      next.run();
    }
    this.#now = until;
  }

  #next(until: number): Due | undefined {
    let first: Due | undefined;
    for (const due of this.#due) {
      if (due.at > until) continue;
      if (first === undefined || due.at < first.at || (due.at === first.at && due.order < first.order))
        first = due;
    }
    return first;
  }
}
