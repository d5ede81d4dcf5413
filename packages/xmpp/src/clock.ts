/** Time as the server sees it, handed in, so that tests need not wait. */
export interface XmppClock {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  after(ms: number, run: () => void): object | number;
  cancel(handle: object | number): void;
}
