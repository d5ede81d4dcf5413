/** A line of two texts laid side by side; a side without a line has undefined. Numbers are from 1. */
export interface DiffRow {
  readonly kind: 'same' | 'removed' | 'added' | 'changed';
  readonly left?: { readonly number: number; readonly text: string };
  readonly right?: { readonly number: number; readonly text: string };
}

/** The lines of a text; the end of the last line opens no further one. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * Two texts side by side, by their longest common subsequence of lines. Lines that were removed and added in
 * the same place stand beside each other as `changed`.
 */
export function diffLines(left: string, right: string): DiffRow[] {
  const a = linesOf(left);
  const b = linesOf(right);
  const rows: DiffRow[] = [];
  let removed: number[] = [];
  let added: number[] = [];
  const flush = (): void => {
    for (let place = 0; place < Math.max(removed.length, added.length); place += 1) {
      const from = removed[place];
      const to = added[place];
      rows.push({
        kind: from === undefined ? 'added' : to === undefined ? 'removed' : 'changed',
        ...(from === undefined ? {} : { left: { number: from + 1, text: a[from]! } }),
        ...(to === undefined ? {} : { right: { number: to + 1, text: b[to]! } }),
      });
    }
    removed = [];
    added = [];
  };
  let i = 0;
  let j = 0;
  for (const [x, y] of [...commonLines(a, b), [a.length, b.length] as const]) {
    while (i < x) removed.push(i++);
    while (j < y) added.push(j++);
    flush();
    if (x < a.length) {
      rows.push({
        kind: 'same',
        left: { number: x + 1, text: a[x]! },
        right: { number: y + 1, text: b[y]! },
      });
    }
    i = x + 1;
    j = y + 1;
  }
  return rows;
}

/** Pairs of indices of lines that are in both, in order. */
function commonLines(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  // Descriptions of two hops mostly share their beginning and end: only what lies between is compared.
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const rows = a.length - head - tail;
  const columns = b.length - head - tail;
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        a[head + i] === b[head + j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let k = 0; k < head; k += 1) pairs.push([k, k]);
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (a[head + i] === b[head + j]) pairs.push([head + i++, head + j++]);
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i += 1;
    else j += 1;
  }
  for (let k = tail; k > 0; k -= 1) pairs.push([a.length - k, b.length - k]);
  return pairs;
}
