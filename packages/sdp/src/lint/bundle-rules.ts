import { attribute, hasAttribute } from '../lenses/attributes.ts';
import { bundleGroups, mediaIndexOf } from '../lenses/bundle.ts';
import { codecs, isSameCodec } from '../lenses/codecs.ts';
import { doubtful, isActive, type LintSubject, wrong } from './subject.ts';

/** Mids and BUNDLE groups (RFC 9143). */
export function checkBundle(subject: LintSubject): void {
  const { description } = subject;
  const seen = new Set<string>();
  for (const [media, index] of subject.media()) {
    const mid = attribute(media, 'mid');
    if (mid === undefined) {
      if (subject.profile !== 'webrtc') continue;
      subject.add(doubtful('sip-no-mid', 'RFC 9429 section 5.2.1', 'the m-section has no a=mid'), index, 0);
      continue;
    }
    if (seen.has(mid)) {
      subject.addAt(wrong('mid-duplicate', 'RFC 5888 section 4', `mid ${mid} is used twice`), index, 'mid');
    }
    seen.add(mid);
  }
  const groups = bundleGroups(description);
  const grouped = new Set(groups.flat());
  for (const mids of groups) checkGroup(subject, mids);
  checkUngrouped(subject, grouped);
}

function checkGroup(subject: LintSubject, mids: readonly string[]): void {
  for (const mid of mids) {
    const index = mediaIndexOf(subject.description, mid);
    if (index < 0) {
      const message = `the BUNDLE group names mid ${mid}, which no m-section has`;
      subject.addAt(wrong('group-mid-unknown', 'RFC 9143 section 5', message), -1, 'group');
    } else if (!isActive(subject.description.media[index]!)) {
      const message = `the BUNDLE group holds the rejected m-section ${mid}`;
      subject.addAt(wrong('bundle-rejected', 'RFC 9143 section 7.3.3', message), -1, 'group');
    }
  }
  if (new Set(mids).size !== mids.length) {
    const message = 'the BUNDLE group names a mid twice';
    subject.addAt(wrong('group-mid-duplicate', 'RFC 9143 section 5', message), -1, 'group');
  }
  checkSharedTypes(subject, mids);
}

function checkSharedTypes(subject: LintSubject, mids: readonly string[]): void {
  const byType = new Map<number, ReturnType<typeof codecs>[number]>();
  for (const mid of new Set(mids)) {
    const index = mediaIndexOf(subject.description, mid);
    if (index < 0) continue;
    for (const codec of codecs(subject.description.media[index]!)) {
      const other = byType.get(codec.payloadType);
      if (other === undefined) byType.set(codec.payloadType, codec);
      else if (!isSameCodec(codec, other)) {
        const message = `payload type ${codec.payloadType} means ${codec.name} here and ${other.name} in another bundled m-section`;
        subject.add(wrong('bundle-payload-type', 'RFC 9143 section 9.1.1', message), index, 0);
      }
    }
  }
}

function checkUngrouped(subject: LintSubject, grouped: ReadonlySet<string>): void {
  const active = subject.activeMedia();
  for (const [media, index] of subject.media()) {
    const mid = attribute(media, 'mid');
    const bundled = mid !== undefined && grouped.has(mid);
    if (bundled) {
      if (media.port !== 0 && hasAttribute(media, 'bundle-only')) {
        const message = 'bundle-only says nothing beside a port';
        subject.addAt(doubtful('bundle-only-port', 'RFC 9143 section 6', message), index, 'bundle-only');
      }
      continue;
    }
    if (hasAttribute(media, 'bundle-only')) {
      const message = 'bundle-only outside every BUNDLE group: the m-section has no transport';
      subject.addAt(wrong('sip-group-stripped', 'RFC 9143 section 6', message), index, 'bundle-only');
    } else if (mid !== undefined && index > 0 && active.length > 1 && lacksTransport(subject, index)) {
      const message = `mid ${mid} is in no BUNDLE group and its m-section has no transport of its own`;
      subject.addAt(wrong('sip-group-stripped', 'RFC 9143 section 7', message), index, 'mid');
    }
  }
}

// Without a group each m-section needs its own 5-tuple: port 9 and no candidate beside a section that has some.
function lacksTransport(subject: LintSubject, index: number): boolean {
  const media = subject.description.media[index]!;
  if (!isActive(media)) return false;
  const { session } = subject.description;
  const dtls = media.protocol.includes('TLS');
  if (dtls && !hasAttribute(media, 'fingerprint') && !hasAttribute(session, 'fingerprint')) return true;
  const first = subject.description.media[0]!;
  if (!hasAttribute(first, 'candidate') || hasAttribute(media, 'candidate')) return false;
  return media.port === 9 || media.port === first.port;
}
