import { type Evidence, observed, otherSide, type Side } from '../evidence.ts';
import { type Check, failed, type Judged, passed } from './check.ts';

/** What is dialled: the first and the last of each row of the keypad, and one digit twice. */
export const DIGITS = '1590*#5';
/** How long each digit lasts that is asked for, in milliseconds. */
export const DIGIT_MS = 160;
/** A phone may round, or have a length of its own; a clock taken for another makes it six times too long or short. */
const TOLERANCE = 2;

interface Digit {
  readonly digit: string;
  readonly durationMs: number | undefined;
}

/** The digits that a side said that it got. */
function received(evidence: Evidence, side: Side): Digit[] {
  return evidence[side].events.flatMap((event) => {
    if (event.event !== 'dtmf') return [];
    const { digit, durationMs } = event as { digit?: unknown; durationMs?: unknown };
    return [{ digit: String(digit), durationMs: typeof durationMs === 'number' ? durationMs : undefined }];
  });
}

function judgeDigits(evidence: Evidence, from: Side): Judged {
  const to = otherSide(from);
  const missed = observed(evidence, 'missed', 'dtmf', from)[0];
  const digits = received(evidence, to);
  const got = digits.map(({ digit }) => digit).join('');
  const lengths = digits.flatMap(({ durationMs }) => durationMs ?? []).map(Math.round);
  const measured = { sent: DIGITS, received: got, durations: lengths.join(' ') };
  if (got !== DIGITS) {
    const why = missed === undefined ? '' : ` (${missed.words})`;
    return failed(`the ${to} got ${got === '' ? 'no digit' : got} in place of ${DIGITS}${why}`, measured);
  }
  const wrong = lengths.filter((ms) => ms > DIGIT_MS * TOLERANCE || ms < DIGIT_MS / TOLERANCE);
  return wrong.length > 0
    ? failed(`digits of ${DIGIT_MS} ms came out as ${wrong.join(', ')} ms`, measured)
    : passed(`the ${to} got ${got}, each once and in order`, measured);
}

const fromCaller: Check = {
  id: 'dtmf-from-caller',
  title:
    'Digits that the caller dials in the call reach the callee: each once, in order, as long as they were.',
  scenario: 'digits',
  clause: 'RFC 4733 section 2.5',
  needs: { caller: ['call', 'audio', 'dtmf'], callee: ['answer', 'audio', 'far-dtmf'] },
  judge: (evidence) => judgeDigits(evidence, 'caller'),
};

const fromCallee: Check = {
  id: 'dtmf-from-callee',
  title:
    'Digits that the callee dials in the call reach the caller: each once, in order, as long as they were.',
  scenario: 'digits',
  clause: 'RFC 4733 section 2.5',
  needs: { caller: ['call', 'audio', 'far-dtmf'], callee: ['answer', 'audio', 'dtmf'] },
  judge: (evidence) => judgeDigits(evidence, 'callee'),
};

export const DIGIT_CHECKS: readonly Check[] = [fromCaller, fromCallee];
