import type { BenchRow } from './bench-row.ts';
import { median } from './median.ts';

/** Copies of the inputs that differ in what a cache of strings would know again. */
export const VARIANTS = 6;
const ROUNDS = 31;
const WARM_UP = 80;

/** The sender's view of the work: each job gives a number, so that nothing can be left out as unused. */
export interface Contest {
  readonly name: string;
  readonly goal?: number;
  readonly ours: (variant: number) => number;
  readonly theirs: (variant: number) => number;
}

let sink = 0;

function timed(work: (variant: number) => number, variant: number): number {
  const start = process.hrtime.bigint();
  sink += work(variant);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Both sides in shuffled rounds; the medians, in milliseconds, and how many times theirs is ours. */
export function contest({ name, goal, ours, theirs }: Contest): BenchRow {
  for (let round = 0; round < WARM_UP; round++) {
    timed(ours, round % VARIANTS);
    timed(theirs, round % VARIANTS);
  }
  // As many passes of ours as fill the time of one of theirs: on a busy machine a short sample and a long one
  // are not disturbed alike.
  const passes = Math.max(1, Math.round(timed(theirs, 0) / timed(ours, 0)));
  const spent: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const variant = round % VARIANTS;
    const order = Math.random() < 0.5 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
    for (const side of order) {
      if (side === 'theirs') {
        spent.theirs.push(timed(theirs, variant));
        continue;
      }
      let total = 0;
      for (let pass = 0; pass < passes; pass++) total += timed(ours, (variant + pass) % VARIANTS);
      spent.ours.push(total / passes);
    }
  }
  const mine = median(spent.ours);
  const other = median(spent.theirs);
  const row = { name, ours: mine, theirs: other, ratio: other / mine, unit: 'ms' };
  return goal === undefined ? row : { ...row, goal };
}

/** The rows of contests over a corpus, a line each. */
export function printContests(rows: readonly BenchRow[]): void {
  for (const row of rows) {
    const goal =
      row.goal === undefined ? '' : `  goal ${row.goal}x ${row.ratio >= row.goal ? 'met' : 'MISSED'}`;
    const figures = `ours ${row.ours.toFixed(3)} ${row.unit}  theirs ${row.theirs.toFixed(3)} ${row.unit} over the corpus`;
    process.stdout.write(`${row.name}: ${figures}  ${row.ratio.toFixed(1)}x${goal}\n`);
  }
  if (sink === 0.5) process.stdout.write('never: this keeps the work from being dropped\n');
}
