import { observed } from '../evidence.ts';
import { type Check, failed, passed } from './check.ts';
import { missedIn } from './missed.ts';

const registration: Check = {
  id: 'registration',
  title: 'The phone is refused with a wrong password, and registered with the right one.',
  scenario: 'registration',
  clause: 'RFC 3261 section 22.2',
  needs: { caller: [], callee: [], phone: ['register'] },
  judge(evidence) {
    const missed = missedIn(evidence, 'wrong-password', 'right-password');
    if (missed !== undefined) return missed;
    const status = observed(evidence, 'done', 'wrong-password')[0]?.words ?? 'none';
    const measured = { 'wrong.status': status };
    if (!/^40[137]$/.test(status)) return failed(`a wrong password was answered with ${status}`, measured);
    return observed(evidence, 'done', 'right-password').length > 0
      ? passed(`a wrong password was answered with ${status}, the right one registered`, measured)
      : failed('the right password did not register', measured);
  },
};

const strangerRefused: Check = {
  id: 'stranger-refused',
  title: 'An INVITE by a stranger is refused, at the registrar and at the gateway: no open relay.',
  scenario: 'stranger',
  clause: 'RFC 3261 section 26.3.2.3',
  needs: { caller: [], callee: [] },
  judge(evidence) {
    const seen = observed(evidence, 'done', 'stranger').map(({ words }) => words);
    const measured = { answers: seen.join(', ') };
    if (seen.length < 2) return failed('not every door was tried', measured);
    // The gateway has ears for its registrar alone; the registrar owes everybody an answer.
    const open = seen.filter((words) => !/ 40[137]$|^gateway said nothing$/.test(words));
    return open.length > 0
      ? failed(`a stranger's INVITE was not refused: ${open.join(', ')}`, measured)
      : passed(`a stranger's INVITE was refused: ${seen.join(', ')}`, measured);
  },
};

export const REGISTRATION_CHECKS: readonly Check[] = [registration, strangerRefused];
