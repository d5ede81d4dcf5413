import type { LosableLeg } from '@crosspoint/gateway';
import type { EndReason, Tap } from '@crosspoint/signaling';
import { SMALLEST_SESSION_EXPIRES } from '@crosspoint/sip';
import {
  type IncomingCall,
  IncomingSipLeg,
  type ListeningPoint,
  OutgoingSipLeg,
  SipAgent,
  type SipTarget,
  sipTrace,
  systemClock,
  TrustedHops,
} from '@crosspoint/sip/node';
import {
  joinLegs,
  type SeededChange,
  startWebServer,
  type WebCallIn,
  type WebServer,
} from '@crosspoint/web-phone/node';
import type { FederationMember, ServerCounts, ServerPlan } from './federation-member.ts';
import { type FederationWay, LOCAL, LOOPBACK_LIMITS, targetAt, trustIn, uriOf } from './federation-way.ts';

export interface FederatedServerOptions extends Omit<ServerPlan, 'defect'> {
  /** Told what this server saw. */
  readonly tap: Tap;
  readonly change: () => SeededChange | undefined;
}

type Hosts = Map<string, SipTarget>;

/** One of the two servers: its users, and their calls to and from the other one. */
export class FederatedServer implements FederationMember {
  readonly web: WebServer;
  readonly domain: string;
  readonly sip: ListeningPoint;
  readonly #agent: SipAgent;
  readonly #options: FederatedServerOptions;
  readonly #hosts: Hosts;
  readonly #trusted: TrustedHops;
  readonly #peers: Set<string>;
  readonly pid = undefined;
  #calls = 0;
  #routes: readonly string[] = [];

  private constructor(
    options: FederatedServerOptions,
    web: WebServer,
    agent: SipAgent,
    sip: ListeningPoint,
    known: { readonly hosts: Hosts; readonly trusted: TrustedHops; readonly peers: Set<string> },
  ) {
    this.#options = options;
    this.domain = options.domain;
    this.web = web;
    this.#agent = agent;
    this.sip = sip;
    this.#hosts = known.hosts;
    this.#trusted = known.trusted;
    this.#peers = known.peers;
  }

  static async start(options: FederatedServerOptions): Promise<FederatedServer> {
    const known = { hosts: new Map() as Hosts, trusted: new TrustedHops(), peers: new Set<string>() };
    const { domain, secret, transport } = options;
    const parts: { server?: FederatedServer } = {};
    const agent = new SipAgent({
      user: options.node,
      hosts: known.hosts,
      limits: LOOPBACK_LIMITS,
      trusted: known.trusted,
      // Over TCP nothing but a password tells who opened a connection.
      strangers:
        transport === 'tcp'
          ? {
              realm: domain,
              passwordOf: (user) => (known.peers.has(user) ? secret : undefined),
              algorithms: ['SHA-256'],
            }
          : 'refuse',
      credentials: { user: domain, password: secret },
      sessionTimer: {
        expires: options.sessionExpires,
        minimum: Math.min(options.sessionExpires, SMALLEST_SESSION_EXPIRES),
      },
      // Both ends show a certificate by the federation's authority: who has none is not spoken to.
      tls: { ...options.identity, ca: options.ca, requestCert: true, rejectUnauthorized: true },
      tap: sipTrace({
        node: options.node,
        peerOf: () => parts.server?.peer ?? 'server',
        callOf: (callId) => callId.split('@')[0],
        now: Date.now,
        tap: (entry) => parts.server?.web.tap(entry),
      }),
      onInvite: (call) => parts.server?.invited(call),
    });
    const sip = await agent.listen({ transport, host: LOCAL, port: options.sipPort ?? 0 });
    const web = await startWebServer({
      ...options.web,
      tap: options.tap,
      topology: 'trapezoid',
      node: options.node,
      onCall: (call) => parts.server?.called(call),
    }).catch(async (error: unknown) => {
      await agent.close();
      throw error;
    });
    parts.server = new FederatedServer(options, web, agent, sip, known);
    return parts.server;
  }

