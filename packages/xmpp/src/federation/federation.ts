import { parseJid } from '../address/jid.ts';
import type { XmppClock } from '../clock.ts';
import type { XmppFinding } from '../finding.ts';
import type { XmppLimits } from '../limits.ts';
import { hex, type XmppCrypto } from '../sasl/crypto.ts';
import { takesNoError } from '../stanza/stanza.ts';
import { errorReply, type StanzaCondition } from '../stanza/stanza-error.ts';
import type { Admission } from '../stream/admission.ts';
import type { Wire, WireHandler } from '../stream/wire.ts';
import type { XmlElement } from '../xml/element.ts';
import { type DialbackPair, dialbackKey } from './dialback.ts';
import type { FederationHost, FederationTls } from './federation-host.ts';
import { IncomingStream } from './incoming-stream.ts';
import type { OutgoingPurpose, OutgoingSide } from './outgoing-negotiation.ts';
import { OutgoingStream, type OutgoingUser } from './outgoing-stream.ts';

/**
 * Opens a connection to the server of a domain: `taken` gets its wire and gives who hears it; `failed` says why there is
 * none, `known` whether the domain has a server at all.
 */
export type ServerConnector = (
  domain: string,
  taken: (wire: Wire) => WireHandler,
  failed: (text: string, known: boolean) => void,
) => void;

export interface FederationOptions {
  readonly hosts: (domain: string) => boolean;
  readonly connect: ServerConnector | undefined;
  readonly tls: FederationTls;
  readonly crypto: XmppCrypto;
  readonly clock: XmppClock;
  readonly limits: XmppLimits;
  readonly found: (finding: XmppFinding) => void;
  readonly route: (stanza: XmlElement) => void;
}

/** One way from a domain of ours to another server. */
interface Way {
  readonly own: string;
  readonly remote: string;
  readonly queue: XmlElement[];
  stream: OutgoingStream | undefined;
  ready: boolean;
  late: object | number | undefined;
}

/** How a way to another server was proven. */
export interface FederatedWay {
  readonly own: string;
  readonly remote: string;
  readonly ready: boolean;
  readonly secure: boolean;
  readonly by: 'certificate' | 'dialback';
}

/** The streams to and from other servers (RFC 6120, XEP-0220). */
export class Federation {
  readonly #options: FederationOptions;
  readonly #ways = new Map<string, Way>();
  readonly #incoming = new Set<IncomingStream>();
  readonly #secret: string;
  #verifying = 0;

  constructor(options: FederationOptions) {
    this.#options = options;
    this.#secret = hex(options.crypto.random(32));
  }

  /** Streams that other servers opened. */
  get incoming(): number {
    return this.#incoming.size;
  }

