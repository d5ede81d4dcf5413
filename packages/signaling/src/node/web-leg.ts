import type { Leg } from '../leg.ts';
import type { Signal } from '../signal.ts';
import { fromSignal } from '../web-signal.ts';
import type { MessageHead } from '../wire.ts';

/** What a leg needs of the session that carries it. */
export interface LegCarrier {
  readonly user: string;
  /** Numbers, taps and sends one message. */
  deliver(head: MessageHead, sdp: string | undefined, leg: WebLeg): void;
  /** The call is over on this leg: forget it. */
  release(leg: WebLeg): void;
}

/** The web side of a call: Signals on one hand, the messages of one call of one session on the other. */
export class WebLeg implements Leg {
  readonly protocol = 'web';
  readonly party: string;
  /** The call's id on this leg's connection. */
  readonly call: string;
  /** The call's id in the trace, one for both legs. */
  readonly traceCall: string;
  /** Which node of the topology sits at the far end of this leg: the trace's name for it. */
  readonly node: 'caller' | 'callee';
  /** Set where this leg rings its page: who calls. */
  readonly from: string | undefined;
  /** Set where this leg takes the place of another of the page's calls. */
  readonly replaces: string | undefined;
  readonly #carrier: LegCarrier;
  #receive: ((signal: Signal) => void) | undefined;
  #early: Signal[] = [];
  #lost: (() => void) | undefined;
  #opened = false;
  #over = false;

  constructor(
    carrier: LegCarrier,
    call: string,
    traceCall: string,
    node: 'caller' | 'callee',
    from?: string,
    replaces?: string,
  ) {
    this.#carrier = carrier;
    this.party = carrier.user;
    this.call = call;
    this.traceCall = traceCall;
    this.node = node;
    this.from = from;
    this.replaces = replaces;
  }

  attach(receive: (signal: Signal) => void): void {
    this.#receive = receive;
    const early = this.#early;
    this.#early = [];
    for (const signal of early) receive(signal);
  }

  /** Called once when the page is lost for good: its session outlived its connection and was not resumed. */
  whenLost(lost: () => void): void {
    this.#lost = lost;
  }

  send(signal: Signal): void {
    if (this.#over) return;
    let head = fromSignal(signal, this.call);
    const sdp = signal.type === 'offer' || signal.type === 'answer' ? signal.description.text : undefined;
    const opens = signal.type === 'offer' || signal.type === 'ask-offer';
    if (!this.#opened && opens && this.from !== undefined) {
      const { replaces } = this;
      head = {
        type: 'incoming',
        call: this.call,
        from: this.from,
        ...(replaces !== undefined ? { replaces } : {}),
      };
    }
    this.#opened = true;
    if (signal.type === 'end') this.#close();
    this.#carrier.deliver(head, sdp, this);
  }

  /** A Signal from the page. */
  take(signal: Signal): void {
    if (this.#over) return;
    if (signal.type === 'end') this.#close();
    if (this.#receive) this.#receive(signal);
    else this.#early.push(signal);
  }

  /** The page is gone. */
  lose(): void {
    if (this.#over) return;
    this.#close();
    this.#lost?.();
  }

  #close(): void {
    this.#over = true;
    this.#carrier.release(this);
  }
}
