/** Of so many parts of a millisecond. */
const PARTS = 20;
const MOST_MS = 2000;

/** Delays of very many packets, counted in steps of 0.05 ms. */
export class DelayCount {
  readonly #counts = new Uint32Array(PARTS * MOST_MS + 1);
  #total = 0;

  /** `ms`: one delay; all above two seconds count as that. */
  add(ms: number): void {
    this.#counts[Math.min(Math.floor(ms * PARTS), PARTS * MOST_MS)]!++;
    this.#total++;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  /** In milliseconds, not less than it was: of half of them, of all but one of a hundred, of all. */
  read(): { readonly median: number; readonly late: number; readonly latest: number } {
    return { median: this.#within(0.5), late: this.#within(0.99), latest: this.#within(1) };
  }

  #within(share: number): number {
    let left = Math.ceil(this.#total * share);
    for (let at = 0; at < this.#counts.length; at++) {
      left -= this.#counts[at]!;
      if (left <= 0) return (at + 1) / PARTS;
    }
    return Number.NaN;
  }
}
