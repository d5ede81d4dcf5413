import type { Fingerprint, Setup } from '../attributes/transport-attributes.ts';
import type { MediaDescription, SessionDescription } from '../description.ts';
import { attribute, attributes } from './attributes.ts';

/** Fingerprints that count for an m-section: its own, else the session's (RFC 8122 section 5). */
export function fingerprints(description: SessionDescription, media: MediaDescription): Fingerprint[] {
  const own = attributes(media, 'fingerprint');
  return own.length > 0 ? own : attributes(description.session, 'fingerprint');
}

/** The DTLS role an m-section states: its own a=setup, else the session's (RFC 8842 section 5). */
export function dtlsRole(description: SessionDescription, media: MediaDescription): Setup | undefined {
  return attribute(media, 'setup') ?? attribute(description.session, 'setup');
}

/** Whether two lists of fingerprints name the same certificates, without case and order. */
export function sameFingerprints(a: readonly Fingerprint[], b: readonly Fingerprint[]): boolean {
  const key = (f: Fingerprint) => `${f.hash} ${f.value}`.toLowerCase();
  const left = new Set(a.map(key));
  const right = new Set(b.map(key));
  return left.size === right.size && [...left].every((word) => right.has(word));
}
