import { IncomingJingleLeg } from '../leg/incoming-leg.ts';
import { JingleEndpoint } from '../leg/jingle-endpoint.ts';
import type { XmlElement } from '../xml/element.ts';
import { checkLaws } from './check-laws.ts';
import { mutateStanza } from './mutate-stanza.ts';
import type { Random } from './random.ts';

export interface StanzaFuzzReport {
  readonly inputs: number;
  /** By outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failed: number;
  /** Inputs that broke a law or crashed; at most ten are kept. */
  readonly failures: readonly { readonly text: string; readonly error: string }[];
  /** Milliseconds and length of the slowest input, all laws together. */
  readonly slowest: { readonly milliseconds: number; readonly length: number };
}

/** An endpoint lives as long as this many inputs: long enough that their sessions meet, and that a leak would show. */
const ENDPOINT_INPUTS = 500;

/** An endpoint whose legs answer what they are offered with what they were offered. */
function openEndpoint() {
  let ids = 0;
  const timers = new Set<object>();
  const endpoint = new JingleEndpoint({
    send: () => {},
    clock: {
      after: (_ms, run) => {
        const timer = { run };
        timers.add(timer);
        return timer;
      },
      cancel: (timer) => timers.delete(timer as object),
    },
    newId: () => `id${ids++}`,
    onProposal: (proposal) => proposal.take(),
    onCall: (call, stanza) => {
      const leg = new IncomingJingleLeg(call, stanza, { endpoint, requireDtls: false });
      leg.attach((signal) => {
        if (signal.type !== 'offer') return;
        leg.send({ type: 'answer', description: signal.description });
        leg.send({ type: 'accepted' });
      });
    },
  });
  return endpoint;
}

/**
 * Checks the laws on damaged stanzas. `now` is a clock in milliseconds; `check` another check, for proving that a broken law is
 * seen.
 */
export function fuzzStanzas(
  inputs: number,
  corpus: readonly string[],
  random: Random,
  now: () => number,
  check: (text: string, receive: (stanza: XmlElement) => void) => string = checkLaws,
): StanzaFuzzReport {
  const outcomes: Record<string, number> = {};
  const failures: { text: string; error: string }[] = [];
  let failed = 0;
  let slowest = { milliseconds: 0, length: 0 };
  let endpoint = openEndpoint();
  const fail = (text: string, error: unknown): void => {
    failed++;
    if (failures.length < 10)
      failures.push({ text, error: error instanceof Error ? String(error.stack) : String(error) });
  };
  for (let input = 0; input < inputs; input++) {
    if (input % ENDPOINT_INPUTS === 0) {
      endpoint.close({ condition: 'gone', details: [] });
      const { calls, asked, initiations } = endpoint.counts;
      if (calls + asked + initiations > 0) fail('', new Error('an endpoint that is closed holds sessions'));
      endpoint = openEndpoint();
    }
    const text = mutateStanza(random, corpus);
    const start = now();
    try {
      const outcome = check(text, (stanza) => endpoint.receive(stanza));
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    } catch (error) {
      fail(text, error);
    }
    const milliseconds = now() - start;
    if (milliseconds <= slowest.milliseconds) continue;
    // Measured again: what was slow once may have been the machine's other work.
    const again = timeOf(() => check(text, () => {}), now);
    const least = Math.min(milliseconds, again);
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
