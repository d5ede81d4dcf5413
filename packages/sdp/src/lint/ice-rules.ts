import { type IceCandidate, lintCandidate } from '@crosspoint/ice';
import { attribute, hasAttribute } from '../lenses/attributes.ts';
import { isRtp } from '../lenses/codecs.ts';
import { canTrickle, iceCredentials } from '../lenses/ice.ts';
import { usesDtls } from './dtls-rules.ts';
import { doubtful, type LintSubject, wrong } from './subject.ts';

/** Credentials, candidates and rtcp-mux. `receiverTrickles` false: whoever reads this cannot be told more later. */
export function checkIce(subject: LintSubject, receiverTrickles: boolean): void {
  for (const [section, index] of subject.sections()) {
    section.lines.forEach((line, at) => {
      if (line.kind === 'ice-ufrag') checkCredential(subject, 'ufrag', line.value, 4, index, at);
      else if (line.kind === 'ice-pwd') checkCredential(subject, 'pwd', line.value, 22, index, at);
      else if (line.kind === 'candidate') checkCandidate(subject, line.value, index, at);
      else if (line.kind === 'ice-options' && line.value.some((option) => option.includes(','))) {
        const message = 'ice-options are separated by spaces, not commas';
        subject.add(doubtful('ice-options-comma', 'RFC 8839 section 5.6', message), index, at);
      }
    });
  }
  const trickles = receiverTrickles && canTrickle(subject.description);
  for (const [media, index] of subject.activeMedia()) {
    if (subject.transport(index) === media) checkTransport(subject, index, trickles, receiverTrickles);
    if (isRtp(media)) checkMux(subject, index);
  }
}

function checkCredential(
  subject: LintSubject,
  name: string,
  value: string,
  least: number,
  index: number,
  at: number,
) {
  if (value.length < least || value.length > 256) {
    const message = `ice-${name} has ${value.length} characters, allowed are ${least} to 256`;
    subject.add(wrong(`ice-${name}-length`, 'RFC 8839 section 5.4', message), index, at);
  }
  for (let place = 0; place < value.length; place++) {
    if (isIceChar(value.charCodeAt(place))) continue;
    const message = `ice-${name} holds a character that is no ice-char`;
    subject.add(doubtful('ice-char', 'RFC 8839 section 5.4', message), index, at);
    return;
  }
}

// ALPHA, DIGIT, + and /
function isIceChar(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 47 && code <= 57) || code === 43
  );
}

// What a candidate may say is for ICE to judge; here it gets a place and a weight.
function checkCandidate(subject: LintSubject, candidate: IceCandidate, index: number, at: number): void {
  for (const { code, detail, clause } of lintCandidate(candidate)) {
    if (code === 'priority-range') subject.add(wrong('candidate-priority', clause, detail), index, at);
    else if (code === 'address-mdns') subject.add(doubtful('ice-mdns', clause, detail), index, at);
    else subject.add(doubtful(`candidate-${code}`, clause, detail), index, at);
  }
}

function checkTransport(
  subject: LintSubject,
  index: number,
  trickles: boolean,
  receiverTrickles: boolean,
): void {
  const { description, profile } = subject;
  const media = description.media[index]!;
  const ufrag = attribute(media, 'ice-ufrag') ?? attribute(description.session, 'ice-ufrag');
  const pwd = attribute(media, 'ice-pwd') ?? attribute(description.session, 'ice-pwd');
  const clause = 'RFC 8839 section 5.4';
  if ((ufrag === undefined) !== (pwd === undefined)) {
    const missing = ufrag === undefined ? 'ice-ufrag' : 'ice-pwd';
    subject.add(wrong('ice-credentials-incomplete', clause, `no a=${missing} beside the other`), index, 0);
  } else if (ufrag === undefined && profile === 'webrtc' && (usesDtls(media) || isRtp(media))) {
    subject.add(wrong('ice-missing', 'RFC 9429 section 5.2.1', 'no ICE credentials'), index, 0);
  }
  if (iceCredentials(description, media) === undefined) return;
  if (hasAttribute(media, 'candidate') || trickles) return;
  // An application around a browser may trickle without the option (Jingle does), so there it is a doubt only.
  const statement = profile === 'webrtc' && receiverTrickles ? doubtful : wrong;
  const message = receiverTrickles
    ? 'no candidate and no ice-options:trickle: no pair can be formed'
    : 'no candidate, and none can follow: no pair can be formed';
  subject.add(statement('ice-no-candidates', 'RFC 8839 section 4.2.1.1', message), index, 0);
}

function checkMux(subject: LintSubject, index: number): void {
  const media = subject.description.media[index]!;
  if (hasAttribute(media, 'rtcp-mux')) return;
  if (hasAttribute(media, 'rtcp-mux-only')) {
    const message = 'rtcp-mux-only without rtcp-mux';
    subject.addAt(wrong('rtcp-mux-only', 'RFC 8858 section 4.1', message), index, 'rtcp-mux-only');
  }
  if (subject.profile !== 'webrtc') return;
  const message = 'no a=rtcp-mux: a browser with the policy `require` (the default) rejects the m-section';
  subject.add(wrong('sip-no-rtcp-mux', 'RFC 5761 section 5.1.1, RFC 8834 section 4.5', message), index, 0);
}
