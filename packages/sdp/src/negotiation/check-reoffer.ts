import type { MediaDescription, SessionDescription } from '../description.ts';
import { attribute, hasAttribute } from '../lenses/attributes.ts';
import { bundleGroups, transportMedia } from '../lenses/bundle.ts';
import { codecs } from '../lenses/codecs.ts';
import { dtlsRole } from '../lenses/dtls.ts';
import { iceCredentials } from '../lenses/ice.ts';
import { origin } from '../lenses/media-line.ts';
import type { Finding } from '../lint/finding.ts';
import { inLineOrder } from '../lint/lint.ts';
import { doubtful, isActive, LintSubject, wrong } from '../lint/subject.ts';
import { write } from '../write.ts';
import { sameAssociation } from './role-flip.ts';

/**
 * What one side's next description must not do after its previous one (RFC 3264 section 8, RFC 8839 section 4.4,
 * RFC 8842 section 5.5). Both come from the same side. Places are lines of `next`.
 */
export function checkReoffer(previous: SessionDescription, next: SessionDescription): Finding[] {
  const subject = new LintSubject(next, 'any');
  checkOrigin(previous, subject);
  if (next.media.length < previous.media.length) {
    const message = `${previous.media.length} m-sections became ${next.media.length}; they are rejected, never removed`;
    subject.add(wrong('m-line-removed', 'RFC 3264 section 8.2', message), -1, 0);
  }
  if (
    bundleGroups(previous).length > 0 &&
    bundleGroups(next).length === 0 &&
    subject.activeMedia().length > 0
  ) {
    const message = 'the BUNDLE group is gone';
    const statement = subject.activeMedia().length > 1 ? wrong : doubtful;
    subject.add(statement('sip-group-stripped', 'RFC 9143 section 7.5', message), -1, 0);
  }
  previous.media.forEach((before, index) => {
    const after = next.media[index];
    if (after === undefined || !isActive(before)) return;
    checkSection(subject, before, after, index);
    if (!isActive(after)) return;
    checkIce(previous, subject, index);
    checkDtls(previous, subject, index);
  });
  return inLineOrder(subject.findings);
}

function checkOrigin(previous: SessionDescription, next: LintSubject): void {
  const before = origin(previous);
  const after = origin(next.description);
  if (before === undefined || after === undefined) return;
  if (before.sessionId !== after.sessionId || before.username !== after.username) {
    const message = 'another session id: this is taken for another session';
    next.addAt(doubtful('origin-session', 'RFC 3264 section 8', message), -1, 'o');
    return;
  }
  const grown = compareNumbers(after.sessionVersion, before.sessionVersion);
  if (grown < 0) {
    const message = `the version went back from ${before.sessionVersion} to ${after.sessionVersion}`;
    next.addAt(wrong('origin-version', 'RFC 3264 section 8', message), -1, 'o');
  } else if (grown === 0 && write(previous) !== write(next.description)) {
    const message = `the description changed and its version stayed ${after.sessionVersion}`;
    next.addAt(wrong('origin-version', 'RFC 3264 section 8', message), -1, 'o');
  }
}

// Versions may have 20 digits: compared by length first, as text.
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

function checkSection(
  subject: LintSubject,
  before: MediaDescription,
  after: MediaDescription,
  index: number,
): void {
  if (before.media !== after.media) {
    const message = `m-section ${index} was ${before.media} and is ${after.media}`;
    subject.add(wrong('m-line-order', 'RFC 3264 section 8', message), index, 0);
    return;
  }
  const mid = attribute(before, 'mid');
  const next = attribute(after, 'mid');
  if (mid !== undefined && next !== mid && isActive(after)) {
    const message = next === undefined ? `mid ${mid} is gone` : `mid ${mid} is now called ${next}`;
    const code = next === undefined ? 'sip-no-mid' : 'sip-mid-renamed';
    subject.addAt(wrong(code, 'RFC 9429 section 5.2.2', message), index, 'mid');
  }
  const known = new Map(codecs(before).map((codec) => [codec.payloadType, codec]));
  for (const codec of codecs(after)) {
    const old = known.get(codec.payloadType);
    if (old === undefined || old.name === '' || codec.name === '') continue;
    if (old.name.toLowerCase() === codec.name.toLowerCase() && old.clockRate === codec.clockRate) continue;
    const message = `payload type ${codec.payloadType} was ${old.name}/${old.clockRate} and is ${codec.name}/${codec.clockRate}`;
    subject.add(wrong('payload-type-remapped', 'RFC 3264 section 8.3.2', message), index, 0);
  }
}

function checkIce(previous: SessionDescription, subject: LintSubject, index: number): void {
  const before = iceCredentials(previous, transportMedia(previous, index) ?? previous.media[index]!);
  const after = iceCredentials(subject.description, subject.transport(index));
  if (before === undefined) return;
  const clause = 'RFC 8839 section 4.4.1.1.1';
  if (after === undefined) {
    const message = 'ICE was in use and the credentials are gone: media dies';
    subject.add(wrong('reinvite-no-ice', 'RFC 8839 section 4.4.1', message), index, 0);
  } else if (before.ufrag !== after.ufrag && before.pwd === after.pwd) {
    subject.addAt(
      wrong('ice-pwd-stale', clause, 'a new ufrag with the old pwd: checks fail with 401'),
      index,
      'ice-pwd',
    );
  } else if (before.ufrag === after.ufrag && before.pwd !== after.pwd) {
    const message = 'another pwd under the same ufrag: neither a restart nor the running session';
    subject.addAt(wrong('ice-ufrag-stale', clause, message), index, 'ice-ufrag');
  }
}

function checkDtls(previous: SessionDescription, subject: LintSubject, index: number): void {
  const { description } = subject;
  const carrier = subject.transport(index);
  const old = transportMedia(previous, index);
  if (old === undefined || !sameAssociation(previous, description, index)) return;
  const before = dtlsRole(previous, old);
  const after = dtlsRole(description, carrier);
  const settled = before === 'active' || before === 'passive';
  if (!settled || after === before || (after !== 'active' && after !== 'passive')) return;
  const message = `this side was ${before} and now says ${after}: the running DTLS association dies`;
  const where = hasAttribute(description.media[index]!, 'setup') ? index : -1;
  subject.addAt(wrong('dtls-role-flip', 'RFC 8842 section 5.5', message), where, 'setup');
}
