import type { TraceEntry } from '@crosspoint/signaling';
import { callIdIn, summarizeMessage, withoutSecrets } from '@crosspoint/sip';
import { HeldStream, type PageTrace, type PageTraceEvents } from '@crosspoint/web-phone/browser';
import { traceCallOf } from '../trace-call.ts';

/** How long a message waits for others that were seen before it elsewhere, in milliseconds. */
const SORT_MS = 150;
/** Calls, and messages of the registrar's, that are remembered. */
const KEPT = 1000;

/**
 * The ladder of a page that speaks SIP: what the page itself sends and gets, and what its registrar shows besides
 * (`GET /sip-ws/trace`), put in order by the time at which each was seen.
 */
export class SipPageTrace implements PageTrace {
  readonly #events: PageTraceEvents;
  readonly #stream: HeldStream;
  /** On which side of each call this page is: who sends the first INVITE calls. */
  readonly #sides = new Map<string, 'caller' | 'callee'>();
  readonly #known = new Set<string>();
  #waiting: TraceEntry[] = [];
  #flush: ReturnType<typeof setTimeout> | undefined;

  constructor(events: PageTraceEvents, authorization: () => string | undefined) {
    this.#events = events;
    this.#stream = new HeldStream({
      path: '/sip-ws/trace',
      transport: () => 'ws',
      authorization,
      event: (data) => this.#take(data),
    });
  }

  watch(direction: 'in' | 'out', text: string): void {
    const summary = summarizeMessage(text);
    const callId = /^REGISTER|\(REGISTER\)$/.test(summary) ? undefined : callIdIn(text);
    const call = callId === undefined ? undefined : traceCallOf(callId);
    if (call !== undefined && !this.#sides.has(call)) {
      this.#sides.set(call, direction === 'out' ? 'caller' : 'callee');
      forgetOldest(this.#sides);
    }
    this.#add({
      at: Date.now(),
      node: (call === undefined ? undefined : this.#sides.get(call)) ?? 'caller',
      peer: 'proxy',
      direction,
      protocol: 'sip/ws',
      raw: withoutSecrets(text),
      summary,
      ...(call === undefined ? {} : { call }),
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
