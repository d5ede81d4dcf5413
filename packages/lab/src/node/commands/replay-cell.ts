import { isDeepStrictEqual } from 'node:util';
import type { Cell, CheckResult } from '@crosspoint/report';
import type { Check } from '../../checks/check.ts';
import type { Evidence } from '../../evidence.ts';
import { judgeCheck } from '../../judge-cell.ts';

/** A check that comes out otherwise than it did, or that can no longer be judged. */
export interface ReplayDifference {
  readonly check: string;
  readonly before: CheckResult;
  readonly after?: CheckResult;
  /** Why it cannot be judged. */
  readonly why?: string;
  /** The fields that differ. */
  readonly fields: readonly string[];
}

export interface Replay {
  /** Checks judged again. */
  readonly judged: readonly string[];
  readonly differences: readonly ReplayDifference[];
  /** Checks whose verdict does not come from evidence: undeclared capabilities, calls that were never made. */
  readonly kept: readonly string[];
}

/**
 * Judges every check of a cell again that was judged from a call's evidence.
 * @param evidenceOf reads a scenario's evidence; what it throws is why its checks cannot be judged
 */
export function replayCell(
  cell: Pick<Cell, 'results'>,
  checks: readonly Check[],
  evidenceOf: (scenario: string) => Evidence,
): Replay {
  const judged: string[] = [];
  const kept: string[] = [];
  const differences: ReplayDifference[] = [];
  for (const before of cell.results) {
    if (before.call === undefined) {
      kept.push(before.check);
      continue;
    }
    try {
      const check = checks.find((each) => each.id === before.check);
      if (check === undefined) throw new Error('the lab no longer has this check');
      // As it is once it was kept: what JSON leaves out is no difference.
      const after = JSON.parse(JSON.stringify(judgeCheck(check, evidenceOf(check.scenario)))) as CheckResult;
      judged.push(before.check);
      const fields = differingFields(before, after);
      if (fields.length > 0) differences.push({ check: before.check, before, after, fields });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      differences.push({ check: before.check, before, why, fields: [] });
    }
  }
  return { judged, differences, kept };
}

function differingFields(before: CheckResult, after: CheckResult): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof CheckResult)[];
  return names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
}
