import type { CallReading } from './call-reading.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

/** A program that ended while it was needed: the lab saw it itself. */
export function suspectFaults({ evidence }: CallReading): Suspicion[] {
  const { fault } = evidence;
  if (fault === undefined || fault.kind === 'peer') return [];
  const who = {
    'peer-died': fault.side ?? 'a peer',
    'server-died': 'server',
    'turn-died': 'turn',
    lab: 'lab',
  }[fault.kind];
  return [
    {
      cause: fault.kind === 'lab' ? 'lab-fault' : fault.kind,
      clause: 'none: a program ended',
      hop: who,
      words: `the ${who} gave up in step ${fault.step}: ${fault.words}`,
      seen: [`step ${fault.step}: ${fault.words}`],
      weight: WEIGHT.fault,
    },
  ];
}
