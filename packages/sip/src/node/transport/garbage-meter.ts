/**
 * Counts malformed messages per source and second. Sources are kept for one second only and at most `capacity` of
 * them, so that a flood with forged sources costs no memory.
 */
export class GarbageMeter {
  readonly #perSecond: number;
  readonly #capacity: number;
  readonly #counts = new Map<string, number>();
  #second = 0;
  #unlisted = 0;

  constructor(perSecond: number, capacity = 1024) {
    this.#perSecond = perSecond;
    this.#capacity = capacity;
  }

  /** Whether any source is counted at all: the cheap question before the others. */
  get isAlert(): boolean {
    return this.#counts.size > 0;
  }

  /** True while nothing from this source need be read. `now` in milliseconds. */
  isMuted(source: string, now: number): boolean {
    this.#turn(now);
    return (this.#counts.get(source) ?? 0) > this.#perSecond;
  }

  /** Counts one; says what to report: each of the first few, once that it is a flood, and then nothing. */
  count(source: string, now: number): 'report' | 'flood' | 'silent' {
    this.#turn(now);
    const seen = this.#counts.get(source);
    if (seen === undefined && this.#counts.size >= this.#capacity) {
      this.#unlisted += 1;
      return this.#unlisted === 1 ? 'flood' : 'silent';
    }
    const count = (seen ?? 0) + 1;
    this.#counts.set(source, count);
    if (count <= this.#perSecond) return 'report';
    return count === this.#perSecond + 1 ? 'flood' : 'silent';
  }

  #turn(now: number): void {
    const second = Math.floor(now / 1000);
    if (second === this.#second) return;
    this.#second = second;
    this.#unlisted = 0;
    this.#counts.clear();
  }
}
