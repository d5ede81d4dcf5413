import type { SessionDescription } from '../description.ts';
import { attribute } from '../lenses/attributes.ts';
import type { Finding, Profile } from '../lint/finding.ts';
import { inLineOrder } from '../lint/lint.ts';
import { LintSubject, wrong } from '../lint/subject.ts';
import {
  checkBasics,
  checkBundleAnswer,
  checkFormats,
  checkRole,
  checkSimulcastAnswer,
  checkTransportAnswer,
} from './answer-rules.ts';
import { checkRoleFlip, type Negotiated } from './role-flip.ts';

export interface AnswerOptions {
  /** Whose rules the answer is held to, `webrtc` unless told. */
  readonly profile?: Profile;
  /** The offer and answer in force before, to see a changed DTLS role. */
  readonly previous?: Negotiated;
}

/**
 * What makes an answer wrong for its offer (RFC 3264 section 6, RFC 9429 section 5.3, RFC 9143, RFC 8842 section 5.3).
 * Places are lines of the answer. What is wrong with the answer on its own is `lint`'s to say.
 */
export function checkAnswer(
  offer: SessionDescription,
  answer: SessionDescription,
  options: AnswerOptions = {},
): Finding[] {
  const subject = new LintSubject(answer, options.profile ?? 'webrtc');
  checkSections(offer, subject);
  checkBundleAnswer(offer, subject);
  offer.media.forEach((offered, index) => {
    const answered = answer.media[index];
    if (answered === undefined || answered.media !== offered.media) return;
    const pair = { offer, offered, answer: subject, answered, index };
    checkBasics(pair);
    checkFormats(pair);
    checkRole(pair);
    checkTransportAnswer(pair);
    checkSimulcastAnswer(pair);
  });
  if (options.previous !== undefined) checkRoleFlip(options.previous, subject);
  return inLineOrder(subject.findings);
}

// Same number of m= lines, same order, same mids: RFC 3264 section 6, RFC 9143 section 7.3.
function checkSections(offer: SessionDescription, answer: LintSubject): void {
  const { media } = answer.description;
  if (media.length !== offer.media.length) {
    const message = `${offer.media.length} m-sections were offered and ${media.length} answered`;
    answer.add(
      wrong('m-line-count', 'RFC 3264 section 6', message),
      Math.min(media.length, offer.media.length) - 1,
      0,
    );
  }
  const mids = offer.media.map((section) => attribute(section, 'mid'));
  const offeredMids = new Set(mids);
  media.forEach((answered, index) => {
    const offered = offer.media[index];
    if (offered === undefined) return;
    const mid = attribute(answered, 'mid');
    const wanted = mids[index];
    if (wanted !== undefined && mid === undefined && answered.port !== 0) {
      const message = `the answer lacks a=mid:${wanted}`;
      answer.add(wrong('sip-no-mid', 'RFC 9429 section 5.3.1, RFC 9143 section 7.3', message), index, 0);
    }
    const moved = mid !== undefined && mid !== wanted && offeredMids.has(mid);
    if (moved || answered.media !== offered.media) {
      const message = `m-section ${index} was offered as ${offered.media}${wanted === undefined ? '' : ` (mid ${wanted})`} and is answered as ${answered.media}${mid === undefined ? '' : ` (mid ${mid})`}`;
      answer.add(wrong('m-line-order', 'RFC 3264 section 6, RFC 9429 section 5.3.1', message), index, 0);
    } else if (mid !== undefined && mid !== wanted && wanted !== undefined) {
      const message = `mid ${wanted} of the offer is called ${mid} in the answer`;
      answer.addAt(wrong('sip-mid-renamed', 'RFC 9143 section 7.3', message), index, 'mid');
    }
  });
}
