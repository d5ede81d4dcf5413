/** What a running timer is known by. */
export type ClockHandle = object | number;

/** Time as the endpoint sees it, so that tests run 32 seconds in none. */
export interface SipClock {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  after(ms: number, run: () => void): ClockHandle;
  cancel(handle: ClockHandle): void;
}

/** The clock of the machine. Whoever starts timers by it cancels them when it closes: they keep a process alive. */
export const systemClock: SipClock = {
  now: () => performance.now(),
  after: (ms, run) => setTimeout(run, ms),
  cancel: (handle) => clearTimeout(handle as NodeJS.Timeout),
};
