import { parseLocal, parseResource } from '../address/jid.ts';
import type { XmppClock } from '../clock.ts';
import { ComponentTable } from '../component/component-table.ts';
import { Federation, type ServerConnector } from '../federation/federation.ts';
import type { FederationTls } from '../federation/federation-host.ts';
import type { XmppFinding } from '../finding.ts';
import type { XmppLimits } from '../limits.ts';
import { Router } from '../routing/router.ts';
import type { SessionUser } from '../routing/session.ts';
import { hex, type XmppCrypto } from '../sasl/crypto.ts';
import { Users } from '../sasl/users.ts';
import { blockingService } from '../services/blocking-service.ts';
import { discoService, serverCaps } from '../services/disco.ts';
import { type ExternalService, externalServicesService } from '../services/external-services.ts';
import { pingService } from '../services/ping.ts';
import { rosterService } from '../services/roster-service.ts';
import { carbonsService, sessionService } from '../services/session-service.ts';
import { takesNoError } from '../stanza/stanza.ts';
import { errorReply } from '../stanza/stanza-error.ts';
import { Admission } from '../stream/admission.ts';
import type { ClientHost } from '../stream/client-host.ts';
import type { ClientSide } from '../stream/client-negotiation.ts';
import { ClientSession, type SessionLink } from '../stream/client-session.ts';
import { ClientStream } from '../stream/client-stream.ts';
import type { Wire, WireHandler } from '../stream/wire.ts';
import { withAttrs, type XmlElement } from '../xml/element.ts';
import { LocalPort } from './local-port.ts';

export interface XmppCoreOptions {
  readonly domain: string;
  readonly crypto: XmppCrypto;
  readonly clock: XmppClock;
  readonly limits: XmppLimits;
  /** STARTTLS can be done: there is a certificate. */
  readonly tls: boolean;
  /** Clients must use TLS, this machine's excepted. */
  readonly tlsRequired: boolean;
  readonly federationTls: FederationTls;
  /** Components by domain, with the secret that proves each (XEP-0114). */
  readonly components: Readonly<Record<string, string>>;
  /** STUN and TURN servers for a user, a bare JID (XEP-0215). */
  readonly externalServices: (user: string) => readonly ExternalService[];
  /** Opens a connection to another server; `undefined`: there is no federation. */
  readonly connect: ServerConnector | undefined;
  readonly found: (finding: XmppFinding) => void;
}

/** The server without its sockets: wires come in, stanzas go where they belong. */
export class XmppCore implements ClientHost {
  readonly users: Users;
  readonly router: Router;
  readonly components: ComponentTable;
  readonly federation: Federation;
  readonly admission: Admission;
  readonly clock: XmppClock;
  readonly limits: XmppLimits;
  readonly #options: XmppCoreOptions;
  readonly #sessions = new Map<string, ClientSession>();
  readonly #caps: XmlElement;

  constructor(options: XmppCoreOptions) {
    const { domain, crypto, clock, limits } = options;
    this.#options = options;
    this.clock = clock;
    this.limits = limits;
    this.users = new Users(crypto);
    this.admission = new Admission(limits.connections, limits.strangers);
    this.#caps = serverCaps(crypto, `https://${domain}/`);
    const route = (stanza: XmlElement): void => this.router.route(stanza);
    const found = options.found;
    this.components = new ComponentTable({
      secrets: options.components,
      crypto,
      clock,
      limits,
      found,
      route,
    });
    this.federation = new Federation({
      hosts: (name) => name === domain || this.components.serves(name),
      connect: options.connect,
      tls: options.federationTls,
      crypto,
      clock,
      limits,
      found,
      route,
    });
    this.router = new Router({
      domain,
      users: this.users,
      contacts: limits.contacts,
      services: [
        pingService,
        discoService(() => this.components.domains),
        rosterService,
        carbonsService,
        sessionService,
        blockingService,
        externalServicesService(options.externalServices),
      ],
      toComponent: (name, stanza) => this.components.deliver(name, stanza),
      toServer: (name, stanza) => this.federation.send(name, stanza),
    });
  }

  /** Sessions of clients, those that wait for theirs to come back among them. */
  get sessions(): number {
    return this.#sessions.size;
  }

  found(finding: XmppFinding): void {
    this.#options.found(finding);
  }

  /** A client connected; `undefined`: there is no room, the wire is closed. */
  acceptClient(wire: Wire): WireHandler | undefined {
    return this.#admit(wire, (each) => new ClientStream(each, this));
  }

