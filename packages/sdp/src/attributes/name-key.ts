/**
 * The first three characters of an attribute's name in one number, so that a search compares numbers; every name of
 * the grammar has three.
 */
export function nameKey(first: number, second: number, third: number): number {
  return (first << 16) | (second << 8) | third;
}
