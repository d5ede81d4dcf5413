import { observed, SIDES } from '../evidence.ts';
import { type Check, failed, passed } from './check.ts';
import { heardBothWays } from './media-checks.ts';
import { missedIn } from './missed.ts';

/**
 * Each status that a phone refuses with, and what its caller is to learn: the table of end reasons in the docs. A proxy
 * makes 500 of 503 (RFC 3261 section 16.7), so that one is not among them.
 */
export const REFUSALS: readonly (readonly [status: number, code: string])[] = [
  [404, 'not-found'],
  [410, 'gone'],
  [480, 'unavailable'],
  [483, 'protocol-error'],
  [484, 'incomplete-number'],
  [486, 'busy'],
  [488, 'not-acceptable'],
  [603, 'declined'],
];

const refusals: Check = {
  id: 'refusals',
  title: 'Each status with which the phone refuses reaches the caller as its own reason.',
  scenario: 'refusals',
  clause: 'RFC 3261 section 21.4',
  needs: { caller: ['call', 'audio'], callee: ['answer', 'refuse'] },
  judge(evidence) {
    const wrong: string[] = [];
    const measured: Record<string, string> = {};
    for (const [status, code] of REFUSALS) {
      const step = `refuse-${status}`;
      const learned = observed(evidence, 'done', step)[0]?.words;
      measured[String(status)] = learned ?? 'none';
      if (learned === undefined) wrong.push(`${status}: not tried`);
      else if (learned !== code) wrong.push(`${status} came as ${learned} in place of ${code}`);
    }
    return wrong.length > 0
      ? failed(wrong.join('; '), measured)
      : passed(`${REFUSALS.length} statuses, each learned as its own reason`, measured);
  },
};

const notRegistered: Check = {
  id: 'not-registered',
  title: 'A call to a phone that is known and not registered ends as not available.',
  scenario: 'not-registered',
  clause: 'RFC 3261 section 21.4.18',
  needs: { caller: ['call'], callee: ['register'] },
  judge(evidence) {
    const code = evidence.caller.events.find(({ event }) => event === 'ended')?.reason?.code ?? 'none';
    const measured = { 'caller.end': code };
    return code === 'unavailable'
      ? passed('the caller learned: not available', measured)
      : failed(`the caller learned ${code} in place of unavailable`, measured);
  },
};

const forking: Check = {
  id: 'forking',
  title: 'Two phones of one user ring; one answers, and the other stops without a missed call.',
  scenario: 'forking',
  clause: 'RFC 3261 section 16.7, RFC 3326 section 2',
  needs: { caller: ['call', 'audio'], callee: ['answer', 'audio', 'register'] },
  judge(evidence) {
    const missed = missedIn(evidence, 'fork');
    if (missed !== undefined) return missed;
    const learned = observed(evidence, 'done', 'fork')[0]?.words ?? 'none';
    const measured = { 'other.end': learned };
    if (learned !== 'answered-elsewhere')
      return failed(`the other phone learned ${learned} in place of answered-elsewhere`, measured);
    const heard = heardBothWays(evidence, 'media');
    return heard.passed
      ? passed(`the other phone learned that the call was answered elsewhere; ${heard.reason}`, {
          ...measured,
          ...heard.measured,
        })
      : failed(heard.reason, measured);
  },
};

const cancelRace: Check = {
  id: 'cancel-race',
  title: 'The caller gives up in the moment in which the callee accepts: no half of a call is left.',
  scenario: 'cancel-race',
  clause: 'RFC 3261 sections 9.1 and 15',
  needs: { caller: ['call', 'audio'], callee: ['answer', 'audio'] },
  judge(evidence) {
    const rang = evidence.callee.events.some(({ event }) => event === 'incoming');
    if (!rang) return failed('the callee was never rung');
    const ends = SIDES.map(
      (side) => evidence[side].events.find(({ event }) => event === 'ended')?.reason?.code,
    );
    const measured = { 'caller.end': ends[0] ?? 'none', 'callee.end': ends[1] ?? 'none' };
    const left = SIDES.filter((_, at) => ends[at] === undefined);
    return left.length > 0
      ? failed(`the ${left.join(' and the ')} still had a call`, measured)
      : passed('both sides learned that there is no call', measured);
  },
};

export const PHONE_END_CHECKS: readonly Check[] = [refusals, notRegistered, forking, cancelRace];
