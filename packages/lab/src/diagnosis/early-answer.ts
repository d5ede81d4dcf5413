import { type CallReading, messages, moment } from './call-reading.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

/** An answer that came before the call was accepted, and that the caller was not given until then, or not at all. */
export function suspectEarly(reading: CallReading): Suspicion[] {
  const { evidence, check } = reading;
  if (check.scenario !== 'early-media') return [];
  const early = messages(evidence, 'callee', 'in', 'answer')[0];
  if (early === undefined) return [];
  const accepted = messages(evidence, 'callee', 'in', 'accept')[0]?.at ?? Number.POSITIVE_INFINITY;
  if (early.at >= accepted) return [];
  const given = messages(evidence, 'caller', 'out', 'answer').find(({ at }) => at < accepted);
  if (given !== undefined) return [];
  return [
    {
      cause: 'early-lost',
      clause: 'RFC 3960 section 3.2',
      hop: 'server',
      words:
        'the callee described its media before it accepted, and the caller was not given that: it hears no announcement',
      seen: [
        `the callee's answer came in ${moment(evidence, early.at)}`,
        'no answer went out to the caller before the call was accepted',
      ],
      // It says more than that the answer was lost.
      weight: WEIGHT.hop + 1,
    },
  ];
}
