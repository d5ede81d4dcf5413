import { type Evidence, otherSide, phoneSideOf, type Side } from '../evidence.ts';
import { type Check, failed, type Judged, passed } from './check.ts';
import { hearing } from './media.ts';
import { missedIn } from './missed.ts';
import { sipMessages } from './sip-messages.ts';

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
  const ends = evidence[sender].events.filter(({ event }) => event === 'ended');
  const end = ends.length === 0 ? 'none' : ends.find(({ reason }) => reason?.code !== 'normal')?.reason?.code;
  if (end !== undefined)
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

/** Whether a call was to take the place of another (RFC 3891 section 3). */
function replacedOne(evidence: Evidence): boolean {
  return sipMessages(evidence).some(
    ({ entry }) => entry.summary === 'INVITE' && /^Replaces\s*:/im.test(entry.raw),
  );
}

const attended = (
  id: string,
  title: string,
  sender: (phone: Side) => Side,
  needs: Check['needs'],
): Check => ({
  id,
  title,
  scenario: id,
  clause: 'RFC 5589 section 7, RFC 3891 section 3',
  needs,
  judge(evidence) {
    const by = sender(phoneSideOf(evidence));
    const missed = missedIn(evidence, 'consult');
    if (missed !== undefined) return missed;
    const asked = hearing(evidence, 'consulted', by);
    if (!asked.far) return failed(`before the transfer ${asked.words}`, asked.measured);
    if (!replacedOne(evidence))
      return failed('no call took the place of the one with the third', asked.measured);
    return sentOnBy(evidence, by);
  },
});

const attendedByWeb = attended(
  'transfer-attended',
  'The page holds the phone, asks a third, and connects both: those two talk, and the page is out of both calls.',
  otherSide,
  {
    caller: ['call', 'audio'],
    callee: ['answer', 'audio'],
    web: ['consult'],
    phone: ['far-transfer', 'replaces'],
  },
);

const attendedByPhone = attended(
  'transfer-attended-by-phone',
  'The phone holds the page, asks a third, and connects both: those two talk, and the phone is out of both calls.',
  (phone) => phone,
  {
    caller: ['call', 'audio'],
    callee: ['answer', 'audio'],
    web: ['far-transfer'],
    phone: ['consult', 'replaces'],
  },
);

export const TRANSFER_CHECKS: readonly Check[] = [byWeb, byPhone, attendedByWeb, attendedByPhone];
