import { detectPattern } from '@crosspoint/media';
import type { Arguments } from '../../embedded/command-arguments.ts';
import { EmbeddedJingle } from '../embedded-jingle.ts';

const EVENT_MS = 10_000;

export interface Told {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** One client of this process, and what it said. */
export class ClientInProcess {
  readonly events: Told[] = [];
  readonly #client: EmbeddedJingle;
  /** Who waits for the next event. */
  #waiting: (() => void)[] = [];

  constructor() {
    const tell = (event: string, more = {}): void => {
      this.events.push({ event, ...more });
      for (const wake of this.#waiting.splice(0)) wake();
    };
    this.#client = new EmbeddedJingle(tell, Math.random, () => {});
  }

  run(command: string, args: Arguments = {}): Promise<Record<string, unknown>> {
    return this.#client.run(command, args) as Promise<Record<string, unknown>>;
  }

  /** The first event of this name with these fields among those from index `since` on, past or future. */
  async wait(event: string, fields: Record<string, unknown> = {}, since = 0): Promise<Told> {
    const deadline = performance.now() + EVENT_MS;
    for (;;) {
      const found = this.events
        .slice(since)
        .find(
          (told) =>
            told.event === event && Object.entries(fields).every(([name, value]) => told[name] === value),
        );
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`no ${event} among ${JSON.stringify(this.events.slice(since))}`);
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        timer = setTimeout(resolve, left);
      });
      clearTimeout(timer);
    }
  }

  /** Why the call ended. */
  async ended(since = 0): Promise<string | undefined> {
    const { reason } = await this.wait('ended', {}, since);
    return (reason as { code?: string } | undefined)?.code;
  }

  /** Which patterns it hears. */
  async hears(): Promise<number[]> {
    const heard = await this.run('hear', { ms: 1000 });
    const bytes = Buffer.from(String(heard.pcm), 'base64');
    const pcm = Int16Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(2 * at));
    const found = detectPattern(pcm, 8000, { startWallClockMs: Number(heard.startedAt) });
    return found.heard.map(({ id }) => id);
  }
}
