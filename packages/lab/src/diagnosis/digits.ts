import { DIGIT_MS, DIGITS } from '../checks/digit-checks.ts';
import { otherSide } from '../evidence.ts';
import type { CallReading } from './call-reading.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

/** Digits that arrived, and at another length than they were sent: a clock rate taken for another. */
export function suspectDigits({ evidence, check }: CallReading): Suspicion[] {
  if (check.id !== 'dtmf-from-caller' && check.id !== 'dtmf-from-callee') return [];
  const from = check.id === 'dtmf-from-caller' ? 'caller' : 'callee';
  const digits = evidence[otherSide(from)].events.filter(({ event }) => event === 'dtmf') as {
    readonly digit?: unknown;
    readonly durationMs?: unknown;
  }[];
  if (digits.map(({ digit }) => String(digit)).join('') !== DIGITS) return [];
  const lengths = digits.flatMap(({ durationMs }) => (typeof durationMs === 'number' ? [durationMs] : []));
  const mean = lengths.reduce((sum, ms) => sum + ms, 0) / Math.max(1, lengths.length);
  const times = mean / DIGIT_MS;
  if (lengths.length === 0 || (times > 0.5 && times < 2)) return [];
  return [
    {
      cause: 'te-duration',
      clause: 'RFC 4733 section 2.3.5',
      hop: from,
      words: `each digit lasts ${times.toFixed(1)} times as long as it was dialled: its duration is counted at another clock rate than was agreed`,
      seen: [`digits of ${DIGIT_MS} ms came as ${lengths.map(Math.round).join(', ')} ms`],
      weight: WEIGHT.content,
    },
  ];
}
