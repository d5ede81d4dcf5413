import { observed } from '../evidence.ts';
import { type Check, failed, passed } from './check.ts';
import { hearing } from './media.ts';
import { heardBothWays } from './media-checks.ts';
import { missedIn } from './missed.ts';
import { sipMessages } from './sip-messages.ts';

const earlyMedia: Check = {
  id: 'early-media',
  title: 'The caller hears the callee before the call is answered, and both hear each other after.',
  scenario: 'early-media',
  clause: 'RFC 3960 section 3.2',
  needs: { caller: ['call', 'audio', 'far-early-media'], callee: ['answer', 'audio', 'early-media'] },
  judge(evidence) {
    const missed = missedIn(evidence, 'early');
    if (missed !== undefined) return missed;
    const early = hearing(evidence, 'early', 'caller');
    if (!early.far) return failed(`before the answer ${early.words}`, early.measured);
    const after = heardBothWays(evidence, 'media');
    return after.passed
      ? passed(`before the answer ${early.words}; then ${after.reason}`, {
          ...early.measured,
          ...after.measured,
        })
      : failed(`after the answer: ${after.reason}`, after.measured);
  },
};

const reliable: Check = {
  id: 'reliable-provisional',
  title: 'A provisional response that carries the answer is confirmed by PRACK.',
  scenario: 'early-media',
  clause: 'RFC 3262 section 4',
  needs: {
    caller: ['call', 'audio', 'far-early-media'],
    callee: ['answer', 'audio', 'early-media'],
    phone: ['reliable'],
  },
  judge(evidence) {
    const sent = sipMessages(evidence).filter(({ entry }) => entry.node === 'server');
    const asked = sent.filter(({ entry }) => /^Require\s*:.*\b100rel\b/im.test(entry.raw));
    const confirmed = sent.filter(({ entry }) => entry.summary === 'PRACK');
    const done = sent.filter(({ entry }) => entry.summary === '200 OK (PRACK)');
    const measured = { reliable: asked.length, prack: confirmed.length, confirmed: done.length };
    if (asked.length === 0) return failed('no provisional response asked to be confirmed', measured);
    if (confirmed.length === 0) return failed('there was no PRACK', measured);
    return done.length > 0
      ? passed('the provisional response was confirmed by PRACK, and that was accepted', measured)
      : failed('PRACK was not answered with 200', measured);
  },
};

const lateOffer: Check = {
  id: 'late-offer',
  title: 'An INVITE without an offer gets one from the callee, is answered in the ACK, and sound flows.',
  scenario: 'late-offer',
  clause: 'RFC 3261 section 13.2.1',
  needs: { caller: ['call', 'audio', 'late-offer'], callee: ['answer', 'audio', 'make-offer'] },
  judge(evidence) {
    const missed = missedIn(evidence, 'late-offer');
    if (missed !== undefined) return missed;
    const bare = observed(evidence, 'done', 'late-offer').length > 0;
    if (!bare) return failed('there was no INVITE without an offer');
    return heardBothWays(evidence, 'media');
  },
};

export const EARLY_CHECKS: readonly Check[] = [earlyMedia, reliable, lateOffer];
