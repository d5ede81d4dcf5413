import { NS } from '../namespaces.ts';
import {
  bareJid,
  type Initiation,
  type InitiationEffect,
  type InitiationInput,
  propose,
  proposed,
  stepInitiation,
} from '../session/initiation-step.ts';
import { winsInitiation } from '../session/session.ts';
import { type InitiationMessage, parseInitiation, writeInitiation } from '../stanza/initiation.ts';
import {
  badRequest,
  type IqError,
  readIqError,
  TIE_BREAK,
  UNKNOWN_SESSION,
  writeIqError,
} from '../stanza/iq-error.ts';
import { JingleError } from '../stanza/jingle-error.ts';
import { type JingleStanza, parseJingle } from '../stanza/jingle-stanza.ts';
import type { JingleReason } from '../stanza/reason.ts';
import { childOf, element, type XmlElement } from '../xml/element.ts';
import type { JingleClock } from './clock.ts';
import { type CallPort, callKey, incomingCall, type JingleCall } from './jingle-call.ts';

export interface JingleEndpointOptions {
  /** Where stanzas go out: a component, a client, a server. They have `to` and `from`. */
  readonly send: (stanza: XmlElement) => void;
  readonly clock: JingleClock;
  /** A fresh identifier at each call: unguessable, an NMTOKEN. */
  readonly newId: () => string;
  /** A session-initiate: the call, and the stanza it came with. Without a handler calls are refused. */
  readonly onCall?: (call: JingleCall, stanza: JingleStanza) => void;
  /**
   * A call is proposed by a message (XEP-0353). Taking it lets the session-initiate come; what the owner does not know yet is
   * refused then. Without a handler proposals are left to other devices.
   */
  readonly onProposal?: (proposal: Proposal) => void;
  /** The full JID of ours that takes what is sent to a bare one: a proposal is answered from it. The address itself without it. */
  readonly selfOf?: (to: string) => string;
  /** A stanza that was refused: its sender and what is wrong with it. */
  readonly onFinding?: (from: string, error: JingleError) => void;
  /** Milliseconds that an IQ waits for its answer; 30,000 without it. */
  readonly replyMs?: number;
  /** Sessions at once; 10,000 without it. */
  readonly sessions?: number;
}

/** A call that somebody proposes to us by a message. */
export interface Proposal {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly media: readonly string[];
  ring(): void;
  take(): void;
  refuse(reason: JingleReason): void;
  /** Called once where it comes to nothing: retracted, or taken by another device. */
  whenOver(over: (effect: InitiationEffect) => void): void;
}

/** What an initiation of ours tells. */
export interface InitiationHandlers {
  readonly ringing: () => void;
  readonly initiate: (to: string) => void;
  readonly over: (reason: JingleReason | undefined) => void;
  readonly failed: (error: IqError) => void;
}

/** Our own proposal. */
export interface OwnProposal {
  end(reason: JingleReason): void;
}

interface Running {
  initiation: Initiation;
  /** The stanza of our proposal: an error need not repeat what it refuses (RFC 6120 section 8.3.1). */
  proposal?: string;
  readonly heard: (effect: InitiationEffect) => void;
  readonly failed: (error: IqError) => void;
}

/** How long a proposal is kept without a session. */
const PROPOSAL_MS = 180_000;
const BUSY_HERE: IqError = { type: 'wait', condition: 'resource-constraint' };
const NO_CALLS: IqError = { type: 'cancel', condition: 'service-unavailable' };
const NO_REPLY: IqError = { type: 'wait', condition: 'remote-server-timeout', text: 'no answer to an IQ' };

/** All sessions and initiations of one XMPP entity, or of all the entities of a component: stanzas in, stanzas out. */
export class JingleEndpoint implements CallPort {
  readonly options: JingleEndpointOptions;
  readonly #calls = new Map<string, JingleCall>();
  readonly #asked = new Map<
    string,
    { readonly to: string; readonly reply: (error: IqError | undefined) => void; readonly timer: unknown }
  >();
  readonly #initiations = new Map<string, Running>();

  constructor(options: JingleEndpointOptions) {
    this.options = options;
  }

