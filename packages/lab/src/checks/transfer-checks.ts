import { type Evidence, otherSide, phoneSideOf, type Side } from '../evidence.ts';
import { type Check, failed, type Judged, passed } from './check.ts';
import { hearing } from './media.ts';
import { missedIn } from './missed.ts';

/** Who was sent on and the third hear each other; both are noted under the side of who was sent on. */
function thirdHeard(evidence: Evidence, sentOn: Side): Judged {
  const who = evidence[sentOn].joins === 'sip' ? 'phone' : 'page';
  const stayed = hearing(evidence, 'transferred', sentOn);
  const third = hearing(evidence, 'third', sentOn);
  const measured = { ...stayed.measured, ...third.measured };
  if (!stayed.far)
    return failed(`after the transfer the ${who} did not hear the third: ${stayed.words}`, measured);
  if (!third.far)
    return failed(`after the transfer the third did not hear the ${who}: ${third.words}`, measured);
  return passed(`the ${who} and the third hear each other`, measured);
}

/** Who sent the other on is out of the call, by a normal end; then the two that are left are heard. */
function sentOnBy(evidence: Evidence, sender: Side): Judged {
  const missed = missedIn(evidence, 'transfer');
  if (missed !== undefined) return missed;
  const who = evidence[sender].joins;
  const end = evidence[sender].events.find(({ event }) => event === 'ended')?.reason?.code ?? 'none';
  if (end !== 'normal')
    return failed(`the ${who === 'sip' ? 'phone' : 'page'} learned ${end} in place of a normal end`, {
      [`${who}.end`]: end,
    });
  return thirdHeard(evidence, otherSide(sender));
}

const byWeb: Check = {
  id: 'transfer-by-web',
  title: 'The page sends the phone on to a third: those two talk, and the page is out of the call.',
  scenario: 'transfer-by-web',
  clause: 'RFC 5589 section 6.1',
  needs: {
    caller: ['call', 'audio'],
    callee: ['answer', 'audio'],
    web: ['transfer'],
    phone: ['far-transfer', 'one-call'],
  },
  judge: (evidence) => sentOnBy(evidence, otherSide(phoneSideOf(evidence))),
};

const byPhone: Check = {
  id: 'transfer-by-phone',
  title: 'The phone sends the page on to a third: those two talk, and the phone is out of the call.',
  scenario: 'transfer-by-phone',
  clause: 'RFC 5589 section 6.1',
  needs: {
    caller: ['call', 'audio'],
    callee: ['answer', 'audio'],
    web: ['far-transfer'],
    phone: ['transfer'],
  },
  judge: (evidence) => sentOnBy(evidence, phoneSideOf(evidence)),
};

export const TRANSFER_CHECKS: readonly Check[] = [byWeb, byPhone];
