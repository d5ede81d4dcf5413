import type { Diagnosis } from '@crosspoint/report';
import type { Check } from '../checks/check.ts';
import { CHECKS } from '../checks/checks.ts';
import type { Evidence } from '../evidence.ts';
import { suspectAlterations } from './altered-meaning.ts';
import { whereItBrokeOff } from './broke-off.ts';
import { type CallReading, readCall } from './call-reading.ts';
import { suspectDigits } from './digits.ts';
import { suspectEarly } from './early-answer.ts';
import { suspectEnds } from './ends.ts';
import { suspectFaults } from './faults.ts';
import { suspectCandidates } from './lost-candidates.ts';
import { suspectLostSignals } from './lost-signals.ts';
import { suspectContent } from './media-content.ts';
import { suspectRefusals } from './refusals.ts';
import { suspectRules } from './rule-findings.ts';
import { suspectWire } from './sip-wire.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';
import { suspectTransport } from './transport.ts';

const DIAGNOSERS: readonly ((reading: CallReading) => readonly Suspicion[])[] = [
  suspectFaults,
  suspectLostSignals,
  suspectEarly,
  suspectWire,
  suspectDigits,
  suspectCandidates,
  suspectAlterations,
  suspectRules,
  suspectEnds,
  suspectContent,
  suspectRefusals,
  suspectTransport,
];

/** No more causes than a person reads. */
const MOST = 4;

/**
 * What explains a failed check, best first; never empty where the check failed: at the least it says where the call
 * broke off. Empty where the check passes on this evidence. It looks at what was seen, never at what was seeded.
 * @param check the id of a check
 * @throws RangeError where there is no such check
 */
export function diagnose(evidence: Evidence, check: string): Diagnosis[] {
  const found = CHECKS.find((each) => each.id === check);
  if (found === undefined) throw new RangeError(`there is no check ${check}`);
  return diagnoseCheck(evidence, found);
}

function diagnoseCheck({ defect: _, ...evidence }: Evidence, check: Check): Diagnosis[] {
  if (evidence.fault === undefined && check.judge(evidence).passed) return [];
  const reading = readCall(evidence, check);
  const suspicions = DIAGNOSERS.flatMap((suspect) => suspect(reading)).sort((a, b) => b.weight - a.weight);
  if (suspicions.length === 0) return [toDiagnosis(whereItBrokeOff(reading))];
  // Beside a cause that names its place, that something was refused or did not come up is but its consequence.
  const named = suspicions[0]!.weight >= WEIGHT.brokenByAuthor;
  const causes = new Set<string>();
  return (
    suspicions
      .filter(({ weight }) => !named || weight >= WEIGHT.content)
      // `codec-lie-vp8` says all that `codec-lie` does.
      .filter(
        ({ cause }) =>
          ![...causes].some((known) => known === cause || known.startsWith(`${cause}-`)) && causes.add(cause),
      )
      .slice(0, MOST)
      .map(toDiagnosis)
  );
}

function toDiagnosis({ weight: _, ...diagnosis }: Suspicion): Diagnosis {
  return diagnosis;
}
