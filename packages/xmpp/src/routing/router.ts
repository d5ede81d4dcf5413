import { bareJid, type Jid, parseJid } from '../address/jid.ts';
import { NS } from '../namespaces.ts';
import type { Users } from '../sasl/users.ts';
import type { Service } from '../services/service.ts';
import { stanzaFault, takesNoError } from '../stanza/stanza.ts';
import { errorReply, type StanzaCondition } from '../stanza/stanza-error.ts';
import { elementsOf, withAttrs, type XmlElement, xml } from '../xml/element.ts';
import { BlockLists } from './block-lists.ts';
import { isCopied } from './carbons.ts';
import { copySent, deliverMessage } from './deliver-message.ts';
import { becomeAvailable, becomeUnavailable, deliverPresence, directPresence } from './presence.ts';
import { sendSubscription } from './presence-subscription.ts';
import { Roster } from './roster.ts';
import type { Addressed, RouterState } from './router-state.ts';
import type { Session, SessionUser } from './session.ts';
import { SessionTable } from './session-table.ts';
import { isSubscriptionType } from './subscription.ts';

export interface RouterOptions {
  readonly domain: string;
  readonly users: Pick<Users, 'has'>;
  readonly services: readonly Service[];
  /** Contacts in one roster. */
  readonly contacts: number;
  /** Takes a stanza for a domain that is connected here as a component; `false`: there is none. */
  readonly toComponent: (domain: string, stanza: XmlElement) => boolean;
  /** Takes a stanza for another server. */
  readonly toServer: (domain: string, stanza: XmlElement) => void;
}

