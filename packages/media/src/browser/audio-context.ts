import { ProbeError } from './probe-error.ts';
import { startTicker } from './ticker.ts';

let shared: AudioContext | undefined;

/** The page's one AudioContext: browsers allow only a few, and each costs a thread. */
export function sharedAudioContext(): AudioContext {
  if (!shared || shared.state === 'closed') shared = new AudioContext();
  return shared;
}

/**
 * Resumes a context and waits until its time moves.
 * @throws ProbeError `context-suspended` when the browser wants a gesture first, `context-stalled` when it says that
 * it runs and its time stands still.
 */
export async function runAudioContext(context: AudioContext, withinMs = 3000): Promise<void> {
  // Without a gesture the promise stays open, so it is not waited for.
  context.resume().catch(() => undefined);
  const before = context.currentTime;
  await new Promise<void>((resolve, reject) => {
    const startedAt = performance.now();
    const stop = startTicker(10, () => {
      const moving = context.state === 'running' && context.currentTime > before;
      if (!moving && performance.now() - startedAt < withinMs) return;
      stop();
      if (moving) resolve();
      else if (context.state === 'running') {
        reject(new ProbeError('context-stalled', 'the audio context runs and its time stands still'));
      } else {
        reject(
          new ProbeError('context-suspended', `the audio context is ${context.state}: a gesture is needed`),
        );
      }
    });
  });
}
