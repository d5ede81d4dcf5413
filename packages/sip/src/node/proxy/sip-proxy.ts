import type { SipRequest, SipResponse } from '../../message/message.ts';
import { isSipUri, type SipUri } from '../../message/uri.ts';
import { writeMessage } from '../../message/write-message.ts';
import type { ClockHandle } from '../clock.ts';
import { type EndpointOptions, SipEndpoint } from '../endpoint/endpoint.ts';
import { targetOf } from '../endpoint/next-hop.ts';
import type { SendOptions } from '../endpoint/sent-request.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import { type Flow, type SipTransport, writeAddress } from '../transport/flow.ts';
import type { ListeningPoint, ListenOptions } from '../transport/transports.ts';
import { TrustedHops } from '../transport/trusted-hops.ts';
import { RouteMarks } from './flow-token.ts';
import { Fork } from './fork.ts';
import { Gate, type GateOptions } from './gate.ts';
import { type Binding, Location, type LocationLimits } from './location.ts';
import { loopHash, seesLoop } from './loop.ts';
import { OwnAddresses } from './own-addresses.ts';
import { OwnRoutes, type Routed } from './own-routes.ts';
import { DEFAULT_REGISTRAR_OPTIONS, Registrar, type RegistrarOptions } from './registrar.ts';

export interface ProxyOptions extends EndpointOptions {
  /** Domains that are served, besides the addresses listened on. */
  readonly domains: readonly string[];
  /** Users and how they are asked; without it everybody may register and call, which only suits a lab. */
  readonly gate?: GateOptions;
  readonly registrar?: Partial<RegistrarOptions>;
  readonly location?: Partial<LocationLimits>;
  /** With a gate: whether somebody of another domain may call our users without a password. Default: yes, as mail. */
  readonly guests?: boolean;
  /** Next hops that may relay and call without a password: gateways, other proxies. */
  readonly trusted?: TrustedHops;
  /** Sends an address of a served domain elsewhere than to the location: a trunk, a gateway. Gives a URI. */
  readonly route?: (uri: SipUri, request: SipRequest) => string | undefined;
}

/** Where one forwarded request goes. */
interface Destination {
  readonly uri: string;
  readonly routes: readonly string[];
  readonly options: SendOptions;
  /** The flow that later requests must take to get there, where it is a connection that cannot be opened from here. */
  readonly flow: Flow | undefined;
}