  /** What goes on: all zero when nothing does. */
  get counts(): { readonly calls: number; readonly asked: number; readonly initiations: number } {
    return { calls: this.#calls.size, asked: this.#asked.size, initiations: this.#initiations.size };
  }

  /** Takes a stanza in. False where it is not Jingle's. Never throws for what a peer sent. */
  receive(stanza: XmlElement): boolean {
    const { from, to, type } = stanza.attrs;
    if (from === undefined || to === undefined) return false;
    if (stanza.name === 'message') return this.#message(stanza, from, to);
    if (stanza.name !== 'iq') return false;
    if (type === 'result' || type === 'error') return this.#reply(stanza, from, type);
    const jingle = type === 'set' ? childOf(stanza, 'jingle', NS.jingle) : undefined;
    if (jingle === undefined) return false;
    this.#action(stanza, jingle, from, to);
    return true;
  }

  /** Every session ends at once, with a word to the far side. */
  close(reason: JingleReason): void {
    for (const call of [...this.#calls.values()]) call.act('session-terminate', {}, reason);
    for (const id of [...this.#initiations.keys()]) this.#step(id, { type: 'end', reason });
    for (const { timer } of this.#asked.values()) this.options.clock.cancel(timer);
    this.#asked.clear();
  }

  ask(from: string, to: string, payload: XmlElement, reply: (error: IqError | undefined) => void): void {
    const { clock, newId, send, replyMs } = this.options;
    const id = newId();
    const timer = clock.after(replyMs ?? 30_000, () => {
      this.#asked.delete(id);
      reply(NO_REPLY);
    });
    this.#asked.set(id, { to, reply, timer });
    send(element(NS.client, 'iq', { id, type: 'set', from, to }, [payload]));
  }

  /** A call of ours that is about to be initiated. */
  add(call: JingleCall): void {
    this.#calls.set(callKey(call.self, call.peer, call.session.sid), call);
  }

  forget(call: JingleCall): void {
    this.#calls.delete(callKey(call.self, call.peer, call.session.sid));
  }

  /** Proposes a call to all devices of an account (XEP-0353). */
  propose(
    id: string,
    self: string,
    to: string,
    media: readonly string[],
    handlers: InitiationHandlers,
  ): OwnProposal {
    const { initiation, effects } = propose(id, self, to, media);
    this.#initiations.set(id, {
      initiation,
      failed: (error) => {
        this.#initiations.delete(id);
        handlers.failed(error);
      },
      heard: (effect) => {
        if (effect.type === 'ringing') handlers.ringing();
        else if (effect.type === 'initiate') handlers.initiate(effect.to);
        else if (effect.type === 'over' && effect.by === 'there') handlers.over(effect.reason);
      },
    });
    this.#effects(id, effects);
    return { end: (reason) => this.#step(id, { type: 'end', reason }) };
  }

  #action(iq: XmlElement, jingle: XmlElement, from: string, to: string): void {
    let stanza: JingleStanza;
    try {
      stanza = parseJingle(jingle);
    } catch (error) {
      if (!(error instanceof JingleError)) throw error;
      this.options.onFinding?.(from, error);
      this.#answer(iq, from, to, badRequest(error.message));
      return;
    }
    const known = this.#calls.get(callKey(to, from, stanza.sid));
    if (known === undefined && stanza.action === 'session-initiate')
      return this.#initiated(iq, stanza, from, to);
    this.#answer(iq, from, to, known === undefined ? UNKNOWN_SESSION : known.receive(stanza));
    known?.flush();
  }

  #initiated(iq: XmlElement, stanza: JingleStanza, from: string, to: string): void {
    const { onCall, sessions } = this.options;
    if (onCall === undefined) return this.#answer(iq, from, to, NO_CALLS);
    if (this.#calls.size >= (sessions ?? 10_000)) return this.#answer(iq, from, to, BUSY_HERE);
    const ours = this.#crossing(from, to);
    if (ours !== undefined) {
      if (winsInitiation({ sid: ours.session.sid, jid: to }, { sid: stanza.sid, jid: from }))
        return this.#answer(iq, from, to, TIE_BREAK);
      ours.lose(TIE_BREAK);
    }
    const call = incomingCall(this, to, from, stanza);
    this.add(call);
    this.#answer(iq, from, to, undefined);
    onCall(call, stanza);
  }

  /** Our own session-initiate to the same peer, on its way at the same time. */
  #crossing(peer: string, self: string): JingleCall | undefined {
    for (const call of this.#calls.values()) {
      const { role, phase, outstanding } = call.session;
      const isOut =
        role === 'initiator' &&
        phase === 'pending' &&
        outstanding.some(({ action }) => action === 'session-initiate');
      if (isOut && call.peer === peer && call.self === self) return call;
    }
    return undefined;
  }

  #answer(iq: XmlElement, from: string, to: string, error: IqError | undefined): void {
    const attrs = { id: iq.attrs.id ?? '', from: to, to: from };
    if (error === undefined) this.options.send(element(NS.client, 'iq', { ...attrs, type: 'result' }));
    else this.options.send(element(NS.client, 'iq', { ...attrs, type: 'error' }, [writeIqError(error)]));
  }

  #reply(stanza: XmlElement, from: string, type: 'result' | 'error'): boolean {
    const id = stanza.attrs.id ?? '';
    const asked = this.#asked.get(id);
    if (asked === undefined || asked.to !== from) return false;
    this.#asked.delete(id);
    this.options.clock.cancel(asked.timer);
    asked.reply(type === 'result' ? undefined : readIqError(childOf(stanza, 'error')));
    return true;
  }

  #message(stanza: XmlElement, from: string, to: string): boolean {
    if (stanza.attrs.type === 'error') return this.#messageFailed(stanza, from);
    let message: InitiationMessage | undefined;
    try {
      message = parseInitiation(stanza);
    } catch (error) {
      if (!(error instanceof JingleError)) throw error;
      this.options.onFinding?.(from, error);
      return true;
    }
    if (message === undefined) return false;
    const running = this.#initiations.get(message.id);
    if (message.name === 'propose') this.#proposed(message, from, to);
    else if (running !== undefined) this.#step(message.id, { type: 'message', from, message });
    return true;
  }

