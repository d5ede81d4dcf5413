import type { Socket } from 'node:net';
import { type PeerCertificate, TLSSocket } from 'node:tls';

const NO_NAMES: readonly string[] = [];

/**
 * The domains for which the far side of a TLS connection is certified (RFC 5922 section 7.1), in lower case: of a
 * certificate that was verified, and none else. The subject counts only where there is no alternative name.
 */
export function certifiedNames(socket: Socket): readonly string[] {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return NO_NAMES;
  const { subject, subjectaltname } = socket.getPeerCertificate() as Partial<PeerCertificate>;
  const alternatives = (subjectaltname ?? '')
    .split(',')
    .map((each) => /^\s*(?:DNS:|URI:sips?:)([A-Za-z0-9.-]+)$/.exec(each)?.[1]?.toLowerCase())
    .filter((name) => name !== undefined);
  if (alternatives.length > 0) return alternatives;
  return typeof subject?.CN === 'string' ? [subject.CN.toLowerCase()] : NO_NAMES;
}
