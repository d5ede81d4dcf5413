/** What a running timer is known by. */
export type ClockHandle = object | number;

/** Time as the endpoint sees it, so that tests run 32 seconds in none. */
export interface SipClock {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  after(ms: number, run: () => void): ClockHandle;
  cancel(handle: ClockHandle): void;
}

/** The clock of the machine. Its timers do not keep the process alive: open sockets do. */
export const systemClock: SipClock = {
  now: () => performance.now(),
  after: (ms, run) => setTimeout(run, ms).unref(),
  cancel: (handle) => clearTimeout(handle as NodeJS.Timeout),
};
