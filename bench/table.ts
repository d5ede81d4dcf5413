import type { BenchRow } from './bench-row.ts';

const HEADINGS = ['', 'ours', 'theirs', 'theirs / ours', 'goal', ''];

/** The rows as a table for a terminal; a goal is a least ratio. */
export function writeTable(rows: readonly BenchRow[]): string {
  const lines = [HEADINGS, ...rows.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
    .concat('\n');
}

function cells({ name, ours, theirs, ratio, unit, goal }: BenchRow): string[] {
  const met = goal === undefined ? '' : ratio >= goal ? 'met' : 'MISSED';
  const least = goal === undefined ? '' : figure(goal);
  return [name, `${figure(ours)} ${unit}`, `${figure(theirs)} ${unit}`, figure(ratio), least, met];
}

/** Three digits that mean something. */
function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}
