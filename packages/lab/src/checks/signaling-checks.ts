import { fingerprints } from '@crosspoint/sdp';
import { observed, otherSide, phoneSideOf } from '../evidence.ts';
import { typedOf, wireDescriptions } from '../wire-descriptions.ts';
import { type Check, failed, passed } from './check.ts';
import { atOnceByDatagram, largeRequests } from './large-requests.ts';
import { heardBothWays } from './media-checks.ts';
import { missedIn } from './missed.ts';

const mediaEncrypted: Check = {
  id: 'media-encrypted',
  title: "Every description on the page's side asks for DTLS-SRTP with a fingerprint: no media in clear.",
  scenario: 'call',
  clause: 'RFC 8827 section 6.5',
  needs: { caller: ['call', 'audio'], callee: ['answer', 'audio'] },
  judge(evidence) {
    const web = otherSide(phoneSideOf(evidence));
    const seen = wireDescriptions(evidence).filter(({ entry }) => entry.peer === web);
    const clear: string[] = [];
    const unread: string[] = [];
    for (const wire of seen) {
      const typed = typedOf(wire);
      if (typed === undefined) unread.push(wire.name);
      for (const media of typed?.media ?? []) {
        if (media.port === 0) continue;
        const asked = /(^|\/)TLS\/RTP\/SAVPF?$|\/DTLS\/SCTP$/.test(media.protocol);
        if (!asked || fingerprints(typed!, media).length === 0)
          clear.push(`${wire.name}: m=${media.media} ${media.protocol}`);
      }
    }
    const measured = { descriptions: seen.length, clear: clear.length };
    if (seen.length < 2) return failed('the page saw no offer with its answer', measured);
    // What cannot be read may ask for anything.
    if (unread.length > 0) return failed(`not to be read: ${unread.join(', ')}`, measured);
    return clear.length > 0
      ? failed(`media in clear on the page's side: ${clear.join(', ')}`, measured)
      : passed(`all ${seen.length} descriptions on the page's side ask for DTLS-SRTP`, measured);
  },
};

const largeInvite: Check = {
  id: 'large-invite',
  title: 'A request too large for a datagram goes by TCP, or was tried by it first.',
  scenario: 'call',
  clause: 'RFC 3261 section 18.1.1',
  needs: { caller: ['call', 'audio', 'video'], callee: ['answer', 'audio'] },
  judge(evidence) {
    const large = largeRequests(evidence);
    const largest = Math.max(0, ...large.map(({ bytes }) => bytes));
    const byDatagram = atOnceByDatagram(large);
    const measured = { largest, large: large.length, byDatagram: byDatagram.length };
    if (large.length === 0) return failed('no request was large', measured);
    return byDatagram.length > 0
      ? failed(`a request of ${byDatagram[0]!.bytes} bytes went by UDP at once`, measured)
      : passed(
          `${large.length} requests of up to ${largest} bytes went by a stream, or were tried by one first`,
          measured,
        );
  },
};

const sessionRefresh: Check = {
  id: 'session-refresh',
  title: 'The gateway refreshes the session in the call: the phone agrees, and sound goes on.',
  scenario: 'digits',
  clause: 'RFC 4028 section 7.4',
  needs: { caller: ['call', 'audio'], callee: ['answer', 'audio'] },
  judge(evidence) {
    const missed = missedIn(evidence, 'refresh');
    if (missed !== undefined) return missed;
    const how = observed(evidence, 'done', 'refresh')[0]?.words;
    if (how === undefined) return failed('the session was not refreshed');
    const heard = heardBothWays(evidence, 'after-refresh');
    return heard.passed
      ? passed(`${how}; then ${heard.reason}`, heard.measured)
      : failed(`after the refresh: ${heard.reason}`, heard.measured);
  },
};

export const SIGNALING_CHECKS: readonly Check[] = [mediaEncrypted, largeInvite, sessionRefresh];
