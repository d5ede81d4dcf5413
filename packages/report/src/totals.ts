import type { Cell, CheckResult, Run, Totals, Verdict } from './run.ts';

/** The results counted by verdict. */
export function countVerdicts(results: readonly CheckResult[]): Totals {
  const counts: Record<Verdict, number> = { passed: 0, failed: 0, unsupported: 0, broken: 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}

/** All checks of all cells, counted by verdict. */
export function totalsOf(run: { readonly cells: readonly Pick<Cell, 'results'>[] }): Totals {
  return countVerdicts(run.cells.flatMap((cell) => cell.results));
}

/**
 * The exit status a run earns: 0 all as expected, 1 a check failed, 3 something was broken. Counted from the
 * cells and not from `totals`, which is only what was written. A run in which nothing ran, a cell in which
 * nothing was checked and an interrupted run are 3: silence is not success.
 */
export function exitStatus(run: Pick<Run, 'cells' | 'interrupted'>): 0 | 1 | 3 {
  const totals = totalsOf(run);
  const silent = run.cells.length === 0 || run.cells.some((cell) => cell.results.length === 0);
  if (totals.broken > 0 || silent || run.interrupted === true) return 3;
  if (totals.failed > 0) return 1;
  return totals.passed > 0 ? 0 : 3;
}
