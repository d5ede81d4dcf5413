import type { SessionDescription } from '../description.ts';
import { checkBundle } from './bundle-rules.ts';
import { checkCodecs } from './codec-rules.ts';
import { checkDtls } from './dtls-rules.ts';
import type { Finding, Profile } from './finding.ts';
import { checkIce } from './ice-rules.ts';
import { checkMediaLines } from './media-rules.ts';
import { checkStreams } from './stream-rules.ts';
import { checkStructure } from './structure-rules.ts';
import { LintSubject } from './subject.ts';

export interface LintOptions {
  /** Who is to understand the description; `any` unless told. */
  readonly profile?: Profile;
  /** False: the receiver cannot take candidates later, so that they must be in here. True unless told. */
  readonly receiverTrickles?: boolean;
}

/** What is wrong with one description on its own, in the order of its lines. */
export function lint(description: SessionDescription, options: LintOptions = {}): Finding[] {
  const subject = new LintSubject(description, options.profile ?? 'any');
  checkStructure(subject);
  checkMediaLines(subject);
  checkCodecs(subject);
  checkStreams(subject);
  checkBundle(subject);
  checkDtls(subject);
  checkIce(subject, options.receiverTrickles ?? true);
  return inLineOrder(subject.findings);
}

/** Findings by line and column, otherwise in the order they were made. */
export function inLineOrder(findings: readonly Finding[]): Finding[] {
  return findings.slice().sort((a, b) => a.line - b.line || a.column - b.column);
}
