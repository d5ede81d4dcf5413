import type { ContentKey } from '../description/to-contents.ts';
import { type JingleSession, startSession } from '../session/session.ts';
import { type OwnAction, type SessionEffect, type SessionInput, step } from '../session/step.ts';
import type { IqError } from '../stanza/iq-error.ts';
import { type JinglePlan, type JingleStanza, parseJingle, writeJingle } from '../stanza/jingle-stanza.ts';
import type { JingleReason } from '../stanza/reason.ts';
import type { XmlElement } from '../xml/element.ts';

/** What a session tells its user. */
export interface CallHandlers {
  /** An action of the far side that is in order. */
  readonly told: (stanza: JingleStanza) => void;
  /** Our action lost against the far side's at the same time. */
  readonly collided: (action: JinglePlan['action']) => void;
  /** Our action was acknowledged. */
  readonly acknowledged: (own: OwnAction) => void;
  readonly failed: (own: OwnAction, error: IqError) => void;
  /** Over, and not by us; with the far side's reason, or what answered our stanza. */
  readonly ended: (reason: JingleReason | undefined, error: IqError | undefined) => void;
}

/** The part of an endpoint that a call uses. */
export interface CallPort {
  /** Sends an IQ-set; `reply` is called once, with the error or without. */
  readonly ask: (
    from: string,
    to: string,
    payload: XmlElement,
    reply: (error: IqError | undefined) => void,
  ) => void;
  readonly forget: (call: JingleCall) => void;
}

/** One session, carried out: the machine decides, this sends. */
export class JingleCall {
  readonly self: string;
  readonly peer: string;
  readonly #port: CallPort;
  #session: JingleSession;
  #handlers: CallHandlers | undefined;
  #held: (() => void)[] = [];

  constructor(port: CallPort, self: string, peer: string, session: JingleSession) {
    this.#port = port;
    this.self = self;
    this.peer = peer;
    this.#session = session;
  }

  get session(): JingleSession {
    return this.#session;
  }

  get isOver(): boolean {
    return this.#session.phase === 'ended';
  }

  /** What happened before is told now, in order. */
  handle(handlers: CallHandlers): void {
    this.#handlers = handlers;
    for (const run of this.#held.splice(0)) run();
  }

  /** Sends our session-initiate, which the session already stands for. */
  initiate(plan: Omit<JinglePlan, 'action' | 'sid'>): void {
    this.#transmit({ action: 'session-initiate', contents: [] }, { ...plan, initiator: this.self });
  }

  /** Sends an action, where the session allows it. */
  act(
    action: JinglePlan['action'],
    plan: Omit<JinglePlan, 'action' | 'sid'> = {},
    reason?: JingleReason,
  ): boolean {
    const read = parseJingle(writeJingle({ action, sid: this.#session.sid, ...plan }));
    const own: OwnAction = {
      action,
      contents: read.contents.map(({ creator, name, senders }) => ({ creator, name, senders })),
      ...(reason === undefined ? {} : { reason }),
    };
    const effects = this.#step({ type: 'send', own });
    if (!effects.some(({ type }) => type === 'transmit')) return false;
    this.#transmit(own, reason === undefined ? plan : { ...plan, reason });
    if (this.isOver) this.#port.forget(this);
    return true;
  }

  /** An action of the far side. Gives the error that answers it, or undefined for an acknowledgement. */
  receive(stanza: JingleStanza): IqError | undefined {
    const effects = this.#step({ type: 'received', stanza });
    for (const effect of effects) {
      if (effect.type === 'error') return effect.error;
    }
    // The acknowledgement goes before whatever the action brings about.
    this.#later(() => {
      for (const effect of effects) {
        if (effect.type === 'collided') this.#handlers!.collided(effect.action);
        else if (effect.type === 'tell' && stanza.action !== 'session-terminate')
          this.#handlers!.told(stanza);
        else if (effect.type === 'ended') this.#handlers!.ended(stanza.reason, undefined);
      }
    });
    if (this.isOver) this.#port.forget(this);
    return undefined;
  }

  /** Runs what `receive` brought about; called by the endpoint once the acknowledgement is out. */
  flush(): void {
    if (this.#handlers === undefined) return;
    for (const run of this.#held.splice(0)) run();
  }

  /** The far side is gone without a word. */
  lose(error: IqError): void {
    if (this.isOver) return;
    this.#session = {
      ...this.#session,
      phase: 'ended',
      outstanding: [],
      end: { by: 'there', reason: undefined },
    };
    this.#port.forget(this);
    this.#later(() => this.#handlers!.ended(undefined, error));
    this.flush();
  }

  #later(run: () => void): void {
    this.#held.push(run);
  }

  #transmit(own: OwnAction, plan: Omit<JinglePlan, 'action' | 'sid'>): void {
    const jingle = writeJingle({ action: own.action, sid: this.#session.sid, ...plan });
    this.#port.ask(this.self, this.peer, jingle, (error) => {
      const effects = this.#step({ type: 'replied', own, error });
      if (error === undefined && !this.isOver) this.#later(() => this.#handlers!.acknowledged(own));
      for (const effect of effects) {
        if (effect.type === 'failed') this.#later(() => this.#handlers!.failed(own, effect.error));
        else if (effect.type === 'ended') {
          this.#port.forget(this);
          this.#later(() => this.#handlers!.ended(undefined, error));
        }
      }
      this.flush();
    });
  }

  #step(input: SessionInput): readonly SessionEffect[] {
    const { session, effects } = step(this.#session, input);
    this.#session = session;
    return effects;
  }
}

export function callKey(self: string, peer: string, sid: string): string {
  return `${self}\n${peer}\n${sid}`;
}

/** A call that the far side's session-initiate opens. */
export function incomingCall(port: CallPort, self: string, peer: string, stanza: JingleStanza): JingleCall {
  return new JingleCall(port, self, peer, startSession(stanza.sid, 'responder', stanza.contents));
}

/** A call that our session-initiate opens. */
export function outgoingCall(
  port: CallPort,
  self: string,
  peer: string,
  sid: string,
  contents: readonly (ContentKey & { readonly senders: undefined })[],
): JingleCall {
  return new JingleCall(port, self, peer, startSession(sid, 'initiator', contents));
}
