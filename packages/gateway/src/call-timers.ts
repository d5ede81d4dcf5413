/** Where a call gets its clock from: `setTimeout` and `clearTimeout` in a server, a hand-wound one in a test. */
export interface CallTimers<Handle = unknown> {
  /** Calls `fire` once after `ms` milliseconds. */
  start(ms: number, fire: () => void): Handle;
  stop(handle: Handle): void;
}
