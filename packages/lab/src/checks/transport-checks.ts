import { candidates, iceCredentials } from '@crosspoint/sdp';
import type { Evidence } from '../evidence.ts';
import { observed, SIDES } from '../evidence.ts';
import { exchangesSeenBy, typedOf, type WireDescription, wireDescriptions } from '../wire-descriptions.ts';
import { both, type Check, failed, passed } from './check.ts';
import { hearing } from './media.ts';
import { heardBothWays } from './media-checks.ts';

function candidateCount(wire: WireDescription | undefined): number {
  const typed = wire === undefined ? undefined : typedOf(wire);
  return typed === undefined ? 0 : typed.media.reduce((sum, media) => sum + candidates(media).length, 0);
}

function trickled(evidence: Evidence): number {
  return evidence.trace.filter((entry) => entry.direction === 'in' && entry.summary === 'candidates').length;
}

const trickle: Check = {
  id: 'trickle',
  title: 'Candidates sent by and by, behind a description without any, connect the call.',
  scenario: 'call',
  clause: 'RFC 8838 section 4',
  needs: both('audio', 'trickle'),
  judge(evidence) {
    const first = wireDescriptions(evidence).find((each) => each.role === 'offer' && each.direction === 'in');
    const measured = { inOffer: candidateCount(first), trickled: trickled(evidence) };
    if (first === undefined) return failed('there was no offer', measured);
    if (measured.trickled === 0) return failed('no candidate was trickled', measured);
    const heard = heardBothWays(evidence, 'media');
    return heard.passed
      ? passed(`${measured.trickled} messages with candidates, then ${heard.reason}`, measured)
      : failed(heard.reason, measured);
  },
};

const fullGathering: Check = {
  id: 'full-gathering',
  title: 'Descriptions that hold all their candidates connect the call, with none trickled.',
  scenario: 'full-gathering',
  clause: 'RFC 8839 section 5.1',
  needs: both('audio', 'full-gathering'),
  judge(evidence) {
    const first = exchangesSeenBy('caller', wireDescriptions(evidence))[0];
    const measured = {
      inOffer: candidateCount(first?.offer),
      inAnswer: candidateCount(first?.answer),
      trickled: trickled(evidence),
    };
    if (measured.inOffer === 0 || measured.inAnswer === 0)
      return failed('a description came without candidates', measured);
    if (measured.trickled > 0) return failed('candidates were trickled all the same', measured);
    const heard = heardBothWays(evidence, 'media');
    return heard.passed
      ? passed(heard.reason, { ...measured, ...heard.measured })
      : failed(heard.reason, measured);
  },
};

const relay: Check = {
  id: 'relay',
  title: 'With TURN alone allowed, sound flows both ways through the TURN server.',
  scenario: 'relay',
  clause: 'RFC 8656 section 3',
  needs: both('audio', 'relay'),
  judge(evidence) {
    const heard = heardBothWays(evidence, 'media');
    const measured: Record<string, number | string | boolean> = { ...heard.measured };
    const direct: string[] = [];
    for (const side of SIDES) {
      const transport = observed(evidence, 'stats', 'media', side)[0]?.stats.transport;
      measured[`${side}.local`] = transport?.local ?? 'unknown';
      if (transport?.local !== 'relay')
        direct.push(`the ${side}'s local candidate is ${transport?.local ?? 'unknown'}`);
    }
    if (!heard.passed) return failed(heard.reason, measured);
    return direct.length > 0 ? failed(direct.join('; '), measured) : passed(heard.reason, measured);
  },
};

const iceRestart: Check = {
  id: 'ice-restart',
  title:
    'After an ICE restart by the caller both descriptions have new credentials, and sound still flows both ways.',
  scenario: 'call',
  clause: 'RFC 8445 section 9',
  needs: { caller: ['call', 'audio', 'ice-restart'], callee: ['answer', 'audio', 'far-ice-restart'] },
  judge(evidence) {
    const ufrags = SIDES.map((side) => {
      const own = wireDescriptions(evidence).filter(
        (each) => each.author === side && each.direction === 'in',
      );
      const all = own.map((each) => {
        const typed = typedOf(each);
        return typed?.media[0] === undefined ? undefined : iceCredentials(typed, typed.media[0])?.ufrag;
      });
      return new Set(all.filter((ufrag) => ufrag !== undefined)).size;
    });
    const measured = { callerGenerations: ufrags[0]!, calleeGenerations: ufrags[1]! };
    if (ufrags.some((count) => count < 2)) {
      const missed = observed(evidence, 'missed', 'ice-restart')[0]?.words;
      return failed(
        `there were no new ICE credentials on both sides${missed === undefined ? '' : ` (${missed})`}`,
        measured,
      );
    }
    const heard = heardBothWays(evidence, 'after-restart');
    return heard.passed
      ? passed(heard.reason, { ...measured, ...heard.measured })
      : failed(heard.reason, { ...measured, ...heard.measured });
  },
};

const fingerprintRefused: Check = {
  id: 'fingerprint-refused',
  title: 'A certificate that does not fit its fingerprint is refused: no media, and the call ends.',
  scenario: 'wrong-fingerprint',
  clause: 'RFC 8827 section 6.5',
  needs: both('audio'),
  judge(evidence) {
    const connected = SIDES.filter((side) =>
      evidence[side].events.some((event) => event.event === 'transport' && event.state === 'connected'),
    );
    const heard = SIDES.filter((side) => hearing(evidence, 'media', side).far);
    const ended = SIDES.filter((side) => evidence[side].events.some((event) => event.event === 'ended'));
    const reason = evidence.callee.events.find((event) => event.event === 'ended')?.reason?.code ?? 'none';
    const measured = { connected: connected.join(' '), heard: heard.join(' '), reason };
    if (heard.length > 0)
      return failed(`the ${heard.join(' and the ')} heard media under a wrong fingerprint`, measured);
    if (connected.length === 2)
      return failed('both sides called the transport connected under a wrong fingerprint', measured);
    if (ended.length < 2) return failed('the call did not end on both sides', measured);
    return passed(`no media came, and the call ended: ${reason}`, measured);
  },
};

export const TRANSPORT_CHECKS: readonly Check[] = [
  trickle,
  fullGathering,
  relay,
  iceRestart,
  fingerprintRefused,
];
