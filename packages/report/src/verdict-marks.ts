import type { Totals, Verdict } from './run.ts';
import { VERDICTS } from './run.ts';

/** The sign of a verdict, one column wide; never told apart by colour alone. */
export const VERDICT_MARKS: Readonly<Record<Verdict, string>> = {
  passed: '✓',
  failed: '✗',
  unsupported: '–',
  broken: '!',
};

/** `27✓ 0✗ 3– 0!` */
export function writeCounts(totals: Totals): string {
  return VERDICTS.map((verdict) => `${totals[verdict]}${VERDICT_MARKS[verdict]}`).join(' ');
}

/** The verdict a whole cell shows: the worst of its checks. Nothing checked counts as broken. */
export function worstVerdict(totals: Totals): Verdict {
  const worstFirst: Verdict[] = ['broken', 'failed', 'passed', 'unsupported'];
  return worstFirst.find((verdict) => totals[verdict] > 0) ?? 'broken';
}
