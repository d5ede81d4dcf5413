import { appendFileSync } from 'node:fs';
import type { Tap } from '@crosspoint/signaling';

/** A tap that writes each entry as a line of JSON at once, so that a killed server leaves whole evidence. */
export function traceFile(path: string): Tap {
  return (entry) => appendFileSync(path, `${JSON.stringify(entry)}\n`);
}
