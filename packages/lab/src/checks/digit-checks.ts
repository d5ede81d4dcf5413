import { type Evidence, observed, otherSide, type Side } from '../evidence.ts';
import { type Check, failed, type Judged, passed } from './check.ts';
import { DIGIT_MS, DIGITS, isOffLength, receivedDigits } from './received-digits.ts';

function judgeDigits(evidence: Evidence, from: Side): Judged {
  const to = otherSide(from);
  const missed = observed(evidence, 'missed', 'dtmf', from)[0];
  const { digits: got, lengths } = receivedDigits(evidence, to);
  const measured = { sent: DIGITS, received: got, durations: lengths.join(' ') };
  if (got !== DIGITS) {
    const why = missed === undefined ? '' : ` (${missed.words})`;
    return failed(`the ${to} got ${got === '' ? 'no digit' : got} in place of ${DIGITS}${why}`, measured);
  }
  const wrong = lengths.filter(isOffLength);
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
