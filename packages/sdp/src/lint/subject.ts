import type { MediaDescription, Section, SessionDescription } from '../description.ts';
import { transportMedia } from '../lenses/bundle.ts';
import type { Line } from '../line.ts';
import type { Finding, Profile, Severity } from './finding.ts';

/** What a rule says of a place: everything of a finding but the place. */
export interface Statement {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly clause: string;
}

/** A description under judgement: knows the line number of everything in it and collects findings. */
export class LintSubject {
  readonly description: SessionDescription;
  readonly profile: Profile;
  readonly findings: Finding[] = [];
  readonly #firstLines: readonly number[];

  constructor(description: SessionDescription, profile: Profile) {
    this.description = description;
    this.profile = profile;
    const firstLines = [1 + description.session.lines.length];
    for (const media of description.media) firstLines.push(firstLines.at(-1)! + media.lines.length);
    this.#firstLines = firstLines;
  }

  /** Session part (-1) or m-section. */
  section(index: number): Section {
    return index < 0 ? this.description.session : this.description.media[index]!;
  }

  /** Every section with its index, the session part as -1. */
  sections(): (readonly [Section, number])[] {
    return [[this.description.session, -1], ...this.media()];
  }

  media(): (readonly [MediaDescription, number])[] {
    return this.description.media.map((media, index) => [media, index] as const);
  }

  /** The m-sections in use: not rejected, and bundle-only ones although their port is 0. */
  activeMedia(): (readonly [MediaDescription, number])[] {
    return this.media().filter(([media]) => isActive(media));
  }

  /** The m-section that carries the transport of m-section `index`. */
  transport(index: number): MediaDescription {
    return transportMedia(this.description, index) ?? this.description.media[index]!;
  }

  /** Records a finding at line number `at` of section `index`, at a column from 1. */
  add(statement: Statement, index: number, at: number, column = 1): void {
    const first = index < 0 ? 1 : this.#firstLines[index]!;
    const { code, severity, message, clause } = statement;
    const place = { code, severity, message, clause, line: first + at, column };
    this.findings.push(index < 0 ? place : { ...place, mediaIndex: index });
  }

  /** Records a finding at the first line of a kind in section `index`, or at the section's first line. */
  addAt(statement: Statement, index: number, kind: Line['kind']): void {
    const at = this.section(index).lines.findIndex((line) => line.kind === kind);
    this.add(statement, index, Math.max(at, 0));
  }
}

/** Whether an m-section is in use: a port, or bundle-only (RFC 9143 section 6). */
export function isActive(media: MediaDescription): boolean {
  return media.port !== 0 || media.lines.some((line) => line.kind === 'bundle-only');
}

/** A statement of severity error. */
export function wrong(code: string, clause: string, message: string): Statement {
  return { code, severity: 'error', clause, message };
}

/** A statement of severity warning. */
export function doubtful(code: string, clause: string, message: string): Statement {
  return { code, severity: 'warning', clause, message };
}
