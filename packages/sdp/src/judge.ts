import type { SessionDescription } from './description.ts';
import { DEFAULT_LIMITS, type SdpLimits } from './limits.ts';
import { type Finding, findingFromError } from './lint/finding.ts';
import { type LintOptions, lint } from './lint/lint.ts';
import { parse } from './parse.ts';
import { SdpError } from './sdp-error.ts';
import { write } from './write.ts';

export interface Judgement {
  /** Whether the text could be read. */
  readonly parsed: boolean;
  /** Whether writing what was read gives the text back, byte for byte. */
  readonly roundTrip: boolean;
  readonly findings: readonly Finding[];
}

/** Text as SDP: read, or the reason why not as a finding. Never throws for bad SDP. */
export function parseOrFinding(
  text: string,
  limits: SdpLimits = DEFAULT_LIMITS,
): { readonly description: SessionDescription } | { readonly finding: Finding } {
  try {
    return { description: parse(text, limits) };
  } catch (error) {
    if (error instanceof SdpError) return { finding: findingFromError(error) };
    throw error;
  }
}

/** All there is to say about a text: can it be read, does it survive, what is wrong with it. Never throws for bad SDP. */
export function judge(text: string, options: LintOptions & { readonly limits?: SdpLimits } = {}): Judgement {
  const read = parseOrFinding(text, options.limits);
  if ('finding' in read) return { parsed: false, roundTrip: false, findings: [read.finding] };
  const { description } = read;
  return { parsed: true, roundTrip: write(description) === text, findings: lint(description, options) };
}
