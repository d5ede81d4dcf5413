import type { Joins } from '@crosspoint/peers';
import type { Evidence, Side } from '../evidence.ts';

/** What a check makes of its evidence. `unsupported` and `broken` are decided elsewhere: before it, and above it. */
export interface Judged {
  readonly passed: boolean;
  readonly reason: string;
  readonly measured: Readonly<Record<string, number | string | boolean>>;
}

/** One feature, tested in one cell, as a pure function of the evidence of one call. */
export interface Check {
  readonly id: string;
  /** One sentence. */
  readonly title: string;
  /** The scenario whose evidence it is judged from. */
  readonly scenario: string;
  /** The rule it rests on. */
  readonly clause: string;
  /** Capabilities that each side must declare; without one the verdict is `unsupported`. */
  readonly needs: {
    readonly caller: readonly string[];
    readonly callee: readonly string[];
    /** Of the side that is a phone, whoever calls. */
    readonly phone?: readonly string[];
    /** Of the side that joins the web server, whoever calls. */
    readonly web?: readonly string[];
  };
  judge(evidence: Evidence): Judged;
}

/** What a check needs of one side, which joins as it does. */
export function neededOf(check: Check, side: Side, joins: Joins): readonly string[] {
  return [...check.needs[side], ...((joins === 'web' ? check.needs.web : check.needs.phone) ?? [])];
}

export function passed(reason: string, measured: Judged['measured'] = {}): Judged {
  return { passed: true, reason, measured };
}

export function failed(reason: string, measured: Judged['measured'] = {}): Judged {
  return { passed: false, reason, measured };
}

/** Capabilities needed on both sides. */
export function both(...capabilities: string[]): Check['needs'] {
  return { caller: ['call', ...capabilities], callee: ['answer', ...capabilities] };
}
