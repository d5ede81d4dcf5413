import type { IncomingMessage } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { XmppClock } from '../clock.ts';
import type { FederatedWay } from '../federation/federation.ts';
import type { XmppFinding } from '../finding.ts';
import { DEFAULT_XMPP_LIMITS, type XmppLimits } from '../limits.ts';
import type { SessionUser } from '../routing/session.ts';
import type { LocalPort } from '../server/local-port.ts';
import { XmppCore } from '../server/xmpp-core.ts';
import type { ExternalService } from '../services/external-services.ts';
import type { Wire, WireHandler } from '../stream/wire.ts';
import { nodeCrypto } from './node-crypto.ts';
import { connectServers, type ServerResolver } from './server-connector.ts';
import { systemClock } from './system-clock.ts';
import type { XmppTap, XmppTapEvent } from './tap.ts';
import { TcpWire } from './tcp-wire.ts';
import type { XmppTls } from './tls-identity.ts';
import { openWebSocketDoor } from './websocket-door.ts';
import { WebSocketWire } from './websocket-wire.ts';
import { isLoopback, type WireOptions, writeRemote } from './wire-options.ts';

export interface XmppServerOptions {
  /** The domain that it is responsible for. */
  readonly domain: string;
  /** Names and passwords. */
  readonly users?: Readonly<Record<string, string>>;
  /** Without it there is no STARTTLS, and only this machine may log in or federate. */
  readonly tls?: XmppTls;
  /** Other servers; without it there is no federation. */
  readonly resolve?: ServerResolver;
  /** The secret of each component, by its domain (XEP-0114). */
  readonly components?: Readonly<Record<string, string>>;
  /** STUN and TURN servers for a user, a bare JID (XEP-0215). */
  readonly externalServices?: (user: string) => readonly ExternalService[];
  readonly limits?: Partial<XmppLimits>;
  readonly clock?: XmppClock;
  readonly tap?: XmppTap;
  readonly onFinding?: (finding: XmppFinding) => void;
}

export type XmppService = 'client' | 'websocket' | 'server' | 'component';

export interface XmppListenOptions {
  readonly service: XmppService;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
}

/** An XMPP server in this process. */
export class XmppServer {
  readonly domain: string;
  readonly #core: XmppCore;
  readonly #options: XmppServerOptions;
  readonly #limits: XmppLimits;
  readonly #clock: XmppClock;
  readonly #doors: { close(): Promise<void> }[] = [];
  readonly #sockets = new Set<{ destroy(): void }>();

