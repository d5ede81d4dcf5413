import type { LocalPort } from '@crosspoint/xmpp';
import { xml } from '@crosspoint/xmpp';
import type { XmppServer } from '@crosspoint/xmpp/node';
import { JingleEndpoint, type JingleEndpointOptions } from '../leg/jingle-endpoint.ts';
import { NS } from '../namespaces.ts';
import { bareJid } from '../session/initiation-step.ts';
import { answerAsEntity } from '../stanza/entity-answers.ts';
import type { XmlElement } from '../xml/element.ts';
import { fromTree, toTree, type XmlTree } from '../xml/tree.ts';
import { newId } from './new-id.ts';
import { systemClock } from './system-clock.ts';

export interface ServerAttachmentOptions
  extends Pick<JingleEndpointOptions, 'onCall' | 'onProposal' | 'onFinding' | 'replyMs' | 'sessions'> {
  readonly server: XmppServer;
  /** The resource of each user: `web`. */
  readonly resource: string;
  /** What the entity calls itself (XEP-0030). */
  readonly name: string;
  /** Every stanza of a user, before it is sent and when it has come. Must not throw. */
  readonly tap?: (direction: 'in' | 'out', stanza: XmlElement) => void;
}

/** Users of the embedded server who call by Jingle and have no XMPP client of their own: one resource each. */
export class ServerAttachment {
  readonly endpoint: JingleEndpoint;
  readonly #options: ServerAttachmentOptions;
  readonly #ports = new Map<string, LocalPort>();

  constructor(options: ServerAttachmentOptions) {
    const { server, resource, name: _, tap: __, ...endpoint } = options;
    this.#options = options;
    this.endpoint = new JingleEndpoint({
      ...endpoint,
      send: (stanza) => this.#send(stanza),
      clock: systemClock,
      newId,
      selfOf: (to) => (bareJid(to) === to ? `${to}/${resource}` : to),
    });
    void server;
  }

  /** The full address of a user: `alice@example.org/web`. */
  jidOf(name: string): string {
    return `${name}@${this.#options.server.domain}/${this.#options.resource}`;
  }

  has(name: string): boolean {
    return this.#ports.has(this.jidOf(name));
  }

  /** A user is there from now on. @throws RangeError for a name that cannot be an address */
  join(name: string): void {
    const { server, resource } = this.#options;
    if (this.has(name)) return;
    const port = server.attach(name, resource, { deliver: (stanza) => this.#deliver(stanza) });
    this.#ports.set(port.jid, port);
    port.send(xml('presence'));
  }

  /** A user is gone, and the calls with it: who called is told. */
  leave(name: string): void {
    const jid = this.jidOf(name);
    this.#ports.get(jid)?.close();
    this.#ports.delete(jid);
  }

  close(): void {
    this.endpoint.close({ condition: 'gone', details: [], text: 'the server stops' });
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }

  #send(stanza: XmlElement): void {
    const port = this.#ports.get(stanza.attrs.from ?? '');
    if (port === undefined) return;
    this.#options.tap?.('out', stanza);
    port.send(toTree(stanza, NS.client));
  }

  #deliver(tree: XmlTree): void {
    const stanza = fromTree(tree, NS.client);
    this.#options.tap?.('in', stanza);
    if (this.endpoint.receive(stanza)) return;
    const answer = answerAsEntity(stanza, this.#options.name);
    if (answer !== undefined) this.#send(answer);
  }
}
