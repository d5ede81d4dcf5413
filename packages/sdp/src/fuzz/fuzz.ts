import type { SessionDescription } from '../description.ts';
import { parse } from '../parse.ts';
import { checkLaws, type Outcome } from './check-laws.ts';
import { mutate } from './mutate.ts';
import { pick, type Random } from './random.ts';

export interface FuzzReport {
  readonly inputs: number;
  readonly parsed: number;
  /** How many inputs were refused, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Inputs that broke a law or crashed, with what happened; at most ten are kept. */
  readonly failures: readonly { readonly text: string; readonly error: string }[];
  readonly failed: number;
  /** Milliseconds and length of the slowest input, all laws together. */
  readonly slowest: { readonly milliseconds: number; readonly length: number };
}

/** Throws when a law is broken on the text. */
export type LawCheck = (text: string, reference: SessionDescription) => Outcome;

/**
 * Checks the laws on `inputs` damaged descriptions. `now` is a clock in milliseconds. `check` is another check of laws,
 * for proving that a broken one is seen.
 */
export function fuzz(
  inputs: number,
  corpus: readonly string[],
  random: Random,
  now: () => number,
  check: LawCheck = checkLaws,
): FuzzReport {
  const references: SessionDescription[] = corpus.map((text) => parse(text));
  const refused: Record<string, number> = {};
  const failures: { text: string; error: string }[] = [];
  let parsed = 0;
  let failed = 0;
  let slowest = { milliseconds: 0, length: 0 };
  for (let input = 0; input < inputs; input++) {
    const text = mutate(random, corpus);
    const reference = pick(random, references);
    const start = now();
    try {
      const outcome = check(text, reference);
      if (outcome === 'parsed') parsed++;
      else refused[outcome] = (refused[outcome] ?? 0) + 1;
    } catch (error) {
      failed++;
      if (failures.length < 10)
        failures.push({ text, error: error instanceof Error ? String(error.stack) : String(error) });
    }
    const milliseconds = now() - start;
    if (milliseconds <= slowest.milliseconds) continue;
    // Measured again: what was slow once may have been the machine's other work.
    const again = timeOf(() => check(text, reference), now);
    const least = Math.min(milliseconds, again);
    if (least > slowest.milliseconds) slowest = { milliseconds: least, length: text.length };
  }
  return { inputs, parsed, refused, failures, failed, slowest };
}

function timeOf(work: () => unknown, now: () => number): number {
  const start = now();
  try {
    work();
  } catch {
    // Counted above; here only the time matters.
  }
  return now() - start;
}
