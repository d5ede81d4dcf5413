import type { Evidence, Side } from '../evidence.ts';
import { observed, SIDES } from '../evidence.ts';
import { both, type Check, failed, type Judged, passed } from './check.ts';
import { hearing, seeing } from './media.ts';

/** Both sides heard the other in a step, and neither itself. */
export function heardBothWays(evidence: Evidence, step: string): Judged {
  const heard = SIDES.map((side) => hearing(evidence, step, side));
  const measured = Object.assign({}, ...heard.map((each) => each.measured)) as Judged['measured'];
  const bad = heard.filter((each) => !each.far || each.echo);
  const words = (bad.length > 0 ? bad : heard).map((each) => each.words).join('; ');
  return bad.length > 0 ? failed(words, measured) : passed(words, measured);
}

/** Both sides saw the other move in a step. */
export function sawBothWays(evidence: Evidence, step: string, sides: readonly Side[] = SIDES): Judged {
  const seen = sides.map((side) => seeing(evidence, step, side));
  const measured = Object.assign({}, ...seen.map((each) => each.measured)) as Judged['measured'];
  const bad = seen.filter((each) => !each.moving);
  const words = (bad.length > 0 ? bad : seen).map((each) => each.words).join('; ');
  return bad.length > 0 ? failed(words, measured) : passed(words, measured);
}

const audio: Check = {
  id: 'audio',
  title: 'Each side decodes the tones that the other sends, and not its own.',
  scenario: 'call',
  clause: 'RFC 8834 section 4',
  needs: both('audio'),
  judge: (evidence) => heardBothWays(evidence, 'media'),
};

const video: Check = {
  id: 'video',
  title: 'Each side sees the frames that the other sends, with their numbers moving on.',
  scenario: 'call',
  clause: 'RFC 7742 section 5',
  needs: both('audio', 'video'),
  judge: (evidence) => sawBothWays(evidence, 'media'),
};

const data: Check = {
  id: 'data',
  title: 'Messages up to 64 KiB over a data channel come back whole and in order.',
  scenario: 'call',
  clause: 'RFC 8831 section 6',
  needs: both('data'),
  judge(evidence) {
    const echoes = SIDES.map((side) => ({
      side,
      echoed: observed(evidence, 'echoed', 'media', side)[0]?.echoed,
    }));
    const measured: Record<string, number | string | boolean> = {};
    const wrong: string[] = [];
    for (const { side, echoed } of echoes) {
      if (echoed === undefined) {
        const missed = observed(evidence, 'missed', 'media', side).map((each) => each.words);
        wrong.push(`the ${side} got no echo${missed.length > 0 ? ` (${missed.join('; ')})` : ''}`);
        continue;
      }
      measured[`${side}.returned`] = echoed.returned;
      measured[`${side}.largest`] = echoed.largest;
      if (echoed.roundTripMs !== undefined)
        measured[`${side}.roundTripMs`] = Math.round(echoed.roundTripMs * 10) / 10;
      if (echoed.returned !== echoed.sent || !echoed.inOrder || echoed.corrupted > 0) {
        wrong.push(
          `the ${side} got ${echoed.returned} of ${echoed.sent} back${echoed.inOrder ? '' : ', out of order'}${echoed.corrupted > 0 ? `, ${echoed.corrupted} changed` : ''}`,
        );
      }
    }
    return wrong.length > 0
      ? failed(wrong.join('; '), measured)
      : passed('every message came back whole and in order, both ways', measured);
  },
};

export const MEDIA_CHECKS: readonly Check[] = [audio, video, data];