/** Registrar and stateful forking proxy in one (RFC 3261 sections 10 and 16, RFC 5626, RFC 7118). */
export class SipProxy {
  readonly endpoint: SipEndpoint;
  readonly location: Location;
  readonly #options: ProxyOptions;
  readonly #own: OwnAddresses;
  readonly #gate: Gate | undefined;
  readonly #registrar: Registrar;
  readonly #routes: OwnRoutes;
  readonly #trusted: TrustedHops;
  #sweep: ClockHandle | undefined;
  #refusedRelays = 0;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#trusted = options.trusted ?? new TrustedHops();
    this.#own = new OwnAddresses(options.domains);
    this.location = new Location({ users: 100_000, contactsPerUser: 20, ...options.location });
    this.endpoint = new SipEndpoint(
      {
        request: (transaction) => this.#request(transaction),
        ack: (request, flow) => this.#ack(request, flow),
        strayResponse: (response) => this.#strayResponse(response),
        flowClosed: (flow) => this.location.flowClosed(flow),
      },
      { ...options, userSaysTrying: true },
    );
    const { clock, tokens } = this.endpoint;
    this.#routes = new OwnRoutes(this.#own, new RouteMarks(tokens.random), this.endpoint.transports);
    this.#gate =
      options.gate === undefined
        ? undefined
        : new Gate(options.gate, clock, tokens.random, (finding) => this.endpoint.found(finding));
    this.#registrar = new Registrar(this.location, clock, {
      ...DEFAULT_REGISTRAR_OPTIONS,
      ...options.registrar,
    });
  }

  /** What the proxy holds, and how many requests it refused to relay for strangers. */
  get counts(): {
    readonly client: number;
    readonly server: number;
    readonly connections: number;
    readonly users: number;
    readonly refusedRelays: number;
  } {
    return { ...this.endpoint.counts, users: this.location.size, refusedRelays: this.#refusedRelays };
  }

  async listen(options: ListenOptions): Promise<ListeningPoint> {
    const point = await this.endpoint.listen(options);
    this.#own.add(point);
    this.#sweep ??= this.endpoint.clock.after(30_000, () => this.#sweepNow());
    return point;
  }

  async close(): Promise<void> {
    if (this.#sweep !== undefined) this.endpoint.clock.cancel(this.#sweep);
    await this.endpoint.close();
  }

  #sweepNow(): void {
    this.location.sweep(this.endpoint.clock.now());
    this.#sweep = this.endpoint.clock.after(30_000, () => this.#sweepNow());
  }

  #request(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.version !== '2.0') {
      transaction.respond(505);
      return;
    }
    if (request.method === 'CANCEL') {
      // It cancels nothing that is known here (RFC 3261 section 16.10).
      transaction.respond(481);
      return;
    }
    const { maxForwards } = request;
    if (maxForwards === 0) {
      transaction.respond(483);
      return;
    }
    if (request.has('Proxy-Require')) {
      const unknown = request.getAll('Proxy-Require').join(', ');
      transaction.respond(420, undefined, { headers: [['Unsupported', unknown]] });
      return;
    }
    if (seesLoop(request, this.endpoint.tokens)) {
      const remote = writeAddress(transaction.flow.remote);
      this.endpoint.found({ code: 'loop', text: request.uri, remote, clause: 'RFC 3261 section 16.3' });
      transaction.respond(482);
      return;
    }
    const routed = this.#routes.strip(request, transaction.flow);
    if (routed.isOfDialog || routed.request.routes.length > 0) this.#relay(transaction, routed);
    else if (this.#own.isServed(this.endpoint.uris.read(routed.request.uri)))
      this.#serve(transaction, routed.request);
    else this.#relay(transaction, routed);
  }

  /** A request for an address of ours. */
  #serve(transaction: ServerTransaction, request: SipRequest): void {
    const uri = this.endpoint.uris.read(request.uri) as SipUri;
    if (request.method === 'REGISTER') {
      this.#register(transaction);
      return;
    }
    if (uri.user === undefined) {
      if (request.method === 'OPTIONS')
        transaction.respond(200, undefined, { headers: [['Accept', 'application/sdp']] });
      else transaction.respond(404);
      return;
    }
    const admitted = this.#admit(transaction, request);
    if (admitted === undefined) return;
    const destinations = this.#destinationsOf(uri, request);
    if (destinations.length === 0) {
      // Whoever may register is a user: without a gate nobody is known to be none.
      const isKnown = this.#gate === undefined ? false : this.#gate.knows(uri.user);
      transaction.respond(isKnown ? 480 : 404);
      return;
    }
    this.#forward(transaction, admitted, destinations);
  }

  /** Where an address of ours leads. */
  #destinationsOf(uri: SipUri, request: SipRequest): Destination[] {
    const elsewhere = this.#options.route?.(uri, request);
    if (elsewhere !== undefined) return [{ uri: elsewhere, routes: [], options: {}, flow: undefined }];
    if (uri.user === undefined) return [];
    const bindings = this.location.find(uri.user, this.endpoint.clock.now());
    return bindings.map((binding) => this.#toBinding(binding));
  }

  /** A request for somewhere else: only within a dialog that was set up here, or for somebody known. */
  #relay(transaction: ServerTransaction, routed: Routed): void {
    const { request, isOfDialog } = routed;
    let admitted: SipRequest | undefined = request;
    if (!isOfDialog && this.#trusted.find(transaction.flow) === undefined) {
      const isOwnUser =
        this.#gate !== undefined && this.#own.isServed(this.endpoint.uris.read(request.from.uri));
      if (!isOwnUser || request.method === 'REGISTER') {
        this.#refusedRelays += 1;
        const remote = writeAddress(transaction.flow.remote);
        this.endpoint.found({ code: 'relay-refused', text: `${request.method} ${request.uri}`, remote });
        transaction.respond(403, 'Relaying Denied');
        return;
      }
      admitted = this.#admit(transaction, request);
      if (admitted === undefined) return;
    }
    const flow = this.#wayOf(routed);
    // A connection that is gone takes its requests with it (RFC 5626 section 5.3).
    if (flow === 'gone') {
      transaction.respond(430, 'Flow Failed');
      return;
    }
    const destination: Destination = {
      uri: admitted.uri,
      routes: [],
      options: flow === undefined ? {} : { flow },
      flow: undefined,
    };
    this.#forward(transaction, admitted, [destination]);
  }

  /** The request as it may go on; undefined where it was answered. */
  #admit(transaction: ServerTransaction, request: SipRequest): SipRequest | undefined {
    const isTrusted = this.#trusted.find(transaction.flow) !== undefined;
    const clean =
      isTrusted || !request.has('P-Asserted-Identity') ? request : request.remove('P-Asserted-Identity');
    if (this.#gate === undefined || isTrusted) return clean;
    const from = this.endpoint.uris.read(request.from.uri);
    // Who calls from elsewhere has no password here, and can only reach our users.
    if (!this.#own.isServed(from)) {
      if (this.#options.guests !== false) return clean;
      transaction.respond(403, 'Callers of this domain only');
      return undefined;
    }
    const user = this.#gate.userOf(transaction, 'proxy');
    if (user === undefined) return undefined;
    if (!isSipUri(from) || from.user !== user) {
      transaction.respond(403, 'From is somebody else');
      return undefined;
    }
    return this.#gate.without(clean);
  }

  #register(transaction: ServerTransaction): void {
    const { request } = transaction;
    const to = this.endpoint.uris.read(request.to.uri);
    if (!this.#own.isServed(to) || !isSipUri(to) || to.user === undefined) {
      transaction.respond(404);
      return;
    }
    if (this.#gate !== undefined) {
      const user = this.#gate.userOf(transaction, 'www');
      if (user === undefined) return;
      if (user !== to.user) {
        transaction.respond(403, 'To is somebody else');
        return;
      }
    }
    this.#registrar.register(transaction, to.user);
  }

  #toBinding({ uri, path, flow, source }: Binding): Destination {
    if (flow !== undefined && !flow.closed) return { uri, routes: path, options: { flow }, flow };
    if (source === undefined || path.length > 0) return { uri, routes: path, options: {}, flow: undefined };
    return { uri, routes: path, options: { target: { transport: 'udp', ...source } }, flow: undefined };
  }

  #forward(transaction: ServerTransaction, request: SipRequest, destinations: readonly Destination[]): void {
    const { maxForwards, method } = request;
    const isInvite = method === 'INVITE';
    if (isInvite) transaction.respond(100, undefined, {});
    const fork = new Fork(this.endpoint, transaction);
    const base = request.set('Max-Forwards', String(maxForwards === undefined ? 70 : maxForwards - 1));
    const records = request.to.tag === undefined && makesDialog(method);
    const hash = loopHash(transaction.request);
    for (const destination of destinations) {
      const { uri, routes, options, flow } = destination;
      let next = uri === base.uri ? base : base.withUri(uri);
      for (const route of [...routes].reverse()) next = next.prepend('Route', route);
      if (records)
        next = this.#routes.record(next, transaction.flow, this.#transportTo(next, destination), flow);
      const branch = this.endpoint.tokens.branch() + hash;
      fork.add(next, { ...options, branch });
    }
    fork.started();
  }

  #transportTo(request: SipRequest, { uri, options }: Destination): SipTransport | undefined {
    if (options.target !== undefined) return options.target.transport;
    try {
      const hop = this.endpoint.uris.read(request.routes[0]?.uri ?? uri);
      return targetOf(hop, this.endpoint.nextHopOptions)?.transport;
    } catch {
      // The fork's sending meets the same fault and reports it.
      return undefined;
    }
  }

  /** A connection that closed matters only where nothing else leads to the contact. */
  #wayOf({ flow, request }: Routed): Flow | 'gone' | undefined {
    if (flow !== 'gone') return flow;
    const transport = this.#transportTo(request, {
      uri: request.uri,
      routes: [],
      options: {},
      flow: undefined,
    });
    return transport === undefined || transport === 'ws' || transport === 'wss' ? 'gone' : undefined;
  }

  #ack(request: SipRequest, from: Flow): void {
    const { maxForwards } = request;
    if (maxForwards === 0) return;
    const routed = this.#routes.strip(request, from);
    const next = routed.request.set('Max-Forwards', String(maxForwards === undefined ? 70 : maxForwards - 1));
    const uri = this.endpoint.uris.read(next.uri);
    // From a caller that keeps no route set it comes as its INVITE came, and goes where that went.
    if (!routed.isOfDialog && next.routes.length === 0 && this.#own.isServed(uri) && isSipUri(uri)) {
      for (const destination of this.#destinationsOf(uri, next)) {
        const { routes, options } = destination;
        let ack = next.withUri(destination.uri);
        for (const route of [...routes].reverse()) ack = ack.prepend('Route', route);
        this.endpoint.sendStateless(ack, options);
      }
      return;
    }
    // ACK has no answer: what may not pass is dropped.
    if (!routed.isOfDialog && this.#trusted.find(from) === undefined) return;
    const flow = this.#wayOf(routed);
    if (flow === 'gone') return;
    this.endpoint.sendStateless(next, flow === undefined ? {} : { flow });
  }

  /** Passes a response on by its Vias alone: its transactions are over (section 16.7, step 10). */
  #strayResponse(response: SipResponse): void {
    const { branch } = response.via;
    if (branch === undefined || !this.endpoint.tokens.isOwn(branch) || response.vias.length < 2) return;
    const next = response.removeFirst('via');
    const { via } = next;
    const transport = via.transport.toLowerCase();
    if (transport !== 'udp') return;
    const host = via.received ?? via.host;
    const port = Number(via.rport) || (via.port ?? 5060);
    this.endpoint.transports.flowTo({ transport, host, port })?.send(writeMessage(next));
  }
}

function makesDialog(method: string): boolean {
  return method === 'INVITE' || method === 'SUBSCRIBE' || method === 'REFER';
}
