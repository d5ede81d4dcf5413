import type { LosableLeg } from '@crosspoint/gateway';
import { type JingleCallIn, JinglePeople, StanzaCalls, stanzaTrace } from '@crosspoint/jingle/node';
import type { EndReason, Tap } from '@crosspoint/signaling';
import {
  type Identity,
  joinLegs,
  type SeededChange,
  startWebServer,
  type WebCallIn,
  type WebServer,
  type WebServerOptions,
} from '@crosspoint/web-phone/node';
import { XmppServer } from '@crosspoint/xmpp/node';
import { LOCAL } from './federation-way.ts';

export interface JingleServerOptions {
  readonly web: Omit<WebServerOptions, 'topology' | 'onCall' | 'node' | 'tap' | 'onUser'>;
  /** `server-a`, and what the other one is called. */
  readonly node: string;
  readonly neighbour: string;
  readonly domain: string;
  readonly identity: Identity;
  /** The authority by which the other server is known. */
  readonly ca: string;
  readonly noAnswerMs?: number;
  /** Told what this server saw. */
  readonly tap: Tap;
  readonly change: () => SeededChange | undefined;
}

/** What is going on in a server that federates by Jingle: all zero when nothing is. */
export interface JingleServerCounts {
  readonly calls: number;
  readonly sessions: number;
  readonly initiations: number;
}

/** One of two web servers with an XMPP server built in: its users, and their calls to and from the other one. */
export class JingleServer {
  readonly domain: string;
  readonly xmppPort: number;
  readonly #options: JingleServerOptions;
  readonly #xmpp: XmppServer;
  readonly #people: JinglePeople;
  readonly #places: Map<string, number>;
  #web: WebServer | undefined;
  #calls = 0;

  private constructor(
    options: JingleServerOptions,
    xmpp: XmppServer,
    xmppPort: number,
    calls: StanzaCalls,
    places: Map<string, number>,
  ) {
    this.#options = options;
    this.#xmpp = xmpp;
    this.#places = places;
    this.domain = options.domain;
    this.xmppPort = xmppPort;
    this.#people = new JinglePeople({
      server: xmpp,
      resource: 'web',
      name: 'Crosspoint',
      reaches: (domain) => places.has(domain),
      calls,
      onCall: (call) => this.#invited(call),
    });
  }

  static async start(options: JingleServerOptions): Promise<JingleServer> {
    const { domain, identity, ca, node, neighbour } = options;
    const places = new Map<string, number>();
    const calls = new StanzaCalls();
    const parts: { server?: JingleServer } = {};
    const xmpp = new XmppServer({
      domain,
      tls: { ...identity, ca },
      resolve: (other) => {
        const port = places.get(other);
        return port === undefined ? undefined : { host: LOCAL, port };
      },
      tap: stanzaTrace({
        node,
        neighbour,
        calls,
        tap: (entry) => parts.server?.web.tap(entry),
        now: Date.now,
      }),
    });
    try {
      const { port } = await xmpp.listen({ service: 'server', host: LOCAL, port: 0 });
      const server = new JingleServer(options, xmpp, port, calls, places);
      parts.server = server;
      server.#web = await startWebServer({
        ...options.web,
        tap: options.tap,
        topology: 'trapezoid',
        node,
        onUser: (name, isHere) => server.#people.seen(name, isHere),
        onCall: (call) => server.#called(call),
      });
      return server;
    } catch (error) {
      await xmpp.close();
      throw error;
    }
  }

  get web(): WebServer {
    return this.#web!;
  }

  get url(): string {
    return this.web.url;
  }

  get port(): number {
    return this.web.port;
  }

  /** Shows what the other server saw to the pages of the call. */
  get show(): Tap {
    return this.web.show;
  }

  counts(): JingleServerCounts {
    return { calls: this.#calls, ...this.#people.counts };
  }

  /** Makes the other server known: who says to be it is asked for its certificate, or by dialback. */
  federate(domain: string, port: number): void {
    this.#places.set(domain, port);
  }

  #called({ leg, from, to, server }: WebCallIn): void {
    const [user = '', domain = this.domain] = to.replace(/^xmpp:/, '').split('@');
    if (domain === this.domain) {
      const callee = user === from ? undefined : server.ring(user, from, leg.traceCall);
      if (callee === undefined) return refuse(leg, { code: 'not-found', text: `there is no ${user} here` });
      return this.#join(leg, callee);
    }
    const callee = this.#people.place(leg.traceCall, from, to);
    if (callee === undefined) return refuse(leg, { code: 'not-found', text: `there is no way to ${to}` });
    this.#join(leg, callee);
  }

  /** A user of the other server calls one of ours. */
  #invited({ leg, to, from, call }: JingleCallIn): void {
    const callee = this.web.signaling.ring(to, from, call);
    if (callee === undefined) return refuse(leg, { code: 'not-found', text: `there is no ${to} here` });
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
    this.#people.close();
    await this.web.close();
    await this.#xmpp.close();
  }
}

function refuse(leg: LosableLeg, reason: EndReason): void {
  leg.send({ type: 'end', reason });
}
