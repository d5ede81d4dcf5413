import type { Setup } from '../attributes/transport-attributes.ts';
import type { SessionDescription } from '../description.ts';
import { attribute } from '../lenses/attributes.ts';
import { transportMedia } from '../lenses/bundle.ts';
import { dtlsRole, fingerprints, sameFingerprints } from '../lenses/dtls.ts';
import { iceCredentials } from '../lenses/ice.ts';
import { isActive, type LintSubject, wrong } from '../lint/subject.ts';

/** An offer and its answer, in force. */
export interface Negotiated {
  readonly offer: SessionDescription;
  readonly answer: SessionDescription;
}

function roleAt(description: SessionDescription, index: number): Setup | undefined {
  const media = description.media[index];
  const carrier = transportMedia(description, index);
  if (media === undefined || carrier === undefined) return undefined;
  return dtlsRole(description, media) ?? dtlsRole(description, carrier);
}

function reversed(role: Setup | undefined): Setup | undefined {
  if (role === 'active') return 'passive';
  return role === 'passive' ? 'active' : undefined;
}

/**
 * Whether m-section `index` of two descriptions of one side speaks of the same DTLS association: fingerprint, tls-id
 * and ufrag unchanged.
 */
export function sameAssociation(
  before: SessionDescription,
  after: SessionDescription,
  index: number,
): boolean {
  const left = transportMedia(before, index);
  const right = transportMedia(after, index);
  if (left === undefined || right === undefined) return false;
  const prints = fingerprints(before, left);
  if (prints.length === 0 || !sameFingerprints(prints, fingerprints(after, right))) return false;
  if (attribute(left, 'tls-id') !== attribute(right, 'tls-id')) return false;
  return iceCredentials(before, left)?.ufrag === iceCredentials(after, right)?.ufrag;
}

/** The answer's DTLS roles against those in force (RFC 8842 section 5.5), whichever side offered last time. */
export function checkRoleFlip(previous: Negotiated, answer: LintSubject): void {
  const { description } = answer;
  description.media.forEach((media, index) => {
    if (!isActive(media)) return;
    const role = roleAt(description, index);
    let expected: Setup | undefined;
    if (sameAssociation(previous.answer, description, index)) expected = roleAt(previous.answer, index);
    else if (sameAssociation(previous.offer, description, index))
      expected = reversed(roleAt(previous.answer, index));
    if (expected !== 'active' && expected !== 'passive') return;
    if (role === expected || (role !== 'active' && role !== 'passive')) return;
    const message = `this side was ${expected} and now says ${role}: the running DTLS association dies`;
    answer.addAt(wrong('dtls-role-flip', 'RFC 8842 section 5.5', message), index, 'setup');
  });
}
