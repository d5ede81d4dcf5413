import { bytesText } from './head-text.ts';
import { checkMessageLaws } from './message-laws.ts';
import { mutateMessage, type Random } from './mutate-message.ts';

export interface MessageFuzzReport {
  readonly inputs: number;
  /** By outcome: `parsed`, `malformed`, or the code of the refusal. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failed: number;
  /** Inputs that broke a law or crashed, one character per byte; at most ten are kept. */
  readonly failures: readonly { readonly text: string; readonly error: string }[];
  /** Milliseconds and bytes of the slowest input, all laws together. */
  readonly slowest: { readonly milliseconds: number; readonly length: number };
}

/**
 * Checks the laws on damaged messages. `now` is a clock in milliseconds; `check` another check, for proving that a
 * broken law is seen.
 */
export function fuzzMessages(
  inputs: number,
  corpus: readonly Uint8Array[],
  random: Random,
  now: () => number,
  check: (bytes: Uint8Array, random: Random) => string = checkMessageLaws,
): MessageFuzzReport {
  const texts = corpus.map(bytesText);
  const outcomes: Record<string, number> = {};
  const failures: { text: string; error: string }[] = [];
  let failed = 0;
  let slowest = { milliseconds: 0, length: 0 };
  for (let input = 0; input < inputs; input++) {
    const text = mutateMessage(random, texts);
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    const start = now();
    try {
      const outcome = check(bytes, random);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    } catch (error) {
      failed++;
      const what = error instanceof Error ? String(error.stack) : String(error);
      if (failures.length < 10) failures.push({ text, error: what });
    }
    const milliseconds = now() - start;
    if (milliseconds <= slowest.milliseconds) continue;
    // Measured again: what was slow once may have been the machine's other work.
    const least = Math.min(
      milliseconds,
      timeOf(() => check(bytes, random), now),
    );
    if (least > slowest.milliseconds) slowest = { milliseconds: least, length: text.length };
  }
  return { inputs, outcomes, failed, failures, slowest };
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
