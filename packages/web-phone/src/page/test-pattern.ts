import { PATTERN_COUNT } from '@crosspoint/media';

/** The number of the test pattern that belongs to a name, so that two people send two different ones. */
export function patternOf(name: string): number {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)!) % 65_521;
  return hash % PATTERN_COUNT;
}
