/** Gives 32 unsigned bits at each call. */
export type Random32 = () => number;

/** Mulberry32: a small generator whose sequence is a function of the seed, the same everywhere. */
export function seededRandom(seed: number): Random32 {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
