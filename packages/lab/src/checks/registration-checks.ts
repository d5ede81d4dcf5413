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
  title: 'An INVITE by a stranger is refused at the registrar: no open relay.',
  scenario: 'stranger',
  clause: 'RFC 3261 section 26.3.2.3',
  needs: { caller: [], callee: [] },
  judge(evidence) {
    const answer = observed(evidence, 'done', 'stranger')
      .map(({ words }) => words)
      .find((words) => words.startsWith('registrar '));
    if (answer === undefined) return failed("the registrar's door was not tried");
    const measured = { answer };
    return / 40[137]$/.test(answer)
      ? passed(`a stranger's INVITE was refused: ${answer}`, measured)
      : failed(`a stranger's INVITE was not refused: ${answer}`, measured);
  },
};

export const REGISTRATION_CHECKS: readonly Check[] = [registration, strangerRefused];
