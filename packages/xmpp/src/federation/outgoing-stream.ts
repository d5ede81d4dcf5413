import { NS } from '../namespaces.ts';
import { streamError } from '../stream/stream-error.ts';
import type { StreamHeader, Wire, WireHandler } from '../stream/wire.ts';
import type { XmlElement } from '../xml/element.ts';
import type { XmlLimits } from '../xml/limits.ts';
import type { XmlError } from '../xml/xml-error.ts';
import {
  type OutgoingEffect,
  type OutgoingInput,
  type OutgoingNegotiation,
  type OutgoingSide,
  START_OUTGOING,
  stepOutgoing,
} from './outgoing-negotiation.ts';

export interface OutgoingUser {
  /** Stanzas may be sent. */
  ready(stream: OutgoingStream): void;
  verdict(verdict: 'valid' | 'invalid'): void;
  /** The stream is over; nothing comes after this. */
  over(text: string): void;
}

/** A stream that this server opened to another one. */
export class OutgoingStream implements WireHandler {
  readonly #wire: Wire;
  readonly #side: OutgoingSide;
  readonly #user: OutgoingUser;
  readonly #limits: XmlLimits;
  #state: OutgoingNegotiation = START_OUTGOING;
  #over = false;

  constructor(wire: Wire, side: OutgoingSide, limits: XmlLimits, user: OutgoingUser) {
    this.#wire = wire;
    this.#side = side;
    this.#limits = limits;
    this.#user = user;
    this.#open();
  }

  get secure(): boolean {
    return this.#state.secure;
  }

  /** The far side took our certificate for who we are; else dialback did. */
  get certified(): boolean {
    return this.#state.certified;
  }

  opened(header: StreamHeader): void {
    if (header.content !== NS.server) this.#end('the far side does not speak jabber:server');
    else this.#step({ kind: 'opened', streamId: header.id ?? '', version: header.version });
  }

  secured(): void {
    this.#step({ kind: 'secured' });
  }

  received(element: XmlElement): void {
    if (!this.#over) this.#step({ kind: 'element', element });
  }

  closed(): void {
    this.#end('the far side ended the stream');
  }

  failed(error: XmlError): void {
    if (!this.#over) this.#wire.send(streamError(error.condition));
    this.#end(error.message);
  }

  ended(error: Error | undefined): void {
    this.#end(error?.message ?? 'the connection was closed');
  }

  send(stanza: XmlElement): void {
    if (!this.#over) this.#wire.send(stanza);
  }

  close(text: string): void {
    this.#end(text);
  }

  #open(): void {
    const { own, remote } = this.#side;
    this.#wire.open({ from: own, to: remote, version: '1.0', content: NS.server });
  }

  #step(input: OutgoingInput): void {
    const { state, effects } = stepOutgoing(this.#state, input, this.#side);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: OutgoingEffect): void {
    switch (effect.do) {
      case 'open':
        this.#open();
        break;
      case 'send':
        this.send(effect.element);
        break;
      case 'start-tls':
        this.#wire.startTls();
        break;
      case 'restart':
        this.#wire.restart(this.#limits);
        break;
      case 'ready':
        this.#user.ready(this);
        break;
      case 'verdict':
        this.#user.verdict(effect.verdict);
        break;
      case 'fail':
        this.#end(effect.text);
        break;
    }
  }

  #end(text: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#wire.close();
    this.#user.over(text);
  }
}
