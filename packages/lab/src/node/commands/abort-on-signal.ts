/** Ctrl-C, or being told to end: the signal that this gives is aborted, and `stopped` called, once. */
export function abortOnSignal(stopped: () => void): AbortSignal {
  const abort = new AbortController();
  const stop = (): void => {
    if (abort.signal.aborted) return;
    abort.abort();
    stopped();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return abort.signal;
}
