import { type LocalPort, parseJid, writeJid, xml } from '@crosspoint/xmpp';
import type { XmppServer } from '@crosspoint/xmpp/node';
import { IncomingJingleLeg } from '../leg/incoming-leg.ts';
import { JingleEndpoint, type JingleEndpointOptions } from '../leg/jingle-endpoint.ts';
import { OutgoingJingleLeg } from '../leg/outgoing-leg.ts';
import { NS } from '../namespaces.ts';
import { bareJid } from '../session/initiation-step.ts';
import { answerAsEntity } from '../stanza/entity-answers.ts';
import type { XmlElement } from '../xml/element.ts';
import { fromTree, toTree, type XmlTree } from '../xml/tree.ts';
import { newId } from './new-id.ts';
import { type StanzaCalls, traceCallOf } from './stanza-trace.ts';
import { systemClock } from './system-clock.ts';

/** A call that a Jingle client places to one of the people. */
export interface JingleCallIn {
  readonly leg: IncomingJingleLeg;
  /** Who is called, by name. */
  readonly to: string;
  /** Who calls: a bare JID. */
  readonly from: string;
  /** The call in the trace. */
  readonly call: string;
}

export interface JinglePeopleOptions
  extends Pick<JingleEndpointOptions, 'onFinding' | 'replyMs' | 'sessions'> {
  readonly server: XmppServer;
  /** The resource of each: `web`. */
  readonly resource: string;
  /** What each calls itself where it is asked (XEP-0030). */
  readonly name: string;
  /** The domains besides our own that may be called: no way leads elsewhere. */
  readonly reaches: (domain: string) => boolean;
  readonly calls: StanzaCalls;
  readonly onCall: (call: JingleCallIn) => void;
}

/**
 * People of the embedded server who have a page and no XMPP client of their own: one resource each, and one endpoint for
 * the calls of all.
 */
export class JinglePeople {
  readonly #options: JinglePeopleOptions;
  readonly #endpoint: JingleEndpoint;
  readonly #ports = new Map<string, LocalPort>();

  constructor(options: JinglePeopleOptions) {
    this.#options = options;
    const { resource, calls, onFinding, replyMs, sessions } = options;
    this.#endpoint = new JingleEndpoint({
      ...(onFinding === undefined ? {} : { onFinding }),
      ...(replyMs === undefined ? {} : { replyMs }),
      ...(sessions === undefined ? {} : { sessions }),
      send: (stanza) => this.#send(stanza),
      clock: systemClock,
      newId,
      selfOf: (to) => (bareJid(to) === to ? `${to}/${resource}` : to),
      // A page is rung by an offer, and that comes with the session: the proposal is taken at once. Nobody here has two
      // devices, so that no other one stops ringing for it.
      onProposal: (proposal) => {
        calls.begin(traceCallOf(proposal.id), 'caller');
        proposal.take();
      },
      onCall: (session, stanza) => {
        const call = traceCallOf(stanza.sid);
        calls.begin(call, 'caller');
        const leg = new IncomingJingleLeg(session, stanza, { endpoint: this.#endpoint });
        const to = parseJid(session.self)?.local ?? '';
        options.onCall({ leg, to, from: bareJid(session.peer), call });
      },
    });
  }

  /** What is going on: all zero when nothing is. */
  get counts(): { readonly sessions: number; readonly initiations: number } {
    const { calls, initiations } = this.#endpoint.counts;
    return { sessions: calls, initiations };
  }

  #jidOf(name: string): string {
    return `${name}@${this.#options.server.domain}/${this.#options.resource}`;
  }

  /** Somebody is there, or gone. A name that cannot be an XMPP address is reached by pages alone. */
  seen(name: string, isHere: boolean): void {
    const jid = this.#jidOf(name);
    const port = this.#ports.get(jid);
    if (!isHere) {
      port?.close();
      this.#ports.delete(jid);
    } else if (port === undefined) this.#join(name);
  }

  #join(name: string): void {
    const { server, resource } = this.#options;
    try {
      const port = server.attach(name, resource, { deliver: (stanza) => this.#deliver(stanza) });
      this.#ports.set(port.jid, port);
      port.send(xml('presence'));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }

  /**
   * A leg to an address; undefined where none leads there.
   * @param call names the call in the trace, and its session: unguessable, an NMTOKEN
   */
  place(call: string, from: string, to: string): OutgoingJingleLeg | undefined {
    const { reaches, calls } = this.#options;
    const target = parseJid(to.replace(/^xmpp:/, ''));
    const self = this.#jidOf(from);
    if (target?.local === undefined || !reaches(target.domain) || !this.#ports.has(self)) return undefined;
    calls.begin(call, 'callee');
    return new OutgoingJingleLeg({ endpoint: this.#endpoint, from: self, to: writeJid(target), sid: call });
  }

  /** Every call ends, with a word to the far side, and everybody leaves. */
  close(): void {
    this.#endpoint.close({ condition: 'gone', details: [], text: 'the server stops' });
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }

  #send(stanza: XmlElement): void {
    this.#ports.get(stanza.attrs.from ?? '')?.send(toTree(stanza, NS.client));
  }

  #deliver(tree: XmlTree): void {
    const stanza = fromTree(tree, NS.client);
    if (this.#endpoint.receive(stanza)) return;
    const answer = answerAsEntity(stanza, this.#options.name);
    if (answer !== undefined) this.#send(answer);
  }
}
