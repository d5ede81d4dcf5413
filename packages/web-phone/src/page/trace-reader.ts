import type { TraceEntry } from '@crosspoint/signaling';
import { HeldStream } from './held-stream.ts';
import type { PageTrace, PageTraceEvents } from './page-signaling.ts';

/** Reads the server's trace (`GET /trace`) while it is wanted, with the identity that the page's session got. */
export class TraceReader implements PageTrace {
  readonly #stream: HeldStream;
  #authorization: string | undefined;

  constructor(transport: () => 'ws' | 'http', events: PageTraceEvents) {
    this.#stream = new HeldStream({
      path: '/trace',
      transport,
      authorization: () => this.#authorization,
      opened: () => events.opened(),
      event: (data) => events.entry(JSON.parse(data) as TraceEntry),
    });
  }

  /** Watches the signaling for the session's identity: `welcome` carries it. */
  watch(direction: 'in' | 'out', text: string): void {
    if (direction !== 'in' || !text.startsWith('{"type":"welcome"')) return;
    const { session, secret } = JSON.parse(text) as { session: string; secret: string };
    const authorization = `Bearer ${session}.${secret}`;
    if (authorization === this.#authorization) return;
    this.#authorization = authorization;
    this.#stream.reopen();
  }

  /** Whether the trace is wanted now: not in a page that nobody looks at. */
  want(wanted: boolean): void {
    this.#stream.want(wanted);
  }
}
