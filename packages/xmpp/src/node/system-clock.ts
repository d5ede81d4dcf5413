import type { XmppClock } from '../clock.ts';

/** The clock of the machine. Its timers do not keep the process alive: open sockets do. */
export const systemClock: XmppClock = {
  now: () => performance.now(),
  after: (ms, run) => setTimeout(run, ms).unref(),
  cancel: (handle) => clearTimeout(handle as NodeJS.Timeout),
};
