import type { Jid } from '../address/jid.ts';
import type { Users } from '../sasl/users.ts';
import type { StanzaCondition } from '../stanza/stanza-error.ts';
import type { XmlElement } from '../xml/element.ts';
import type { BlockLists } from './block-lists.ts';
import type { Roster } from './roster.ts';
import type { SessionTable } from './session-table.ts';

/** What the parts of the router share. */
export interface RouterState {
  readonly domain: string;
  readonly users: Pick<Users, 'has'>;
  readonly sessions: SessionTable;
  readonly blocked: BlockLists;
  rosterOf(local: string): Roster;
  /** Sends a stanza, whose `from` is right, where it belongs. */
  route(stanza: XmlElement): void;
  /** Answers with an error, where an error may answer. */
  refuse(stanza: XmlElement, condition: StanzaCondition, text?: string): void;
}

/** A stanza with its addresses read. */
export interface Addressed {
  readonly stanza: XmlElement;
  readonly from: Jid;
  readonly to: Jid;
}