  acceptServer(wire: Wire): WireHandler | undefined {
    return this.#admit(wire, (each) => this.federation.accept(each, this.admission));
  }

  acceptComponent(wire: Wire): WireHandler | undefined {
    return this.#admit(wire, (each) => this.components.accept(each, this.admission));
  }

  /**
   * Binds a resource for something in this process. The user need not be known and cannot log in by that.
   * @throws RangeError for a name that cannot be, or is taken
   */
  attach(name: string, resource: string | undefined, user: SessionUser): LocalPort {
    const local = parseLocal(name);
    const wanted = parseResource(resource ?? this.#randomResource());
    if (local === undefined || wanted === undefined)
      throw new RangeError(`${name}/${resource} is no address of a resource`);
    if (this.router.sessions.get(local, wanted) !== undefined)
      throw new RangeError(`${local}/${wanted} is there already`);
    if (!this.users.has(local)) this.users.host(local);
    return new LocalPort(this.router.bind(local, wanted, user), this.router, this.limits.xml);
  }

  /** Lets two users of this server see each other, as if both had asked and agreed. */
  befriend(one: string, other: string): void {
    for (const [local, contact] of [
      [one, other],
      [other, one],
    ] as const) {
      const roster = this.router.rosterOf(local);
      const jid = contact.includes('@') ? contact : `${contact}@${this.#options.domain}`;
      roster.put({ ...roster.get(jid), subscription: 'both', ask: false, asked: false, listed: true });
    }
  }

  /** Ends everything that goes on. */
  close(): void {
    for (const session of [...this.#sessions.values()]) session.evict('system-shutdown', 'the server stops');
    this.components.close();
    this.federation.close();
  }

  sideOf(wire: Wire): ClientSide {
    const { domain, crypto, tls, tlsRequired } = this.#options;
    return {
      domain,
      users: this.users,
      crypto,
      tls: tls && wire.carrier === 'tcp',
      tlsRequired: tlsRequired && !wire.loopback,
      loopback: wire.loopback,
      caps: this.#caps,
    };
  }

  bind(user: string, resource: string | undefined, link: SessionLink): ClientSession | undefined {
    const { sessions } = this.router;
    let name = resource ?? this.#randomResource();
    const taken = sessions.get(user, name);
    // Of two with one name the newer is the one that lives (RFC 6120 section 7.7.2.2).
    if (taken?.user instanceof ClientSession) taken.user.evict('conflict', 'the resource was bound again');
    else if (taken !== undefined) name = this.#randomResource();
    if (sessions.of(user).length >= this.limits.resources) {
      const stale = sessions.of(user).find((each) => each.user instanceof ClientSession && each.user.lost);
      if (!(stale?.user instanceof ClientSession)) return undefined;
      stale.user.end();
    }
    const session = new ClientSession(hex(this.#options.crypto.random(16)), this, link);
    session.bound = this.router.bind(user, name, session);
    this.#sessions.set(session.id, session);
    return session;
  }

  resumable(user: string, id: string): ClientSession | undefined {
    const session = this.#sessions.get(id);
    return session?.resumable === true && session.bound.jid.local === user ? session : undefined;
  }

  accept(session: ClientSession, stanza: XmlElement): boolean {
    return this.router.accept(session.bound, stanza);
  }

  /** What did not arrive goes back, or is nobody's loss (XEP-0198 section 8). */
  ended(session: ClientSession, undelivered: readonly XmlElement[]): void {
    this.#sessions.delete(session.id);
    const { bound } = session;
    const { full, bare } = bound;
    this.router.unbind(bound);
    for (const stanza of undelivered) {
      const { to, from } = stanza.attrs;
      if (stanza.name === 'presence' || takesNoError(stanza) || from === undefined || from === bare) continue;
      if (to === full) this.router.route(errorReply(stanza, 'recipient-unavailable'));
      else if (this.router.sessions.available(bound.jid.local).length === 0)
        this.router.route(errorReply(withAttrs(stanza, { to: bare }), 'service-unavailable'));
    }
  }

  #randomResource(): string {
    return hex(this.#options.crypto.random(8));
  }

  #admit<T extends WireHandler & { evict(): void }>(wire: Wire, make: (wire: Wire) => T): T | undefined {
    const stream = make(wire);
    if (this.admission.admit(stream)) return stream;
    this.found({
      code: 'too-many-connections',
      text: `${this.admission.size} are open`,
      remote: wire.remote,
    });
    stream.ended(undefined);
    wire.destroy();
    return undefined;
  }
}
