import type { SessionDescription } from '../description.ts';
import type { Finding } from '../lint/finding.ts';
import { lint } from '../lint/lint.ts';
import { checkAnswer } from './check-answer.ts';
import type { Negotiated } from './role-flip.ts';

function sentence(finding: Finding): string {
  const place =
    finding.line === 0
      ? ''
      : `line ${finding.line}${finding.column > 1 ? `, column ${finding.column}` : ''}: `;
  const section = finding.mediaIndex === undefined ? '' : ` [m-section ${finding.mediaIndex}]`;
  return `${finding.severity}: ${place}${finding.message}${section}\n    ${finding.code}, ${finding.clause}`;
}

function listed(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'nothing to find fault with';
  return findings.map(sentence).join('\n');
}

function isPair(subject: readonly Finding[] | Negotiated): subject is Negotiated {
  return 'offer' in subject;
}

function part(title: string, findings: readonly Finding[]): string {
  return `${title}: ${listed(findings)}`.replaceAll('\n', '\n  ');
}

function ownFindings(description: SessionDescription): Finding[] {
  return lint(description, { profile: 'any' });
}

/** Findings in words for a person; an offer and its answer are judged alone and together first. */
export function explain(subject: readonly Finding[] | Negotiated): string {
  if (!isPair(subject)) return listed(subject);
  const { offer, answer } = subject;
  return [
    part('offer', ownFindings(offer)),
    part('answer', ownFindings(answer)),
    part('answer to this offer', checkAnswer(offer, answer)),
  ].join('\n');
}