  get ways(): readonly FederatedWay[] {
    return [...this.#ways.values()].map(({ own, remote, ready, stream }) => ({
      own,
      remote,
      ready,
      secure: stream?.secure === true,
      by: stream?.certified === true ? 'certificate' : 'dialback',
    }));
  }

  /** Sends a stanza to another server, or says back why that cannot be. */
  send(remote: string, stanza: XmlElement): void {
    const own = parseJid(stanza.attrs.from ?? '')?.domain;
    if (own === undefined || !this.#options.hosts(own)) return;
    if (this.#options.connect === undefined) {
      this.#bounce(stanza, 'remote-server-not-found', 'this server does not federate');
      return;
    }
    const key = `${own} ${remote}`;
    const way = this.#ways.get(key) ?? this.#openWay(own, remote);
    if (way === undefined) this.#bounce(stanza, 'resource-constraint', 'too many other servers');
    else if (way.ready) way.stream?.send(stanza);
    else if (way.queue.length >= this.#options.limits.federationQueue)
      this.#bounce(stanza, 'resource-constraint', `too much waits for ${remote}`);
    else way.queue.push(stanza);
  }

  /** Another server connected. */
  accept(wire: Wire, admission: Admission): IncomingStream {
    const { hosts, clock, limits, crypto, tls, route, found } = this.#options;
    const host: FederationHost = {
      clock,
      limits,
      crypto,
      tls,
      secret: this.#secret,
      hosts,
      route,
      found,
      verify: (pair, id, key, done) => this.#verify(pair, id, key, done),
      left: (stream) => this.#incoming.delete(stream),
    };
    const stream = new IncomingStream(wire, host, admission);
    this.#incoming.add(stream);
    return stream;
  }

  close(): void {
    for (const stream of [...this.#incoming]) stream.end('system-shutdown');
    for (const way of [...this.#ways.values()]) way.stream?.close('the server stops');
  }

  #openWay(own: string, remote: string): Way | undefined {
    if (this.#ways.size >= this.#options.limits.federations) return undefined;
    const key = `${own} ${remote}`;
    const way: Way = { own, remote, queue: [], stream: undefined, ready: false, late: undefined };
    this.#ways.set(key, way);
    const over = (text: string, condition: StanzaCondition): void => {
      if (this.#ways.get(key) !== way) return;
      this.#ways.delete(key);
      if (way.late !== undefined) this.#options.clock.cancel(way.late);
      way.stream?.close(text);
      if (!way.ready) this.#options.found({ code: 'federation-failed', text, remote });
      for (const stanza of way.queue.splice(0)) this.#bounce(stanza, condition, text);
    };
    const { federationMs } = this.#options.limits;
    way.late = this.#options.clock.after(federationMs, () =>
      over(`${remote} did not let us in within ${federationMs} ms`, 'remote-server-timeout'),
    );
    const user: OutgoingUser = {
      ready: (stream) => {
        way.ready = true;
        if (way.late !== undefined) this.#options.clock.cancel(way.late);
        for (const stanza of way.queue.splice(0)) stream.send(stanza);
      },
      verdict: () => {},
      over: (text) => over(text, 'remote-server-timeout'),
    };
    const made = (stream: OutgoingStream): void => {
      way.stream = stream;
      if (this.#ways.get(key) !== way) stream.close('too late');
    };
    this.#connect(own, remote, { kind: 'stanzas' }, user, made, (text, known) =>
      over(text, known ? 'remote-server-timeout' : 'remote-server-not-found'),
    );
    return way;
  }

  #verify(
    pair: DialbackPair,
    id: string,
    key: string,
    done: (verdict: 'valid' | 'invalid' | 'unreachable') => void,
  ): void {
    const { limits, clock } = this.#options;
    if (this.#options.connect === undefined || this.#verifying >= limits.federations) {
      done('unreachable');
      return;
    }
    this.#verifying += 1;
    let stream: OutgoingStream | undefined;
    let over = false;
    const finish = (verdict: 'valid' | 'invalid' | 'unreachable', text: string): void => {
      if (over) return;
      over = true;
      this.#verifying -= 1;
      clock.cancel(late);
      stream?.close('asked and answered');
      if (verdict === 'unreachable')
        this.#options.found({ code: 'federation-failed', text, remote: pair.originating });
      done(verdict);
    };
    const late = clock.after(limits.federationMs, () => finish('unreachable', 'no answer about a key'));
    const user: OutgoingUser = {
      ready: () => {},
      verdict: (verdict) => finish(verdict, ''),
      over: (text) => finish('unreachable', text),
    };
    const purpose = { kind: 'verify', id, key } as const;
    const made = (opened: OutgoingStream): void => {
      stream = opened;
      if (over) opened.close('too late');
    };
    this.#connect(pair.receiving, pair.originating, purpose, user, made, (text) =>
      finish('unreachable', text),
    );
  }

  #connect(
    own: string,
    remote: string,
    purpose: OutgoingPurpose,
    user: OutgoingUser,
    made: (stream: OutgoingStream) => void,
    failed: (text: string, known: boolean) => void,
  ): void {
    const { tls, crypto, limits } = this.#options;
    const keyOf = (pair: DialbackPair, id: string): string => dialbackKey(crypto, this.#secret, pair, id);
    const side: OutgoingSide = { own, remote, tls, purpose, keyOf };
    const taken = (wire: Wire): WireHandler => {
      const stream = new OutgoingStream(wire, side, limits.xml, user);
      made(stream);
      return stream;
    };
    this.#options.connect?.(remote, taken, failed);
  }

  #bounce(stanza: XmlElement, condition: StanzaCondition, text: string): void {
    if (!takesNoError(stanza) && stanza.name !== 'presence')
      this.#options.route(errorReply(stanza, condition, text));
  }
}
