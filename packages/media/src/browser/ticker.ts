const WORKER = `onmessage = ({ data }) => setInterval(() => postMessage(0), data);`;

/**
 * Calls back every `intervalMs` until the returned function is called, also in a page behind another: pages have
 * their timers throttled to one a second there, workers do not. Without workers (a strict content security policy)
 * it falls back to the page's own timer.
 */
export function startTicker(intervalMs: number, onTick: () => void): () => void {
  const url = URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' }));
  let stopTimer: (() => void) | undefined;
  let stopped = false;
  const usePageTimer = () => {
    if (stopped || stopTimer) return;
    const timer = setInterval(onTick, intervalMs);
    stopTimer = () => clearInterval(timer);
  };
  let worker: Worker | undefined;
  try {
    worker = new Worker(url);
    worker.onmessage = onTick;
    worker.onerror = usePageTimer;
    worker.postMessage(intervalMs);
  } catch {
    usePageTimer();
  }
  return () => {
    stopped = true;
    worker?.terminate();
    stopTimer?.();
    URL.revokeObjectURL(url);
  };
}