  get url(): string {
    return this.web.url;
  }

  get port(): number {
    return this.web.port;
  }

  get sipPort(): number {
    return this.sip.port;
  }

  get show(): Tap {
    return this.web.show;
  }

  async counts(): Promise<ServerCounts> {
    const { dialogs, client, server } = this.#agent.counts;
    return { calls: this.#calls, dialogs, transactions: client + server };
  }

  /** The node at the other end of its SIP. */
  peer = '';

  /** Makes the other server known: the way to its domain, and by what a call from there is known to be one. */
  federate({ domain, hop, isProxy }: FederationWay): void {
    const { transport } = this.#options;
    const trusted = trustIn(hop, transport);
    if (trusted !== undefined) this.#trusted.add(trusted);
    if (isProxy) this.#routes = [`<${uriOf(hop, transport)};lr>`];
    else this.#hosts.set(domain, targetAt(hop, transport));
    this.#peers.add(domain);
    this.peer = hop.node;
  }

  /** A page of ours calls. */
  called({ leg, from, to, server }: WebCallIn): void {
    const [user = '', domain = this.domain] = to.replace(/^sip:/, '').split('@');
    if (domain === this.domain) {
      const callee = user === from ? undefined : server.ring(user, from, leg.traceCall);
      if (callee === undefined) return refuse(leg, { code: 'not-found', text: `there is no ${user} here` });
      this.#join(leg, callee);
      return;
    }
    if (!this.#peers.has(domain) || !/^[a-z0-9._-]{1,64}$/.test(user)) {
      return refuse(leg, { code: 'not-found', text: `there is no way to ${to}` });
    }
    const callee = new OutgoingSipLeg({
      agent: this.#agent,
      clock: systemClock,
      random: Math.random,
      to: `sip:${user}@${domain}`,
      from: `sip:${from}@${this.domain}`,
      callId: `${leg.traceCall}@${this.domain}`,
      ...(this.#routes.length > 0 ? { routes: this.#routes } : {}),
    });
    this.#join(leg, callee);
  }

  /** The other server calls one of our users. */
  invited(call: IncomingCall): void {
    const target = /^sips?:([^@;]+)@([^:;]+)/.exec(call.invite.uri);
    const caller = /^sips?:([^@;]+)@([^:;>]+)/.exec(call.invite.from.uri);
    // Whoever brings it is known by now. No open relay: only for federated domains, and only to our own users.
    if (caller === null || !this.#peers.has(caller[2]!)) return call.refuse(403);
    if (call.source.user !== undefined && call.source.user !== caller[2]) return call.refuse(403);
    if (target === null || (target[2] !== this.domain && target[2] !== LOCAL)) return call.refuse(403);
    const leg = new IncomingSipLeg(call, { clock: systemClock, random: Math.random });
    const party = `${caller[1]}@${caller[2]}`;
    const callee = this.web.signaling.ring(target[1]!, party, call.invite.callId.split('@')[0]!);
    if (callee === undefined)
      return refuse(leg, { code: 'not-found', text: `there is no ${target[1]} here` });
    this.#join(leg, callee, { seeded: false });
  }

  #join(caller: LosableLeg, callee: LosableLeg, { seeded } = { seeded: true }): void {
    const { noAnswerMs, change } = this.#options;
    this.#calls++;
    joinLegs({
      caller,
      callee,
      onOver: () => {
        this.#calls--;
      },
      // The server of the caller watches the time; the other one's only ends what the first one lost.
      ...(noAnswerMs !== undefined ? { noAnswerMs: seeded ? noAnswerMs : noAnswerMs + 5000 } : {}),
      change: seeded ? change() : undefined,
    });
  }

  async close(): Promise<void> {
    await this.web.close();
    await this.#agent.close();
  }
}

function refuse(leg: { send(signal: { type: 'end'; reason: EndReason }): void }, reason: EndReason): void {
  leg.send({ type: 'end', reason });
}
