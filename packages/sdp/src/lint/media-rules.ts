import { hasAttribute } from '../lenses/attributes.ts';
import { connectionOf, effectiveConnection } from '../lenses/media-line.ts';
import { doubtful, type LintSubject, wrong } from './subject.ts';

/** m= and c= lines: ports, formats, addresses, hold the old way, directions. */
export function checkMediaLines(subject: LintSubject): void {
  const { description } = subject;
  if (description.media.length === 0) {
    subject.add(
      doubtful('no-media', 'RFC 3264 section 5', 'no m= line: there is nothing to negotiate'),
      -1,
      0,
    );
  }
  checkAddressTypes(subject);
  for (const [media, index] of subject.media()) {
    if (media.port > 65535) {
      subject.add(
        wrong('port-range', 'RFC 8866 section 5.14', `port ${media.port} does not exist`),
        index,
        0,
      );
    }
    if (media.formats.length === 0) {
      subject.add(wrong('format-missing', 'RFC 8866 section 9', 'the m= line names no format'), index, 0);
    }
    if (effectiveConnection(description, media) === undefined) {
      const message = 'neither the m-section nor the session has a c= line';
      const statement = media.port === 0 ? doubtful : wrong;
      subject.add(statement('connection-missing', 'RFC 8866 section 5.7', message), index, 0);
    }
    checkHold(subject, index);
    checkDirections(subject, index);
  }
}

function checkAddressTypes(subject: LintSubject): void {
  for (const [section, index] of subject.sections()) {
    section.lines.forEach((line, at) => {
      if (line.kind !== 'c' && line.kind !== 'o') return;
      const { addressType, address } = line.value;
      const colon = address.includes(':');
      if (colon ? addressType !== 'IP4' : addressType !== 'IP6' || !/^[\d.]+(\/\d+)*$/.test(address)) return;
      const message = `${address} is not an ${addressType} address`;
      subject.add(wrong('address-type', 'RFC 8866 section 5.7', message), index, at);
    });
  }
}

// 0.0.0.0 with port 9 and ICE is how trickle ICE says "not yet" (RFC 8840 section 4.1.1), not a hold.
function checkHold(subject: LintSubject, index: number): void {
  const media = subject.description.media[index]!;
  const { session } = subject.description;
  const connection = effectiveConnection(subject.description, media);
  if (connection === undefined || media.port === 0) return;
  if (connection.address !== '0.0.0.0' && connection.address !== '::') return;
  const ice = hasAttribute(subject.transport(index), 'ice-ufrag') || hasAttribute(session, 'ice-ufrag');
  if (ice && media.port === 9) return;
  const message = 'hold by c=0.0.0.0 instead of a direction: a modern side ignores it or restarts ICE';
  const statement = subject.profile === 'webrtc' ? wrong : doubtful;
  const where = connectionOf(media) === undefined ? -1 : index;
  subject.addAt(statement('hold-zero', 'RFC 3264 section 8.4', message), where, 'c');
}

function checkDirections(subject: LintSubject, index: number): void {
  let seen = false;
  subject.section(index).lines.forEach((line, at) => {
    const { kind } = line;
    if (kind !== 'sendrecv' && kind !== 'sendonly' && kind !== 'recvonly' && kind !== 'inactive') return;
    if (seen)
      subject.add(wrong('direction-duplicate', 'RFC 8866 section 6.7', 'a second direction'), index, at);
    seen = true;
  });
}
