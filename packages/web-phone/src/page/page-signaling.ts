import type { TraceEntry } from '@crosspoint/signaling';
import type { MakeLine } from './line.ts';

export interface PageTraceEvents {
  /** The ladder begins from the start: what was shown before comes again. */
  opened(): void;
  entry(entry: TraceEntry): void;
}

/** Where the ladder's messages come from. */
export interface PageTrace {
  /** Whether they are wanted now: not in a page that nobody looks at. */
  want(wanted: boolean): void;
  /** What passed over the line itself. */
  watch(direction: 'in' | 'out', text: string): void;
}

/** What this page's signaling cannot do, by the feature, and why: shown where a person would look for it. */
export type Lacks = Readonly<Partial<Record<string, string>>>;

/** A page that is a SIP phone or a Jingle client by itself. */
export interface PageAccount {
  /** The driver's command. */
  readonly command: 'open-sip' | 'open-jingle';
  /** Takes the account for the next registration; gives the name. */
  readonly take: (args: Readonly<Record<string, unknown>>) => string;
}

/** How a page signals: over the web protocol to its own server, or otherwise. */
export interface PageSignaling {
  readonly makeLine: MakeLine;
  readonly makeTrace: (transport: () => 'ws' | 'http', events: PageTraceEvents) => PageTrace;
  /** How the page is connected, in words: `over WebSocket`. */
  readonly link: (transport: 'ws' | 'http') => string;
  /** Features of the peer contract that this signaling adds to those of every page. */
  readonly features: readonly string[];
  readonly lacks: Lacks;
  /** A page that registers as a phone itself: how a driver gives it the account. */
  readonly account?: PageAccount;
}