  /** @throws RangeError for a user's name that cannot be */
  constructor(options: XmppServerOptions) {
    this.#options = options;
    this.domain = options.domain;
    this.#limits = { ...DEFAULT_XMPP_LIMITS, ...options.limits };
    this.#clock = options.clock ?? systemClock;
    const { resolve, tls } = options;
    const taken = (socket: Socket, domain: string, handlerOf: (wire: Wire) => WireHandler): void =>
      this.#tcp(socket, { ...this.#wireOptions('server'), connectedTo: domain }, handlerOf);
    this.#core = new XmppCore({
      domain: options.domain,
      crypto: nodeCrypto,
      clock: this.#clock,
      limits: this.#limits,
      tls: tls !== undefined,
      tlsRequired: true,
      federationTls: tls === undefined ? 'none' : 'required',
      components: options.components ?? {},
      externalServices: options.externalServices ?? (() => []),
      connect: resolve === undefined ? undefined : connectServers(resolve, this.#limits.federationMs, taken),
      found: (finding) => options.onFinding?.(finding),
    });
    for (const [name, password] of Object.entries(options.users ?? {})) this.addUser(name, password);
  }

  /** What goes on, for tests and figures. */
  get counts(): {
    readonly connections: number;
    readonly strangers: number;
    readonly refused: number;
    readonly sessions: number;
    readonly resources: number;
    readonly components: number;
    readonly serversIn: number;
    readonly serversOut: number;
    readonly routed: number;
  } {
    const { admission, sessions, router, components, federation } = this.#core;
    return {
      connections: admission.size,
      strangers: admission.strangers,
      refused: admission.refused,
      sessions,
      resources: router.sessions.size,
      components: components.size,
      serversIn: federation.incoming,
      serversOut: federation.ways.length,
      routed: router.routed,
    };
  }

  /** The ways to other servers and how they were proven. */
  get federated(): readonly FederatedWay[] {
    return this.#core.federation.ways;
  }

  /** @throws RangeError for a name that cannot be */
  addUser(name: string, password: string): void {
    this.#core.users.add(name, password);
  }

  /** Whether a user is logged in with some resource that said it is there. */
  isPresent(name: string): boolean {
    return this.#core.router.sessions.available(name).length > 0;
  }

  removeUser(name: string): void {
    this.#core.users.remove(name);
  }

  /** Puts each into the other's roster, seen both ways: users of this server by name, others by address. */
  befriend(one: string, other: string): void {
    this.#core.befriend(one, other);
  }

  /**
   * Binds a resource for something in this process, which `user.deliver` gives its stanzas.
   * @throws RangeError for an address that cannot be, or is taken
   */
  attach(name: string, resource: string | undefined, user: SessionUser): LocalPort {
    return this.#core.attach(name, resource, user);
  }

  /** Opens one more door. Rejects with the socket's error. */
  async listen({
    service,
    host,
    port,
  }: XmppListenOptions): Promise<{ readonly host: string; readonly port: number }> {
    if (service === 'websocket') {
      const door = await openWebSocketDoor(host, port, this.#limits.xml.stanza * 4, (socket, request) =>
        this.acceptWebSocket(socket, request),
      );
      this.#doors.push(door);
      return door.local;
    }
    const accept = (wire: Wire): WireHandler | undefined => {
      if (service === 'client') return this.#core.acceptClient(wire);
      return service === 'server' ? this.#core.acceptServer(wire) : this.#core.acceptComponent(wire);
    };
    const server = createServer({ allowHalfOpen: true }, (socket) =>
      this.#tcp(socket, this.#wireOptions(service), accept),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    server.on('error', () => {});
    this.#doors.push({ close: () => closeServer(server) });
    const local = server.address();
    if (local === null || typeof local === 'string') throw new Error('a listener without a port');
    return { host: local.address, port: local.port };
  }

  /** Takes a WebSocket with the subprotocol `xmpp` that a web server has accepted (RFC 7395). */
  acceptWebSocket(socket: WebSocket, request: IncomingMessage): void {
    const { remoteAddress, remotePort } = request.socket;
    const place = {
      remote: writeRemote(remoteAddress, remotePort),
      loopback: isLoopback(remoteAddress),
      secure: 'encrypted' in request.socket && request.socket.encrypted === true,
    };
    const wire = new WebSocketWire(socket, place, this.#wireOptions('client'));
    const handler = this.#core.acceptClient(wire);
    if (handler === undefined) return;
    wire.handler = handler;
    const entry = { destroy: () => socket.terminate() };
    this.#sockets.add(entry);
    socket.on('close', () => this.#sockets.delete(entry));
  }

  /** Ends all streams and doors, and waits until the sockets are gone. */
  async close(): Promise<void> {
    const closed = this.#doors.map((door) => door.close());
    this.#core.close();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #wireOptions(service: XmppTapEvent['service']): WireOptions {
    const { tls, tap } = this.#options;
    const xml = this.#limits.strangerXml;
    return { service, xml, limits: this.#limits, clock: this.#clock, tls, tap };
  }

  #tcp(socket: Socket, options: WireOptions, handlerOf: (wire: Wire) => WireHandler | undefined): void {
    const wire = new TcpWire(socket, options);
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    const handler = handlerOf(wire);
    if (handler === undefined) socket.destroy();
    else wire.handler = handler;
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
