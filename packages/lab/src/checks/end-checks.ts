import type { Evidence, Side } from '../evidence.ts';
import { observed } from '../evidence.ts';
import { both, type Check, failed, type Judged, passed } from './check.ts';
import { heardBothWays } from './media-checks.ts';

/** How a side learned that the call was over; the first end counts. */
function endOf(evidence: Evidence, side: Side): string | undefined {
  return evidence[side].events.find((event) => event.event === 'ended')?.reason?.code;
}

function endedWith(evidence: Evidence, side: Side, code: string, words: string): Judged {
  const end = endOf(evidence, side);
  const measured = { [`${side}.end`]: end ?? 'none' };
  if (end === undefined) {
    const missed = observed(evidence, 'missed', 'end').map((each) => each.words);
    return failed(
      `the ${side} never learned that the call was over${missed.length > 0 ? ` (${missed.join('; ')})` : ''}`,
      measured,
    );
  }
  return end === code
    ? passed(`the ${side} learned: ${words}`, measured)
    : failed(`the ${side} learned ${end} in place of ${code}`, measured);
}

/** The far end was rung before: an end without a call would prove nothing. */
function rang(evidence: Evidence): Judged | undefined {
  return evidence.callee.events.some((event) => event.event === 'incoming')
    ? undefined
    : failed('the callee was never rung');
}

const hangUpCaller: Check = {
  id: 'hang-up-caller',
  title: 'The caller hangs up, and the callee learns it as a normal end.',
  scenario: 'call',
  clause: 'docs/web-protocol.md, Calls',
  needs: both('audio'),
  judge: (evidence) => endedWith(evidence, 'callee', 'normal', 'hung up'),
};

const hangUpCallee: Check = {
  id: 'hang-up-callee',
  title: 'The callee hangs up, and the caller learns it as a normal end.',
  scenario: 'audio-call',
  clause: 'docs/web-protocol.md, Calls',
  needs: both('audio'),
  judge: (evidence) => endedWith(evidence, 'caller', 'normal', 'hung up'),
};

function beforeAnswer(
  id: string,
  title: string,
  side: Side,
  code: string,
  words: string,
  ability?: string,
): Check {
  return {
    id,
    title,
    scenario: id,
    clause: 'docs/web-protocol.md, Calls',
    needs: { caller: ['call'], callee: ability === undefined ? ['answer'] : ['answer', ability] },
    judge: (evidence) => rang(evidence) ?? endedWith(evidence, side, code, words),
  };
}

const unknownName: Check = {
  id: 'unknown-name',
  title: 'A call to a name that nobody has ends as not found.',
  scenario: 'unknown-name',
  clause: 'docs/web-protocol.md, Calls',
  needs: { caller: ['call'], callee: [] },
  judge(evidence) {
    // An XMPP server must not tell who does not exist from who is away (RFC 6121 section 8.5.1).
    const isSecret = evidence.trace.some(({ protocol }) => protocol === 'xmpp');
    const isAway = isSecret && endOf(evidence, 'caller') === 'unavailable';
    return isAway
      ? endedWith(evidence, 'caller', 'unavailable', 'nobody there by this name')
      : endedWith(evidence, 'caller', 'not-found', 'no such user');
  },
};

const busy: Check = {
  ...beforeAnswer(
    'busy',
    'Who is in a call is busy for a second caller, and the first call goes on.',
    'caller',
    'busy',
    'busy',
    'one-call',
  ),
  judge(evidence) {
    const second = observed(evidence, 'done', 'busy', 'caller')[0];
    const missed = observed(evidence, 'missed', 'busy', 'caller')[0];
    if (missed !== undefined) return failed(`the second caller: ${missed.words}`);
    // A callee without media was not in a call: it just said so.
    if (second === undefined) return rang(evidence) ?? endedWith(evidence, 'caller', 'busy', 'busy');
    const measured = { 'second.end': second.words };
    if (second.words !== 'busy')
      return failed(`the second caller learned ${second.words} in place of busy`, measured);
    const first = heardBothWays(evidence, 'first-call');
    return first.passed
      ? passed('the second caller learned: busy; the first call went on', { ...measured, ...first.measured })
      : failed(`the first call did not go on: ${first.reason}`, measured);
  },
};

export const END_CHECKS: readonly Check[] = [
  hangUpCaller,
  hangUpCallee,
  beforeAnswer(
    'cancel',
    'The caller gives up while it rings, and the callee stops ringing.',
    'callee',
    'cancelled',
    'cancelled',
  ),
  beforeAnswer(
    'decline',
    'The callee declines, and the caller learns just that.',
    'caller',
    'declined',
    'declined',
    'decline',
  ),
  busy,
  beforeAnswer(
    'no-answer',
    'Nobody answers: both sides learn it when the time is up.',
    'caller',
    'no-answer',
    'no answer',
  ),
  unknownName,
];
