import type { CallReason } from '../embedded/call-reason.ts';
import { wordsOf } from '../embedded/call-reason.ts';
import type { Tell } from '../embedded/peer-program.ts';
import { fromError } from './jingle-reasons.ts';
import type { XmlElement } from './xml.ts';

/** What a call asks of the session at the server. */
export interface CallLine {
  readonly jid: string;
  readonly bareJid: string;
  request(to: string, child: XmlElement): Promise<void>;
  message(to: string, id: string, child: XmlElement): Promise<void>;
}

export interface CallEvents {
  readonly tell: Tell;
  over(): void;
}

/** Which call it is: `id` is the session's identifier, and the proposal's. */
export interface CallParties {
  readonly id: string;
  /** A bare address while it is proposed, full once a client of the user's is in it. */
  readonly party: string;
  readonly outgoing: boolean;
}

export type CallPhase = 'calling' | 'incoming' | 'connected' | 'ended';

/** What it means that a request was refused. */
export function refusalOf(error: unknown): CallReason {
  const { condition, text } = error as { condition?: unknown; text?: unknown };
  if (typeof condition !== 'string') return { code: 'unavailable', text: wordsOf(error) };
  return fromError(condition, typeof text === 'string' ? text : undefined);
}
