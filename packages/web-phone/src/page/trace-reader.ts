import type { TraceEntry } from '@crosspoint/signaling';
import type { PageTrace, PageTraceEvents } from './page-signaling.ts';
import { holdTraceSlot } from './trace-slot.ts';

/** How long to wait before a broken stream is opened again. */
const AGAIN_MS = 2000;

/** Reads the server's trace (`GET /trace`) while it is wanted, with the identity that the page's session got. */
export class TraceReader implements PageTrace {
  readonly #events: PageTraceEvents;
  readonly #transport: () => 'ws' | 'http';
  #authorization = '';
  #wanted = false;
  #abort: AbortController | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(transport: () => 'ws' | 'http', events: PageTraceEvents) {
    this.#transport = transport;
    this.#events = events;
  }

  /** Watches the signaling for the session's identity: `welcome` carries it. */
  watch(direction: 'in' | 'out', text: string): void {
    if (direction !== 'in' || !text.startsWith('{"type":"welcome"')) return;
    const { session, secret } = JSON.parse(text) as { session: string; secret: string };
    const authorization = `Bearer ${session}.${secret}`;
    if (authorization === this.#authorization) return;
    this.#authorization = authorization;
    this.#close();
    this.#open();
  }

  /** Whether the trace is wanted now: not in a page that nobody looks at. */
  want(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) this.#open();
    else this.#close();
  }

  #open(): void {
    if (!this.#wanted || this.#authorization === '' || this.#abort !== undefined) return;
    clearTimeout(this.#again);
    const abort = new AbortController();
    this.#abort = abort;
    holdTraceSlot(this.#transport(), abort.signal, () => this.#read(abort.signal))
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

  async #read(signal: AbortSignal): Promise<void> {
    const headers = { authorization: this.#authorization, accept: 'text/event-stream' };
    const response = await fetch('/trace', { headers, cache: 'no-store', signal });
    if (!response.ok || response.body === null) return;
    this.#events.opened();
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const events = rest.split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events)
        if (event.startsWith('data: ')) this.#events.entry(JSON.parse(event.slice(6)) as TraceEntry);
    }
  }
}
