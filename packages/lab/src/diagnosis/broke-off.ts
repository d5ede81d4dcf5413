import { SIDES } from '../evidence.ts';
import { type CallReading, moment } from './call-reading.ts';
import { states } from './lost-candidates.ts';
import { missed } from './lost-signals.ts';
import { NO_CLAUSE, type Suspicion, WEIGHT } from './suspicion.ts';

const LAST_MESSAGES = 6;

/** Where the call broke off and what was seen last: what there is to say where nothing specific fits. */
export function whereItBrokeOff(reading: CallReading): Suspicion {
  const { evidence, steps } = reading;
  const firstMissed = evidence.observations.find(
    (each) => each.kind === 'missed' && (steps.length === 0 || steps.includes(each.step)),
  );
  const step =
    evidence.fault?.step ??
    firstMissed?.step ??
    steps.at(-1) ??
    evidence.observations.at(-1)?.step ??
    'start';
  const last = evidence.trace
    .slice(-LAST_MESSAGES)
    .map(
      (entry) =>
        `${moment(evidence, entry.at)} ${entry.node} ${entry.direction === 'in' ? 'from' : 'to'} ${entry.peer}: ${entry.summary}`,
    );
  return {
    cause: 'unexplained',
    clause: NO_CLAUSE,
    words: `the call broke off in step ${step}, and nothing known explains it`,
    seen: [
      ...(evidence.fault === undefined ? [] : [`${evidence.fault.step}: ${evidence.fault.words}`]),
      ...missed(reading),
      ...SIDES.map((side) => `the ${side}'s transport went through: ${states(evidence, side)}`),
      ...last,
    ],
    weight: WEIGHT.unexplained,
  };
}
