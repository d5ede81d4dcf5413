import {
  attribute,
  mapMedia,
  type Section,
  type SessionDescription,
  withAttribute,
  withMediaLine,
  withoutAttribute,
} from '@crosspoint/sdp';
import type { Defect } from './defect.ts';
import { changeDescriptions } from './description-change.ts';
import { everySection } from './every-section.ts';

// Turns the digits of the fingerprint around: as long, as well-formed, and another certificate's.
function otherFingerprint<S extends Section>(section: S): S {
  const own = attribute(section, 'fingerprint');
  if (own === undefined) return section;
  return withAttribute(section, 'fingerprint', {
    ...own,
    value: [...own.value.split(':')].reverse().join(':'),
  });
}

function flippedRole<S extends Section>(section: S): S {
  const own = attribute(section, 'setup');
  if (own !== 'active' && own !== 'passive') return section;
  return withAttribute(section, 'setup', own === 'active' ? 'passive' : 'active');
}

/** The description as plain RTP/AVP, with neither fingerprint nor role. */
export function toClear(description: SessionDescription): SessionDescription {
  return mapMedia(
    everySection(description, (section) =>
      withoutAttribute(withoutAttribute(section, 'fingerprint'), 'setup'),
    ),
    (media) => (media.protocol.includes('RTP/') ? withMediaLine(media, { protocol: 'RTP/AVP' }) : media),
  );
}

const fingerprintWrong: Defect = {
  id: 'dtls-fingerprint-wrong',
  title: "The answer's fingerprint is of another certificate.",
  seen: 'The call is accepted, and neither sound nor picture ever comes: DTLS refuses the certificate.',
  clause: 'RFC 8827 section 6.5',
  scenario: 'call',
  check: 'audio',
  change: changeDescriptions({ type: 'answer' }, (description) =>
    everySection(description, otherFingerprint),
  ),
};

const actpassAnswer: Defect = {
  id: 'dtls-actpass-answer',
  title: 'The answer says a=setup:actpass and settles nothing.',
  seen: 'The browser rejects the answer, or both sides wait and no ClientHello is sent.',
  clause: 'RFC 8842 section 5.3',
  scenario: 'call',
  check: 'audio',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, (description) =>
    everySection(description, (section) =>
      attribute(section, 'setup') === undefined ? section : withAttribute(section, 'setup', 'actpass'),
    ),
  ),
};

const roleFlip: Defect = {
  id: 'dtls-role-flip',
  title: 'The answer to a re-offer turns active and passive around while the DTLS association stays.',
  seen: 'The call works until the first hold; after it there is an error, or no media.',
  clause: 'RFC 8842 section 5.5',
  scenario: 'call',
  check: 'hold-resume',
  change: changeDescriptions({ type: 'answer', exchange: 'later' }, (description) =>
    everySection(description, flippedRole),
  ),
};

const missing: Defect = {
  id: 'dtls-missing',
  title: 'The offer comes as plain RTP/AVP, without a fingerprint.',
  seen: 'The browser refuses the call at once; it must never go on in the clear.',
  clause: 'RFC 8827 section 6.5',
  scenario: 'call',
  check: 'audio',
  change: changeDescriptions({ type: 'offer', exchange: 'first' }, toClear),
};

const unchecked: Defect = {
  id: 'dtls-fingerprint-unchecked',
  title: 'The wrong certificate is let through: what would be refused connects.',
  seen: 'Nothing is seen at all, and anybody in the path can listen.',
  clause: 'RFC 8827 section 6.5',
  scenario: 'wrong-fingerprint',
  check: 'fingerprint-refused',
  // No browser can be made to skip the comparison; a description whose fingerprint is right looks the same to the check.
  change: () => (signal) => [signal],
};

export const DTLS_DEFECTS: readonly Defect[] = [
  fingerprintWrong,
  actpassAnswer,
  roleFlip,
  missing,
  unchecked,
];
