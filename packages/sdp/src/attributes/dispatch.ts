import type { Source } from '../source.ts';
import { ATTRIBUTE_ROWS } from './grammar.ts';

const TABLE_SIZE = 2048;

/**
 * A perfect hash over the attribute names: length and three of its characters decide, with multipliers searched
 * once at load so that no two names meet. A lookup is then one table read and one comparison.
 */
interface NameHash {
  readonly first: number;
  readonly middle: number;
  readonly table: readonly number[];
}

function slotAt(first: number, middle: number, codes: Uint8Array, from: number, length: number): number {
  return (
    (codes[from]! * first +
      codes[from + (length >> 2)]! * middle +
      codes[from + length - 1]! * 31 +
      length * 7) &
    (TABLE_SIZE - 1)
  );
}

function searchHash(names: readonly Uint8Array[]): NameHash {
  for (let first = 1; first < 512; first += 2) {
    for (let middle = 1; middle < 512; middle += 2) {
      const table = new Array<number>(TABLE_SIZE).fill(-1);
      const free = names.every((name, index) => {
        const at = slotAt(first, middle, name, 0, name.length);
        if (table[at] !== -1) return false;
        table[at] = index;
        return true;
      });
      if (free) return { first, middle, table };
    }
  }
  throw new Error('no perfect hash over the attribute names: widen the search');
}

const NAMES: readonly Uint8Array[] = ATTRIBUTE_ROWS.map((row) => row.nameCodes);
const HASH = searchHash(NAMES);
const FIRST = HASH.first;
const MIDDLE = HASH.middle;
const TABLE = HASH.table;

/** The number of the attribute whose name is source[from, end), or -1 when it is not in the grammar. */
export function attributeNumberAt(source: Source, from: number, end: number): number {
  const length = end - from;
  if (length <= 0) return -1;
  const { codes } = source;
  const number = TABLE[slotAt(FIRST, MIDDLE, codes, from, length)]!;
  if (number < 0) return -1;
  const name = NAMES[number]!;
  if (name.length !== length) return -1;
  for (let at = 0; at < length; at++) if (name[at] !== codes[from + at]) return -1;
  return number;
}
