/** Time as the endpoint sees it: handed in, so that tests let it pass. */
export interface JingleClock {
  after(ms: number, run: () => void): unknown;
  cancel(handle: unknown): void;
}
