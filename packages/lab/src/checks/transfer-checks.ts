import { type Evidence, otherSide, phoneSideOf } from '../evidence.ts';
import { type Check, failed, type Judged, passed } from './check.ts';
import { hearing } from './media.ts';
import { missedIn } from './missed.ts';

/** The phone that stayed and the third who was called hear each other; `stayed` notes under one side, `third` the other. */
function thirdHeard(evidence: Evidence): Judged {
  const phone = phoneSideOf(evidence);
  const stayed = hearing(evidence, 'transferred', phone);
  const third = hearing(evidence, 'third', phone);
  const measured = { ...stayed.measured, ...third.measured };
  if (!stayed.far)
    return failed(`after the transfer the phone did not hear the third: ${stayed.words}`, measured);
  if (!third.far)
    return failed(`after the transfer the third did not hear the phone: ${third.words}`, measured);
  return passed('the phone and the third hear each other', measured);
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
  judge(evidence) {
    const missed = missedIn(evidence, 'transfer');
    if (missed !== undefined) return missed;
    const web = otherSide(phoneSideOf(evidence));
    const end = evidence[web].events.find(({ event }) => event === 'ended')?.reason?.code ?? 'none';
    if (end !== 'normal')
      return failed(`the page learned ${end} in place of a normal end`, { 'web.end': end });
    return thirdHeard(evidence);
  },
};

export const TRANSFER_CHECKS: readonly Check[] = [byWeb];
