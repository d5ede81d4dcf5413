import type { LosableLeg } from '@crosspoint/gateway';
import { IncomingJingleLeg, type JingleCall, type JingleLeg, OutgoingJingleLeg } from '@crosspoint/jingle';
import { ServerAttachment } from '@crosspoint/jingle/node';
import type { Tap } from '@crosspoint/signaling';
import { joinLegs, type SeededChange, tracedLeg, type WebCallIn } from '@crosspoint/web-phone/node';
import { parseJid, writeJid } from '@crosspoint/xmpp';
import type { XmppServer } from '@crosspoint/xmpp/node';
import type { StanzaCalls } from './stanza-trace.ts';

export interface JingleGatewayOptions {
  readonly server: XmppServer;
  /** The domains besides our own that people may call: no way leads elsewhere. */
  readonly reaches: (domain: string) => boolean;
  /** A call without DTLS is refused with `security-error`; only a test of that refusal turns it off. */
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
/** Session identifiers of strangers go into the trace no longer than this. */
const LONGEST_CALL = 64;

/** The web server's Jingle side: people of the web server call XMPP addresses, and are called from there. */
export class JingleGateway {
  readonly #options: JingleGatewayOptions;
  readonly #people: ServerAttachment;
  #calls = 0;

  constructor(options: JingleGatewayOptions) {
    this.#options = options;
    this.#people = new ServerAttachment({
      server: options.server,
      resource: PAGE_RESOURCE,
      name: 'Crosspoint',
      // A page is rung by an offer, and that comes with the session: the proposal is taken at once. A person has one
      // page, so that no other device stops ringing for it.
      onProposal: (proposal) => {
        options.calls.begin(proposal.id.slice(0, LONGEST_CALL), 'caller');
        proposal.take();
      },
      onCall: (call, stanza) => this.#invited(call, stanza),
    });
  }

  /** What is going on: all zero when nothing is. */
  get counts(): { readonly calls: number; readonly sessions: number; readonly initiations: number } {
    const { calls, initiations } = this.#people.endpoint.counts;
    return { calls: this.#calls, sessions: calls, initiations };
  }

  /** A person of the web server is there, or gone. */
  seen(name: string, isHere: boolean): void {
    if (!isHere) return this.#people.leave(name);
    try {
      this.#people.join(name);
    } catch (error) {
      // A name of the web that XMPP has no address for: reached by pages alone.
      if (!(error instanceof RangeError)) throw error;
    }
  }

  /** A page calls an XMPP address. */
  called({ leg, from, to }: Pick<WebCallIn, 'leg' | 'from' | 'to'>): void {
    const target = parseJid(to.replace(/^xmpp:/, ''));
    if (target?.local === undefined || !this.#options.reaches(target.domain) || !this.#people.has(from)) {
      leg.send({ type: 'end', reason: { code: 'not-found', text: `there is no way to ${to}` } });
      return;
    }
    const call = leg.traceCall;
    this.#options.calls.begin(call, 'callee');
    const client = new OutgoingJingleLeg({
      endpoint: this.#people.endpoint,
      from: this.#people.jidOf(from),
      to: writeJid(target),
      sid: call,
    });
    this.#join(call, leg, this.#traced(client, 'callee', call));
  }

  /** A Jingle client calls one of our people. */
  #invited(session: JingleCall, stanza: ConstructorParameters<typeof IncomingJingleLeg>[1]): void {
    const call = stanza.sid.slice(0, LONGEST_CALL);
    this.#options.calls.begin(call, 'caller');
    const leg = new IncomingJingleLeg(session, stanza, { endpoint: this.#people.endpoint });
    const caller = this.#traced(leg, 'caller', call);
    const name = parseJid(session.self)?.local ?? '';
    const from = parseJid(session.peer);
    const party = from === undefined ? session.peer : `${from.local ?? ''}@${from.domain}`;
    const callee = this.#options.ring(name, party, call);
    if (callee === undefined) {
      caller.send({ type: 'end', reason: { code: 'not-found', text: `there is no ${name} here` } });
      return;
    }
    this.#join(call, caller, callee);
  }

  #traced(leg: JingleLeg, side: 'caller' | 'callee', call: string): LosableLeg {
    return tracedLeg(leg, side, call, this.#options.signals);
  }

  #join(_call: string, caller: LosableLeg, callee: LosableLeg): void {
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
