import { DIGIT_MS, DIGITS, isOffLength, receivedDigits } from '../checks/received-digits.ts';
import { otherSide } from '../evidence.ts';
import type { CallReading } from './call-reading.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

/** Digits that arrived, and at another length than they were sent: a clock rate taken for another. */
export function suspectDigits({ evidence, check }: CallReading): Suspicion[] {
  if (check.id !== 'dtmf-from-caller' && check.id !== 'dtmf-from-callee') return [];
  const from = check.id === 'dtmf-from-caller' ? 'caller' : 'callee';
  const { digits, lengths } = receivedDigits(evidence, otherSide(from));
  if (digits !== DIGITS || lengths.length === 0) return [];
  const mean = lengths.reduce((sum, ms) => sum + ms, 0) / lengths.length;
  if (!isOffLength(mean)) return [];
  return [
    {
      cause: 'te-duration',
      clause: 'RFC 4733 section 2.3.5',
      hop: from,
      words: `each digit lasts ${(mean / DIGIT_MS).toFixed(1)} times as long as it was dialled: its duration is counted at another clock rate than was agreed`,
      seen: [`digits of ${DIGIT_MS} ms came as ${lengths.join(', ')} ms`],
      weight: WEIGHT.content,
    },
  ];
}
