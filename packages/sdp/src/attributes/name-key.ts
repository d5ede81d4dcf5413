/**
 * The first three characters of an attribute's name in one number, so that a search compares numbers; every name of
 * the grammar has three.
 */
export function nameKey(first: number, second: number, third: number): number {
  return first | (second << 8) | (third << 16);
}

/** How many slots there are for keys. */
export const SLOTS = 64;

/** A key's slot. Any odd factor would do: this one gives all keys of the grammar slots of their own. */
export function slotOf(key: number): number {
  return Math.imul(key, 3_679_795) >>> 26;
}
