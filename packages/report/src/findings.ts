import type { Cell, CheckResult, Run, Verdict } from './run.ts';

/** A check with the cell it was made in. */
export interface Finding {
  readonly cell: Cell;
  readonly result: CheckResult;
}

/** Every check of that verdict, in the run's order. */
export function findingsOf(run: Pick<Run, 'cells'>, verdict: Verdict): Finding[] {
  return run.cells.flatMap((cell) =>
    cell.results.filter((result) => result.verdict === verdict).map((result) => ({ cell, result })),
  );
}

/** One reason for `unsupported`, how often it was given, and for which checks. */
export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
  readonly checks: readonly string[];
  readonly proof?: string;
}

/** The unsupported checks counted by reason, the most frequent first. */
export function unsupportedByReason(run: Pick<Run, 'cells'>): ReasonCount[] {
  const groups = new Map<string, CheckResult[]>();
  for (const { result } of findingsOf(run, 'unsupported')) {
    groups.set(result.reason, [...(groups.get(result.reason) ?? []), result]);
  }
  return [...groups]
    .map(([reason, results]) => {
      const proof = results.find((result) => result.proof !== undefined)?.proof;
      return {
        reason,
        count: results.length,
        checks: [...new Set(results.map((result) => result.check))],
        ...(proof === undefined ? {} : { proof }),
      };
    })
    .sort((a, b) => b.count - a.count);
}
