/** A program of the system that runs. */
interface RunningProgram {
  /** How it ended, where it did so unasked. */
  readonly ended: string | undefined;
  readonly exited: Promise<unknown>;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A program that is started anew where it ends unasked, as an init system does. */
export interface KeptUp {
  /** Of the one that runs now. */
  readonly pid: number;
  stop(): Promise<void>;
}

const TRIES = 20;
const AGAIN_MS = 250;

/**
 * Starts a program and keeps it up. `start` is given the one that ended, whose place the next one takes; its ports may
 * be free only a moment later, so it is tried some times. Rejects where the first start fails.
 */
export async function keepUp<P extends RunningProgram>(
  label: string,
  start: (ended: P | undefined) => Promise<P>,
): Promise<KeptUp & { readonly first: P }> {
  const first = await start(undefined);
  let running = first;
  let stopping = false;
  const watch = async (): Promise<void> => {
    for (;;) {
      await running.exited;
      if (stopping) return;
      process.stderr.write(`${label} ended (${running.ended ?? 'unasked'}) and is started again\n`);
      const next = await startAgain(running);
      if (next === undefined) return;
      running = next;
      if (stopping) return running.stop();
    }
  };
  const startAgain = async (ended: P): Promise<P | undefined> => {
    let words = '';
    for (let tries = 0; tries < TRIES && !stopping; tries++) {
      try {
        return await start(ended);
      } catch (error) {
        words = error instanceof Error ? error.message : String(error);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
    if (!stopping) process.stderr.write(`${label} does not start again: ${words}\n`);
    return undefined;
  };
  const watching = watch();
  return {
    first,
    get pid() {
      return running.pid;
    },
    async stop() {
      stopping = true;
      await running.stop();
      await watching;
    },
  };
}
