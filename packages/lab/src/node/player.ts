import type { Endpoint, Joins } from '@crosspoint/peers';
import type { Side } from '../evidence.ts';

/** One player of a scenario. */
export interface Player {
  readonly side: Side;
  readonly endpoint: Endpoint;
  readonly peer: string;
  /** What its endpoint attaches to: a page, a SIP registrar or an XMPP server. */
  readonly joins: Joins;
  readonly name: string;
  readonly pattern: number;
  readonly capabilities: ReadonlySet<string>;
}
