import { type CallReason, wordsOf } from '../embedded/call-reason.ts';
import type { Tell } from '../embedded/peer-program.ts';
import type { CallLine, CallParties } from './call-parts.ts';
import { bareOf, type InitiationMessage } from './initiation-message.ts';
import { readReason, writeReason } from './jingle-reasons.ts';
import { NS } from './namespaces.ts';
import { type XmlElement, xml } from './xml.ts';

export interface ProposalEvents {
  readonly tell: Tell;
  ringing(): void;
  /** This client takes the call: the session-initiate goes to it. */
  proceed(from: string): void;
  over(reason: CallReason): void;
}

/** What is said of a call by message, to all clients of a user (XEP-0353). */
export class Proposal {
  readonly #call: CallParties;
  readonly #line: CallLine;
  readonly #events: ProposalEvents;
  #state: 'none' | 'proposed' | 'taken' | 'finished' = 'none';

  constructor(call: CallParties, line: CallLine, events: ProposalEvents) {
    this.#call = call;
    this.#line = line;
    this.#events = events;
  }

  /** Asked, and nobody has taken the call. */
  get isOpen(): boolean {
    return this.#state === 'proposed';
  }

  /** Somebody said proceed: the session-initiate is to come, or came. */
  get isTaken(): boolean {
    return this.#state === 'taken';
  }

  /** Asks all of the other user's clients (section 3.1). */
  async propose(): Promise<void> {
    this.#state = 'proposed';
    await this.#say(this.#call.party, 'propose', xml('description', { xmlns: NS.rtp, media: 'audio' }));
  }

  ring(): void {
    this.#state = 'proposed';
    void this.#say(this.#call.party, 'ringing');
  }

  /** Takes the call. */
  async proceed(): Promise<void> {
    this.#state = 'taken';
    // Of older versions, and what clients say still: our other clients ring no more.
    await this.#say(this.#line.bareJid, 'accept');
    await this.#say(this.#call.party, 'proceed');
  }

  /** Nobody is to take the call any more. */
  giveUp(reason: CallReason): void {
    if (this.isOpen) {
      void this.#say(this.#call.party, this.#call.outgoing ? 'retract' : 'reject', writeReason(reason));
    }
  }

  /** Everybody's clients learn that a call which was taken is over (section 3.7). */
  finish({ code }: CallReason): void {
    if (!this.isTaken) return;
    this.#state = 'finished';
    const reason = writeReason({ code: code === 'normal' ? 'normal' : 'expired' });
    void this.#say(bareOf(this.#call.party), 'finish', reason);
  }

  /** @param isOwn another client of our user's said it */
  take({ from, name, element }: InitiationMessage, isOwn: boolean): void {
    if (isOwn) this.#takeOwn(name, element);
    else if (bareOf(from) !== bareOf(this.#call.party)) return;
    else if (name === 'finish') this.#events.over(readReason(element, 'normal'));
    else if (this.#state !== 'proposed') return;
    else if (!this.#call.outgoing) {
      if (name === 'retract') this.#events.over(readReason(element, 'cancelled'));
    } else if (name === 'ringing') this.#events.ringing();
    else if (name === 'reject') this.#events.over(readReason(element, 'declined'));
    else if (name === 'proceed') {
      this.#state = 'taken';
      this.#events.proceed(from);
    }
  }

  /** XEP-0280: what another client of our user's said to the caller. */
  #takeOwn(name: string, element: XmlElement): void {
    if (this.#state !== 'proposed' || this.#call.outgoing) return;
    if (name === 'accept' || name === 'proceed') this.#events.over({ code: 'answered-elsewhere' });
    else if (name === 'reject') this.#events.over(readReason(element, 'declined'));
  }

  #say(to: string, name: string, ...children: XmlElement[]): Promise<void> {
    const { id } = this.#call;
    return this.#line
      .message(to, id, xml(name, { xmlns: NS.message, id }, ...children))
      .catch((error: unknown) => this.#events.tell('trouble', { words: `${name}: ${wordsOf(error)}` }));
  }
}
