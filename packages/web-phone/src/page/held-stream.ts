import { holdTraceSlot } from './trace-slot.ts';

/** How long to wait before a broken stream is opened again, in milliseconds. */
const AGAIN_MS = 2000;

export interface HeldStreamOptions {
  /** Where the server sends its events. */
  readonly path: string;
  /** How the page signals: over HTTP its streams share the browser's few connections. */
  readonly transport: () => 'ws' | 'http';
  /** Who the page is; undefined while that is not known. */
  readonly authorization: () => string | undefined;
  readonly opened?: () => void;
  /** The data of one event. */
  readonly event: (data: string) => void;
}

/** A stream of events (HTML section 9.2) that is held open while it is wanted, and opened again where it breaks. */
export class HeldStream {
  readonly #options: HeldStreamOptions;
  #wanted = false;
  #abort: AbortController | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HeldStreamOptions) {
    this.#options = options;
  }

  want(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) this.#open();
    else this.#close();
  }

  /** Begins anew, as somebody else. */
  reopen(): void {
    this.#close();
    this.#open();
  }

  #open(): void {
    const authorization = this.#options.authorization();
    if (!this.#wanted || authorization === undefined || this.#abort !== undefined) return;
    clearTimeout(this.#again);
    const abort = new AbortController();
    this.#abort = abort;
    holdTraceSlot(this.#options.transport(), abort.signal, () => this.#read(authorization, abort.signal))
      // A stream that breaks is opened again below; the call does not depend on it.
      .catch(() => {})
      .finally(() => {
        if (this.#abort !== abort) return;
        this.#abort = undefined;
        this.#again = setTimeout(() => this.#open(), AGAIN_MS);
      });
  }

  #close(): void {
    clearTimeout(this.#again);
    this.#abort?.abort();
    this.#abort = undefined;
  }

  async #read(authorization: string, signal: AbortSignal): Promise<void> {
    const { path, opened, event } = this.#options;
    const headers = { authorization, accept: 'text/event-stream' };
    const response = await fetch(path, { headers, cache: 'no-store', signal });
    if (!response.ok || response.body === null) return;
    opened?.();
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const events = rest.split('\n\n');
      rest = events.pop() ?? '';
      for (const each of events) if (each.startsWith('data: ')) event(each.slice(6));
    }
  }
}
