import type { JingleClock } from '../leg/clock.ts';

/** This process's own clock. */
export const systemClock: JingleClock = {
  after: (ms, run) => setTimeout(run, ms),
  cancel: (handle) => clearTimeout(handle as NodeJS.Timeout),
};
