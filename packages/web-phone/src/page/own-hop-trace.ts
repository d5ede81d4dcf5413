import type { TraceEntry } from '@crosspoint/signaling';
import { HeldStream } from './held-stream.ts';
import type { PageTrace, PageTraceEvents } from './page-signaling.ts';

/** How long a message waits for others that were seen before it elsewhere, in milliseconds. */
const SORT_MS = 150;
/** Calls, and messages of the server's, that are remembered. */
const KEPT = 1000;

export interface OwnHopOptions {
  /** Where the server shows what it saw besides: `/sip-ws/trace`. */
  readonly path: string;
  /** The node that the page speaks to. */
  readonly peer: string;
  /** `sip/ws` */
  readonly protocol: string;
  /** What the page proves itself with; undefined as long as it has no account. */
  readonly authorization: () => string | undefined;
  /** A message as the ladder shows it, without secrets; undefined: it is not shown. */
  readonly read: (text: string) => Pick<TraceEntry, 'raw' | 'summary' | 'call'> | undefined;
}

/**
 * The ladder of a page that is itself a phone: what the page sends and gets, and what its server shows besides, put in
 * order by the time at which each was seen.
 */
export class OwnHopTrace implements PageTrace {
  readonly #events: PageTraceEvents;
  readonly #options: OwnHopOptions;
  readonly #stream: HeldStream;
  /** On which side of each call this page is: who sends the first message of it calls. */
  readonly #sides = new Map<string, 'caller' | 'callee'>();
  readonly #known = new Set<string>();
  #waiting: TraceEntry[] = [];
  #flush: ReturnType<typeof setTimeout> | undefined;

  constructor(events: PageTraceEvents, options: OwnHopOptions) {
    this.#events = events;
    this.#options = options;
    const { path, authorization } = options;
    this.#stream = new HeldStream({
      path,
      transport: () => 'ws',
      authorization,
      event: (data) => this.#take(data),
    });
  }

  watch(direction: 'in' | 'out', text: string): void {
    const read = this.#options.read(text);
    if (read === undefined) return;
    const { call } = read;
    if (call !== undefined && !this.#sides.has(call)) {
      this.#sides.set(call, direction === 'out' ? 'caller' : 'callee');
      forgetOldest(this.#sides);
    }
    this.#add({
      at: Date.now(),
      node: (call === undefined ? undefined : this.#sides.get(call)) ?? 'caller',
      peer: this.#options.peer,
      direction,
      protocol: this.#options.protocol,
      ...read,
    });
  }

  #add(entry: TraceEntry): void {
    this.#waiting.push(entry);
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined;
      const entries = this.#waiting.sort((one, other) => one.at - other.at);
      this.#waiting = [];
      for (const each of entries) this.#events.entry(each);
    }, SORT_MS);
  }

  want(wanted: boolean): void {
    this.#stream.want(wanted);
  }

  /** A stream that is opened again begins with what was shown before; our own hop we saw ourselves. */
  #take(text: string): void {
    if (this.#known.has(text)) return;
    this.#known.add(text);
    forgetOldest(this.#known);
    const entry = JSON.parse(text) as TraceEntry;
    if (entry.call === undefined || entry.peer === this.#sides.get(entry.call)) return;
    this.#add(entry);
  }
}

function forgetOldest(kept: Map<string, unknown> | Set<string>): void {
  if (kept.size <= KEPT) return;
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    return;
  }
}
