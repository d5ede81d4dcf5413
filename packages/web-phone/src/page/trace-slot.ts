/**
 * A browser gives all tabs of a server six HTTP connections together, and each open stream keeps one. Over HTTP a tab
 * signals by such a stream already; so only a few tabs at a time may also read the trace, or no tab could send.
 */
const SLOTS = { ws: 4, http: 2 };

/** Holds one of the browser's slots while `work` runs; waits for one where all are taken. */
export async function holdTraceSlot(
  transport: 'ws' | 'http',
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  // Without a secure context there are no locks; then there is no camera either.
  if (navigator.locks === undefined) return work();
  for (let slot = 0; slot < SLOTS[transport]; slot++) {
    const done = await navigator.locks.request(name(slot), { ifAvailable: true }, async (lock) => {
      if (lock === null) return false;
      await work();
      return true;
    });
    if (done) return;
  }
  await navigator.locks.request(name(0), { signal }, work);
}

function name(slot: number): string {
  return `crosspoint-trace-${slot}`;
}
