import type { Cell, CheckResult } from '@crosspoint/report';
import type { Defect } from './defects/defects.ts';

/** What came of seeding one defect. */
export interface Proof {
  readonly defect: string;
  readonly check: string;
  /** The check passed without the defect: else it could fail for anything. */
  readonly sound: boolean;
  /** The check failed with it. */
  readonly detected: boolean;
  /** The first cause named is the defect's own. */
  readonly explained: boolean;
  readonly causes: readonly string[];
  readonly reason: string;
}

/** Compares a check's result without and with the defect. Pure. */
export function proofOf(defect: Defect, healthy: Cell | undefined, seeded: Cell): Proof {
  const result = (cell: Cell | undefined): CheckResult | undefined =>
    cell?.results.find((each) => each.check === defect.check);
  const bad = result(seeded);
  const causes = (bad?.diagnosis ?? []).map((each) => each.cause);
  return {
    defect: defect.id,
    check: defect.check,
    sound: result(healthy)?.verdict === 'passed',
    detected: bad?.verdict === 'failed',
    explained: causes[0] === (defect.cause ?? defect.id),
    causes,
    reason: bad === undefined ? 'the check had no verdict' : `${bad.verdict}: ${bad.reason}`,
  };
}