/** Where stanzas go (RFC 6120 section 10, RFC 6121 section 8). Takes and gives trees; touches no network. */
export class Router {
  readonly sessions: SessionTable;
  readonly blocked = new BlockLists();
  readonly #options: RouterOptions;
  readonly #rosters = new Map<string, Roster>();
  readonly #state: RouterState;
  /** Stanzas that went through, of any kind. */
  routed = 0;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.sessions = new SessionTable(options.domain);
    this.#state = {
      domain: options.domain,
      users: options.users,
      sessions: this.sessions,
      blocked: this.blocked,
      rosterOf: (local) => this.rosterOf(local),
      route: (stanza) => this.route(stanza),
      refuse: (stanza, condition, text) => this.#refuse(stanza, condition, text),
    };
  }

  rosterOf(local: string): Roster {
    let roster = this.#rosters.get(local);
    if (roster === undefined) {
      roster = new Roster(this.#options.contacts);
      // Nobody fills the memory with rosters of users who do not exist.
      if (this.#options.users.has(local)) this.#rosters.set(local, roster);
    }
    return roster;
  }

  bind(local: string, resource: string, user: SessionUser): Session {
    return this.sessions.add(local, resource, user);
  }

  /** The resource is gone: who saw it learns that. */
  unbind(session: Session): void {
    if (this.sessions.remove(session)) becomeUnavailable(this.#state, session);
  }

  /**
   * Takes what a resource sent. `false`: its `from` is somebody else, which ends a client's stream (RFC 6120
   * section 8.1.2.1).
   */
  accept(session: Session, sent: XmlElement): boolean {
    const claimed = sent.attrs.from;
    if (claimed !== undefined && claimed !== session.full && claimed !== session.bare) {
      const from = parseJid(claimed);
      if (from === undefined || bareJid(from) !== session.bare) return false;
      if (from.resource !== undefined && from.resource !== session.jid.resource) return false;
    }
    const stanza = withAttrs(sent, { from: session.full });
    const fault = stanzaFault(stanza);
    if (fault !== undefined) {
      this.#refuse(stanza, 'bad-request', fault);
      return true;
    }
    const to = stanza.attrs.to === undefined ? undefined : parseJid(stanza.attrs.to);
    if (stanza.attrs.to !== undefined && to === undefined) this.#refuse(stanza, 'jid-malformed');
    else if (to !== undefined && this.blocked.blocks(session.jid.local, to) && !takesNoError(stanza))
      this.#refuseBlocked(stanza);
    else if (stanza.name === 'presence') this.#acceptPresence(session, stanza, to);
    else {
      const own = to === undefined ? withAttrs(stanza, { to: session.bare }) : stanza;
      if (stanza.name === 'message' && isCopied(stanza)) copySent(this.#state, own, session);
      if (to === undefined) this.#acceptForSelf(session, stanza, own);
      else this.route(stanza);
    }
    return true;
  }

  /** Sends a stanza where it belongs; its `from` has been verified. */
  route(stanza: XmlElement): void {
    this.routed += 1;
    const from = parseJid(stanza.attrs.from ?? '');
    const to = parseJid(stanza.attrs.to ?? '');
    if (from === undefined) return;
    if (to === undefined) {
      this.#refuse(stanza, 'jid-malformed');
      return;
    }
    if (to.domain === this.#options.domain) this.#routeHere({ stanza, from, to });
    else if (!this.#options.toComponent(to.domain, stanza)) this.#options.toServer(to.domain, stanza);
  }

  #acceptPresence(session: Session, stanza: XmlElement, to: Jid | undefined): void {
    const { type } = stanza.attrs;
    if (to === undefined) {
      if (type === undefined) becomeAvailable(this.#state, session, stanza);
      else if (type === 'unavailable') becomeUnavailable(this.#state, session, stanza);
      else if (type !== 'error') this.#refuse(stanza, 'bad-request', `presence ${type} to nobody`);
    } else if (isSubscriptionType(type))
      sendSubscription(this.#state, session, { stanza, from: session.jid, to }, type);
    else directPresence(this.#state, session, stanza);
  }

  /** Without `to` a stanza is for the user's own account (RFC 6120 section 10.3). */
  #acceptForSelf(session: Session, stanza: XmlElement, own: XmlElement): void {
    if (stanza.name === 'message') this.route(own);
    else if (stanza.attrs.type === 'get' || stanza.attrs.type === 'set') {
      // The answer comes from nobody, as the question went to nobody.
      const answer =
        this.#serve(own, session.jid.local, session) ?? errorReply(stanza, 'service-unavailable');
      session.user.deliver(withAttrs(answer, { from: undefined }));
    }
  }

  #routeHere(addressed: Addressed): void {
    const { stanza, from, to } = addressed;
    const { local } = to;
    if (local === undefined) this.#toServer(addressed);
    else if (!this.#options.users.has(local)) {
      // RFC 6121 section 8.5.1: the same as for somebody who is away.
      if (stanza.name !== 'presence') this.#refuse(stanza, 'service-unavailable');
    } else if (this.blocked.blocks(local, from) && bareJid(from) !== `${local}@${this.#options.domain}`) {
      if (stanza.name !== 'presence') this.#refuse(stanza, 'service-unavailable');
    } else if (stanza.name === 'message') deliverMessage(this.#state, addressed);
    else if (stanza.name === 'presence') deliverPresence(this.#state, addressed);
    else this.#deliverIq(addressed, local);
  }

  #deliverIq({ stanza, from, to }: Addressed, local: string): void {
    const asks = stanza.attrs.type === 'get' || stanza.attrs.type === 'set';
    if (to.resource !== undefined) {
      const session = this.sessions.get(local, to.resource);
      if (session !== undefined) session.user.deliver(stanza);
      else if (asks) this.#refuse(stanza, 'service-unavailable');
    } else if (asks) this.#answer(stanza, from, local);
  }

  #toServer({ stanza, from }: Addressed): void {
    const { type } = stanza.attrs;
    if (stanza.name === 'iq' && (type === 'get' || type === 'set')) this.#answer(stanza, from, undefined);
    else if (stanza.name === 'message') this.#refuse(stanza, 'service-unavailable');
  }

  #answer(stanza: XmlElement, from: Jid, account: string | undefined): void {
    const { domain } = this.#options;
    const asker =
      from.domain === domain && from.local !== undefined && from.resource !== undefined
        ? this.sessions.get(from.local, from.resource)
        : undefined;
    const answer = this.#serve(stanza, account, asker);
    if (answer === undefined) this.#refuse(stanza, 'service-unavailable');
    else this.route(answer);
  }

  #serve(iq: XmlElement, account: string | undefined, session: Session | undefined): XmlElement | undefined {
    const payload = elementsOf(iq)[0];
    if (payload === undefined) return undefined;
    const set = iq.attrs.type === 'set';
    for (const service of this.#options.services) {
      const answer = service({ iq, payload, set, account, session, state: this.#state });
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  #refuse(stanza: XmlElement, condition: StanzaCondition, text?: string): void {
    if (takesNoError(stanza) || stanza.attrs.from === undefined) return;
    this.#sendError(errorReply(stanza, condition, text));
  }

  #refuseBlocked(stanza: XmlElement): void {
    if (stanza.name === 'presence') return;
    this.#sendError(
      errorReply(stanza, 'not-acceptable', undefined, xml('blocked', { xmlns: NS.blockingErrors })),
    );
  }

  /** An error comes from who could not be reached; that address may be no address, so it is not looked at. */
  #sendError(error: XmlElement): void {
    const to = parseJid(error.attrs.to ?? '');
    if (to === undefined) return;
    if (to.domain !== this.#options.domain) this.route(error);
    else if (to.local !== undefined && to.resource !== undefined)
      this.sessions.get(to.local, to.resource)?.user.deliver(error);
  }
}
