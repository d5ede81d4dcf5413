import { observed, SIDES } from '../evidence.ts';
import { type Check, failed, passed } from './check.ts';
import { hearing, seeing } from './media.ts';
import { heardBothWays } from './media-checks.ts';
import { missedIn } from './missed.ts';
import { offeredDirection } from './offered-direction.ts';

const holdResume: Check = {
  id: 'hold-resume',
  title: 'On hold nobody hears the other; after it both do again.',
  scenario: 'call',
  clause: 'RFC 3264 section 8.4',
  needs: { caller: ['call', 'audio', 'hold'], callee: ['answer', 'audio', 'far-hold'] },
  judge(evidence) {
    const missed = missedIn(evidence, 'hold', 'unhold');
    if (missed !== undefined) return missed;
    const held = offeredDirection(evidence, ['sendonly', 'inactive']);
    if (!held) return failed('no offer asked for hold (a=sendonly or a=inactive)');
    const during = SIDES.filter((side) => hearing(evidence, 'on-hold', side).far);
    if (during.length > 0) return failed(`the ${during.join(' and the ')} still heard the far side on hold`);
    const after = heardBothWays(evidence, 'after-hold');
    return after.passed
      ? passed(`silence on hold; then ${after.reason}`, after.measured)
      : failed(`after hold: ${after.reason}`, after.measured);
  },
};

const addVideo: Check = {
  id: 'add-video',
  title: 'The caller adds video to an audio call, and the callee sees it.',
  scenario: 'audio-call',
  clause: 'RFC 3264 section 8.1',
  needs: {
    caller: ['call', 'audio', 'video', 'change-video'],
    callee: ['answer', 'audio', 'video', 'far-change-video'],
  },
  judge(evidence) {
    const missed = missedIn(evidence, 'add-video');
    if (missed !== undefined) return missed;
    const seen = seeing(evidence, 'video-added', 'callee');
    if (!seen.moving) return failed(seen.words, seen.measured);
    const heard = heardBothWays(evidence, 'video-added');
    return heard.passed
      ? passed(`${seen.words}, and sound went on`, { ...seen.measured, ...heard.measured })
      : failed(`sound: ${heard.reason}`, seen.measured);
  },
};

const removeVideo: Check = {
  id: 'remove-video',
  title: 'The caller takes video out again: the m-section is closed, sound goes on.',
  scenario: 'audio-call',
  clause: 'RFC 3264 section 8.2',
  needs: {
    caller: ['call', 'audio', 'video', 'change-video'],
    callee: ['answer', 'audio', 'video', 'far-change-video'],
  },
  judge(evidence) {
    const missed = missedIn(evidence, 'add-video', 'remove-video');
    if (missed !== undefined) return missed;
    const seen = seeing(evidence, 'video-removed', 'callee');
    if (seen.moving) return failed(`after removal ${seen.words}`, seen.measured);
    const heard = heardBothWays(evidence, 'video-removed');
    return heard.passed
      ? passed(`no picture any more, and ${heard.reason}`, heard.measured)
      : failed(heard.reason, heard.measured);
  },
};

const glare: Check = {
  id: 'glare',
  title: 'Two offers at once converge: both sides settle, and sound flows both ways.',
  scenario: 'audio-call',
  clause: 'RFC 9429 section 4.1.10.2',
  needs: {
    caller: ['call', 'audio', 'resume', 'hold', 'glare'],
    callee: ['answer', 'audio', 'hold', 'glare'],
  },
  judge(evidence) {
    const missed = missedIn(evidence, 'glare', 'after-glare');
    if (missed !== undefined) return missed;
    const heard = heardBothWays(evidence, 'after-glare');
    return heard.passed
      ? passed(`both offers crossed; then ${heard.reason}`, heard.measured)
      : failed(heard.reason, heard.measured);
  },
};

const resume: Check = {
  id: 'resume',
  title:
    'Signaling lost in the call comes back with nothing lost and nothing doubled; sound goes on meanwhile.',
  scenario: 'audio-call',
  clause: 'docs/web-protocol.md, Numbers',
  needs: { caller: ['call', 'audio', 'resume'], callee: ['answer', 'audio', 'hold'] },
  judge(evidence) {
    const missed = missedIn(evidence, 'cut', 'resume');
    if (missed !== undefined) return missed;
    const during = heardBothWays(evidence, 'signaling-cut');
    if (!during.passed) return failed(`while signaling was lost: ${during.reason}`, during.measured);
    const events = evidence.caller.events.filter((event) => event.event === 'held');
    // The callee held and released while the caller was cut off: each must arrive once, in order.
    const heldTimes = observed(evidence, 'done', 'resume', 'caller').length;
    if (heldTimes === 0)
      return failed('the caller never learned what it had missed', { held: events.length });
    return passed(`sound went on, and what was missed came once (${events.length} hold events)`, {
      held: events.length,
      ...during.measured,
    });
  },
};

export const CHANGE_CHECKS: readonly Check[] = [holdResume, addVideo, removeVideo, glare, resume];