  /** Nobody takes our proposal. */
  #messageFailed(stanza: XmlElement, from: string): boolean {
    const running = [...this.#initiations.values()].find(({ proposal }) => proposal === stanza.attrs.id);
    if (running === undefined || bareJid(from) !== bareJid(running.initiation.peer)) return false;
    running.failed(readIqError(childOf(stanza, 'error')));
    return true;
  }

  #proposed(message: InitiationMessage, from: string, to: string): void {
    const { onProposal, sessions, clock } = this.options;
    const { id } = message;
    const isFull = this.#initiations.size >= (sessions ?? 10_000);
    if (onProposal === undefined || this.#initiations.has(id) || isFull) return;
    for (const [own, { initiation }] of [...this.#initiations]) {
      if (bareJid(initiation.self) !== bareJid(to)) continue;
      const rest = this.#step(own, { type: 'other-proposal', id, from });
      if (rest.some((effect) => effect.type === 'send' && effect.message.name === 'reject')) return;
    }
    let over: ((effect: InitiationEffect) => void) | undefined;
    this.#initiations.set(id, {
      initiation: proposed(id, this.options.selfOf?.(to) ?? to, from),
      failed: () => {},
      heard: (effect) => {
        if (effect.type === 'elsewhere' || (effect.type === 'over' && effect.by === 'there')) over?.(effect);
      },
    });
    // A proposal that nobody takes or takes back is forgotten, as is one that was taken and never initiated.
    clock.after(PROPOSAL_MS, () => {
      const running = this.#initiations.get(id);
      if (running === undefined || [...this.#calls.values()].some(({ session }) => session.sid === id))
        return;
      this.#initiations.delete(id);
      over?.({ type: 'over', by: 'there', reason: undefined });
    });
    onProposal({
      id,
      from,
      to,
      media: message.media,
      ring: () => this.#step(id, { type: 'ring' }),
      take: () => this.#step(id, { type: 'take' }),
      refuse: (reason) => this.#step(id, { type: 'end', reason }),
      whenOver: (run) => {
        over = run;
      },
    });
  }

  /** A session that was taken by message ends: both sides say so by message too (XEP-0353 section 3.7). */
  finish(id: string, reason: JingleReason): void {
    if (this.#initiations.get(id)?.initiation.phase === 'proceeding') this.#step(id, { type: 'end', reason });
  }

  #step(id: string, input: InitiationInput): readonly InitiationEffect[] {
    const running = this.#initiations.get(id);
    if (running === undefined) return [];
    const { initiation, effects } = stepInitiation(running.initiation, input);
    running.initiation = initiation;
    this.#effects(id, effects);
    return effects;
  }

  #effects(id: string, effects: readonly InitiationEffect[]): void {
    const running = this.#initiations.get(id)!;
    if (running.initiation.phase === 'ended') this.#initiations.delete(id);
    for (const effect of effects) {
      if (effect.type !== 'send') running.heard(effect);
      else {
        const stanzaId = this.options.newId();
        if (effect.message.name === 'propose') running.proposal = stanzaId;
        const attrs = {
          id: stanzaId,
          type: 'chat',
          from: running.initiation.self,
          to: effect.to,
        };
        this.options.send(element(NS.client, 'message', attrs, writeInitiation(effect.message)));
      }
    }
  }
}
