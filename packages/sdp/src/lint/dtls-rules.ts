import type { MediaDescription } from '../description.ts';
import { hasAttribute } from '../lenses/attributes.ts';
import { isRtp } from '../lenses/codecs.ts';
import { dtlsRole, fingerprints } from '../lenses/dtls.ts';
import { doubtful, type LintSubject, wrong } from './subject.ts';

const HASH_BYTES: Readonly<Record<string, number>> = {
  md2: 16,
  md5: 16,
  'sha-1': 20,
  'sha-224': 28,
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
};

/** Whether the m-section's media is keyed by DTLS. */
export function usesDtls(media: MediaDescription): boolean {
  return media.protocol.includes('TLS');
}

/** Fingerprint, role and keying (RFC 8122, 8842, 8827, 4568). */
export function checkDtls(subject: LintSubject): void {
  const { description, profile } = subject;
  for (const [section, index] of subject.sections()) {
    section.lines.forEach((line, at) => {
      if (line.kind === 'fingerprint')
        checkFingerprint(subject, line.value.hash, line.value.value, index, at);
    });
  }
  for (const [media, index] of subject.activeMedia()) {
    if (!usesDtls(media)) {
      checkClear(subject, media, index);
      continue;
    }
    const carrier = subject.transport(index);
    const known = [...fingerprints(description, media), ...fingerprints(description, carrier)];
    if (known.length === 0) {
      const message = `${media.protocol} without a fingerprint: nothing tells whose certificate to accept`;
      subject.add(wrong('dtls-missing', 'RFC 8122 section 5', message), index, 0);
      continue;
    }
    // Browsers read both levels; it is gateways that may not.
    const levels = hasAttribute(media, 'fingerprint') || hasAttribute(carrier, 'fingerprint');
    if (profile === 'sip' && !levels) {
      const message =
        'the fingerprint stands at session level only: a side that reads the m-section alone fails';
      subject.add(doubtful('dtls-fingerprint-session', 'RFC 8122 section 5', message), index, 0);
    }
    if ((dtlsRole(description, media) ?? dtlsRole(description, carrier)) === undefined) {
      const statement = profile === 'webrtc' ? wrong : doubtful;
      subject.add(
        statement('dtls-setup-missing', 'RFC 8842 section 5.2', 'no a=setup beside the fingerprint'),
        index,
        0,
      );
    }
  }
}

function checkClear(subject: LintSubject, media: MediaDescription, index: number): void {
  if (subject.profile !== 'webrtc' || !isRtp(media)) return;
  const sdes = hasAttribute(media, 'crypto');
  const message = sdes
    ? `${media.protocol} keyed by a=crypto: a browser accepts DTLS-SRTP only`
    : `${media.protocol} offers media without DTLS: a browser rejects it`;
  subject.add(wrong('dtls-missing', 'RFC 8827 section 6.5', message), index, 0);
}

function checkFingerprint(
  subject: LintSubject,
  hash: string,
  value: string,
  index: number,
  at: number,
): void {
  const name = hash.toLowerCase();
  const bytes = HASH_BYTES[name];
  const clause = 'RFC 8122 section 5';
  if (bytes === undefined) {
    subject.add(doubtful('fingerprint-hash', clause, `unknown hash function ${hash}`), index, at);
  } else if (!isHexPairs(value, bytes)) {
    const message = `a ${hash} fingerprint is ${bytes} hex pairs joined by colons`;
    subject.add(wrong('fingerprint-malformed', clause, message), index, at);
  } else if (name === 'md2' || name === 'md5') {
    subject.add(wrong('fingerprint-hash', clause, `${hash} must not be used`), index, at);
  }
}

function isHexPairs(value: string, bytes: number): boolean {
  if (value.length !== bytes * 3 - 1) return false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    const hex = (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
    if (at % 3 === 2 ? code !== 58 : !hex) return false;
  }
  return true;
}
