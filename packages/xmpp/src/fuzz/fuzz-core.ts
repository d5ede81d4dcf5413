import { bareJid, parseJid } from '../address/jid.ts';
import type { XmppClock } from '../clock.ts';
import { DEFAULT_XMPP_LIMITS } from '../limits.ts';
import { base64, hex, utf8, type XmppCrypto } from '../sasl/crypto.ts';
import { XmppCore } from '../server/xmpp-core.ts';
import type { WireHandler } from '../stream/wire.ts';
import type { XmlElement } from '../xml/element.ts';
import { MemoryWire } from './memory-wire.ts';

export type Role = 'stranger' | 'client' | 'server' | 'component';
export const ROLES: readonly Role[] = ['stranger', 'client', 'server', 'component'];

/** Not safe, and fast: what is tried here is not the arithmetic. */
const CHEAP: XmppCrypto = {
  hash: (name, data) => fold(data, name === 'SHA-1' ? 20 : 32),
  hmac: (name, key, data) => fold(new Uint8Array([...key, ...data]), name === 'SHA-1' ? 20 : 32),
  pbkdf2: (name, password, salt) => fold(new Uint8Array([...password, ...salt]), name === 'SHA-1' ? 20 : 32),
  random: (size) => new Uint8Array(size).map(() => (counter++ * 31) & 255),
  equal: (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]),
};
let counter = 0;

function fold(data: Uint8Array, size: number): Uint8Array {
  const folded = new Uint8Array(size);
  for (const [at, byte] of data.entries()) folded[at % size] = (folded[at % size]! * 33 + byte + at) & 255;
  return folded;
}

/** A clock whose timers all run when it is told to. */
class LateClock implements XmppClock {
  readonly #timers = new Set<() => void>();

  now(): number {
    return 0;
  }

  after(_ms: number, run: () => void): object {
    this.#timers.add(run);
    return run;
  }

  cancel(handle: object | number): void {
    this.#timers.delete(handle as () => void);
  }

  strike(): void {
    for (const run of [...this.#timers]) if (this.#timers.delete(run)) run();
  }

  get pending(): number {
    return this.#timers.size;
  }
}

const header = (content: string, to: string, more = ''): string =>
  `<stream:stream xmlns='${content}' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' to='${to}' version='1.0' ${more}>`;

/** A server with somebody on it who looks on: fed with damaged streams, it must go on and let nothing forged through. */
export class FuzzCore {
  readonly #clock = new LateClock();
  readonly #core: XmppCore;
  /** What came to the one who looks on. */
  #seen: XmlElement[] = [];

  constructor() {
    this.#core = new XmppCore({
      domain: 'ours.test',
      crypto: CHEAP,
      clock: this.#clock,
      limits: DEFAULT_XMPP_LIMITS,
      tls: true,
      tlsRequired: true,
      federationTls: 'required',
      components: { 'gw.ours.test': 'comp' },
      externalServices: () => [],
      connect: undefined,
      found: () => {},
    });
    this.#core.users.add('bob', 'b');
    const alice = this.#core.attach('alice', 'web', { deliver: (stanza) => this.#seen.push(stanza) });
    alice.send({ name: 'presence', attrs: {}, children: [] });
  }

  /** Feeds one stream, cut at `cuts`, and gives what became of it. @throws Error where a law is broken */
  run(role: Role, text: string, cuts: readonly number[]): 'goes on' | 'ended' {
    this.#seen = [];
    const wire = this.#enter(role);
    if (wire.closed) throw new Error(`the way in is closed for ${role}: ${JSON.stringify(wire.sent.at(-1))}`);
    let from = 0;
    for (const cut of [...cuts].sort((a, b) => a - b)) {
      wire.feed(text.slice(from, cut));
      from = cut;
    }
    wire.feed(text.slice(from));
    const outcome = wire.closed ? 'ended' : 'goes on';
    wire.handler?.ended(undefined);
    this.#clock.strike();
    this.#checkSeen(role);
    const { admission, router, sessions, components, federation } = this.#core;
    const left = [admission.size, router.sessions.size - 1, sessions, components.size, federation.incoming];
    if (left.some((count) => count !== 0) || this.#clock.pending !== 0)
      throw new Error(`left over: ${left.join(', ')}, timers ${this.#clock.pending}`);
    return outcome;
  }

  #checkSeen(role: Role): void {
    const allowed = {
      stranger: [],
      client: ['bob@ours.test'],
      server: ['two.test'],
      component: ['gw.ours.test'],
    }[role];
    for (const stanza of this.#seen) {
      const from = parseJid(stanza.attrs.from ?? '');
      const who = from === undefined ? 'nobody' : role === 'client' ? bareJid(from) : from.domain;
      // The server itself answers for alice, and shows her own presence.
      const own = from === undefined || bareJid(from) === 'alice@ours.test' || bareJid(from) === 'ours.test';
      if (!own && !(allowed as readonly string[]).includes(who))
        throw new Error(`forged: ${JSON.stringify(stanza)} on the stream of a ${role}`);
    }
  }

  #enter(role: Role): MemoryWire {
    const wire = new MemoryWire(true, DEFAULT_XMPP_LIMITS.strangerXml);
    const accept = {
      stranger: () => this.#core.acceptClient(wire),
      client: () => this.#core.acceptClient(wire),
      server: () => this.#core.acceptServer(wire),
      component: () => this.#core.acceptComponent(wire),
    } satisfies Record<Role, () => WireHandler | undefined>;
    wire.handler = accept[role]();
    for (const text of this.#way(role, wire)) wire.feed(text);
    return wire;
  }

  *#way(role: Role, wire: MemoryWire): Generator<string> {
    if (role === 'client') {
      yield header('jabber:client', 'ours.test');
      yield `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${base64(utf8('\0bob\0b'))}</auth>`;
      yield header('jabber:client', 'ours.test');
      yield "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>y</resource></bind></iq>";
      yield "<enable xmlns='urn:xmpp:sm:3' resume='true'/><presence/>";
    } else if (role === 'server') {
      const two = header('jabber:server', 'ours.test', "from='two.test'");
      yield two;
      yield "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>";
      yield two;
    } else if (role === 'component') {
      yield header('jabber:component:accept', 'gw.ours.test');
      yield `<handshake>${hex(CHEAP.hash('SHA-1', utf8(`${wire.streamId}comp`)))}</handshake>`;
    }
  }
}
