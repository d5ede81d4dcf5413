import { type Evidence, observed } from '../evidence.ts';
import { failed, type Judged } from './check.ts';

/** A step that was missed on some side fails the check with its words. */
export function missedIn(evidence: Evidence, ...steps: string[]): Judged | undefined {
  const missed = steps.flatMap((step) => observed(evidence, 'missed', step));
  return missed.length === 0
    ? undefined
    : failed(missed.map((each) => `${each.side}: ${each.words}`).join('; '));
}
