import type { LosableLeg } from '@crosspoint/gateway';
import { type JingleCallIn, JinglePeople, type StanzaCalls } from '@crosspoint/jingle/node';
import type { EndReason, Tap } from '@crosspoint/signaling';
import { joinLegs, type SeededChange, tracedLeg, type WebCallIn } from '@crosspoint/web-phone/node';
import type { XmppServer } from '@crosspoint/xmpp/node';

export interface JingleGatewayOptions {
  readonly server: XmppServer;
  /** The domains besides our own that people may call. */
  readonly reaches: (domain: string) => boolean;
  readonly noAnswerMs?: number;
  readonly change: () => SeededChange | undefined;
  readonly calls: StanzaCalls;
  /** Into the trace alone: what the leg to the client gave and took, in no protocol's words. */
  readonly signals: Tap;
  /** Rings a person of the web server's; undefined where there is none of this name. */
  readonly ring: (to: string, from: string, call: string) => LosableLeg | undefined;
}

/** The resource of a person who has a page. */
export const PAGE_RESOURCE = 'web';

/** The web server's Jingle side: people of the web server call XMPP addresses, and are called from there. */
export class JingleGateway {
  readonly #options: JingleGatewayOptions;
  readonly #people: JinglePeople;
  #calls = 0;

  constructor(options: JingleGatewayOptions) {
    this.#options = options;
    const { server, reaches, calls } = options;
    this.#people = new JinglePeople({
      server,
      resource: PAGE_RESOURCE,
      name: 'Crosspoint',
      reaches,
      calls,
      onCall: (call) => this.#invited(call),
    });
  }

  /** What is going on: all zero when nothing is. */
  get counts(): { readonly calls: number; readonly sessions: number; readonly initiations: number } {
    return { calls: this.#calls, ...this.#people.counts };
  }

  /** A person of the web server is there, or gone. */
  seen(name: string, isHere: boolean): void {
    this.#people.seen(name, isHere);
  }

  /** A page calls an XMPP address. */
  called({ leg, from, to }: Pick<WebCallIn, 'leg' | 'from' | 'to'>): void {
    const call = leg.traceCall;
    const client = this.#people.place(call, from, to);
    if (client === undefined) return refuse(leg, { code: 'not-found', text: `there is no way to ${to}` });
    this.#join(leg, tracedLeg(client, 'callee', call, this.#options.signals));
  }

  /** A Jingle client calls one of our people. */
  #invited({ leg, to, from, call }: JingleCallIn): void {
    const caller = tracedLeg(leg, 'caller', call, this.#options.signals);
    const callee = this.#options.ring(to, from, call);
    if (callee === undefined) return refuse(caller, { code: 'not-found', text: `there is no ${to} here` });
    this.#join(caller, callee);
  }

  #join(caller: LosableLeg, callee: LosableLeg): void {
    const { noAnswerMs, change } = this.#options;
    this.#calls++;
    joinLegs({
      caller,
      callee,
      ...(noAnswerMs !== undefined ? { noAnswerMs } : {}),
      change: change(),
      onOver: () => {
        this.#calls--;
      },
    });
  }

  close(): void {
    this.#people.close();
  }
}

function refuse(leg: LosableLeg, reason: EndReason): void {
  leg.send({ type: 'end', reason });
}
