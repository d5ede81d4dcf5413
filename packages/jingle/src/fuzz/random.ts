/** A stream of numbers in [0, 1). */
export type Random = () => number;

/** A seeded stream (mulberry32): the same seed gives the same inputs, so that a failure can be run again. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** An integer from 0 up to, not including, limit. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** One of the items; there must be one. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[below(random, items.length)]!;
}
