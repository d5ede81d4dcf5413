import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { clientHeadSchema } from '../client-head.ts';
import { type ClientMessage, type IceServer, WEB_PROTOCOL_VERSION, type WebErrorCode } from '../protocol.ts';
import type { Tap } from '../trace.ts';
import { parseMessage, WebProtocolError, writeMessage } from '../wire.ts';
import type { Connection } from './connection.ts';
import { DEFAULT_LIMITS, RateLimit, type ServerLimits } from './limits.ts';
import { Session, type SessionHost } from './session.ts';
import type { WebLeg } from './web-leg.ts';

/** Names that a server remembers with their tokens; the longest unused is forgotten first. */
const MAX_NAMES = 10_000;
/** Names in a presence message: more do not fit a page either. */
const MAX_PRESENCE = 200;
const PRESENCE_DELAY_MS = 30;

/** A call that a page places. */
export interface PlacedCall {
  readonly leg: WebLeg;
  readonly from: string;
  readonly to: string;
  /** The dialog at the callee that it takes over (RFC 3891): the page says what it was told, and nothing vouches for it. */
  readonly replaces?: string;
}

export interface SignalingServerOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly tap?: Tap;
  /** What the server is called in the trace; `server` without it. */
  readonly node?: string;
  /** STUN and TURN servers for a page, credentials included (made for this user). */
  readonly iceServers?: (user: string) => readonly IceServer[];
  /** A user came, or is gone. Must not throw. */
  readonly onUser?: (name: string, isHere: boolean) => void;
  /** A page calls: the composition root joins the leg to another, or ends it with a reason. */
  readonly onCall: (call: PlacedCall) => void;
}

/** What a door (WebSocket, HTTP) tells the server about one connection. */
export interface Door {
  /** One message. `ascii`: it is known to be all ASCII. */
  receive(text: string, ascii?: boolean): void;
  closed(): void;
  /** The session, once opened. */
  readonly session: Session | undefined;
}

/**
 * The web server's side of the web protocol: sessions, names, presence, and web legs for whoever joins calls. It knows
 * no transport (the doors do) and no other protocol.
 */
export class SignalingServer implements SessionHost {
  readonly tap: Tap | undefined;
  readonly node: string;
  readonly limits: ServerLimits;
  readonly #options: SignalingServerOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #names = new Map<string, { token: Buffer; session: Session | undefined }>();
  readonly #addresses = new Map<string, number>();
  readonly #lost = new Map<string, NodeJS.Timeout>();
  #connections = 0;
  #presence: NodeJS.Timeout | undefined;

  constructor(options: SignalingServerOptions) {
    this.#options = options;
    this.tap = options.tap;
    this.node = options.node ?? 'server';
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  get callsPerSession(): number {
    return this.limits.callsPerSession;
  }

  now(): number {
    return Date.now();
  }

  newCallId(): string {
    return randomBytes(9).toString('base64url');
  }

  /** A new connection. `undefined`: refused, there are too many. */
  connect(connection: Connection): Door | undefined {
    const fromHere = this.#addresses.get(connection.remote) ?? 0;
    if (this.#connections >= this.limits.connections || fromHere >= this.limits.connectionsPerAddress)
      return undefined;
    this.#connections++;
    this.#addresses.set(connection.remote, fromHere + 1);
    return this.#door(connection);
  }

  #door(connection: Connection): Door {
    let session: Session | undefined;
    let open = true;
    let refused = false;
    const { helloSeconds, idleSeconds, messagesPerSecond, burst } = this.limits;
    const rate = new RateLimit(messagesPerSecond, burst, Date.now());
    const refuse = (code: WebErrorCode, words: string, clause?: string): void => {
      refused = true;
      if (session === undefined) {
        const why = clause === undefined ? {} : { clause };
        connection.send(writeMessage({ type: 'error', code, text: words, ...why }));
        connection.close(code);
      } else if (session.connection === connection) session.fail(code, words, clause);
    };
    const hello = setTimeout(() => {
      if (session === undefined && open) refuse('idle', `no hello within ${helloSeconds} s`);
    }, helloSeconds * 1000);
    let heard = Date.now();
    const idle = setInterval(
      () => {
        if (Date.now() - heard > idleSeconds * 1000) refuse('idle', `nothing for ${idleSeconds} s`);
      },
      (idleSeconds * 1000) / 4,
    );
    hello.unref();
    idle.unref();
    return {
      get session() {
        return session;
      },
      receive: (text, ascii = false) => {
        const now = Date.now();
        heard = now;
        // What was refused, and what another connection replaced, has nothing more to say.
        if (!open || refused || (session !== undefined && session.connection !== connection)) return;
        if (!rate.take(now)) refuse('too-fast', `more than ${messagesPerSecond} messages a second`);
        else if (session !== undefined) session.receive(text, ascii);
        else {
          try {
            session = this.#open(connection, text);
          } catch (error) {
            if (!(error instanceof WebProtocolError)) throw error;
            refuse(error.code, error.message, error.clause);
          }
        }
      },
      closed: () => {
        if (!open) return;
        open = false;
        clearTimeout(hello);
        clearInterval(idle);
        this.#connections--;
        const left = (this.#addresses.get(connection.remote) ?? 1) - 1;
        if (left === 0) this.#addresses.delete(connection.remote);
        else this.#addresses.set(connection.remote, left);
        if (
          session !== undefined &&
          (session.connection === connection || session.connection === undefined)
        ) {
          this.#connectionLost(session);
        }
      },
    };
  }

  #open(connection: Connection, text: string): Session {
    const head = readFirst(text);
    if (head.type === 'resume') {
      const session = this.#sessions.get(head.session);
      if (session === undefined || !same(session.secret, head.secret)) {
        throw new WebProtocolError('unknown-session', 'resume', 'this session is over; say hello');
      }
      clearTimeout(this.#lost.get(session.id));
      this.#lost.delete(session.id);
      session.attach(connection, head.received);
      this.#welcome(session, true);
      session.resend();
      if (session.user !== '') session.deliver({ type: 'presence', users: this.#users() });
      return session;
    }
    if (head.type !== 'hello')
      throw new WebProtocolError('bad-message', 'type', 'hello or resume comes first');
    const session = new Session(
      this,
      randomBytes(12).toString('base64url'),
      randomBytes(24).toString('base64url'),
    );
    this.#sessions.set(session.id, session);
    session.attach(connection, 0);
    this.#welcome(session, false);
    return session;
  }

  #welcome(session: Session, resumed: boolean): void {
    session.connection?.send(
      writeMessage({
        type: 'welcome',
        ...{
          version: WEB_PROTOCOL_VERSION,
          session: session.id,
          secret: session.secret,
          resumed,
          received: session.inbox.acknowledgement(),
          resumeSeconds: this.limits.resumeSeconds,
        },
      }),
    );
  }

  #connectionLost(session: Session): void {
    session.connection = undefined;
    if (!this.#sessions.has(session.id) || this.#lost.has(session.id)) return;
    const timer = setTimeout(() => this.leave(session), this.limits.resumeSeconds * 1000);
    timer.unref();
    this.#lost.set(session.id, timer);
  }

  register(session: Session, name: string, token: string | undefined): void {
    const known = this.#names.get(name);
    const theirs = known?.session !== undefined && known.session !== session;
    if (theirs && (token === undefined || !same(known.token, hash(token)))) {
      throw new WebProtocolError('name-taken', 'name', `${name} belongs to someone else`);
    }
    if (known?.session !== undefined && known.session !== session) {
      // A page that was loaded again: the old one cannot go on with its calls, and must not go on in this name.
      const old = known.session;
      old.fail('replaced', 'registered elsewhere');
      this.leave(old);
    }
    const before = session.user === name ? undefined : this.#names.get(session.user);
    if (before?.session === session) {
      before.session = undefined;
      this.#options.onUser?.(session.user, false);
    }
    const own = token ?? randomBytes(18).toString('base64url');
    this.#names.delete(name);
    this.#names.set(name, { token: hash(own), session });
    this.#forgetOldNames();
    const isNew = session.user !== name;
    session.user = name;
    if (isNew) this.#options.onUser?.(name, true);
    const iceServers = this.#options.iceServers?.(name) ?? [];
    session.deliver({ type: 'registered', name, token: own, iceServers });
    this.#presenceChanged();
  }

  #forgetOldNames(): void {
    if (this.#names.size <= MAX_NAMES) return;
    for (const [name, entry] of this.#names) {
      if (entry.session === undefined) {
        this.#names.delete(name);
        return;
      }
    }
  }

  leave(session: Session): void {
    clearTimeout(this.#lost.get(session.id));
    this.#lost.delete(session.id);
    this.#sessions.delete(session.id);
    const entry = this.#names.get(session.user);
    const isTheirs = entry?.session === session;
    if (isTheirs) entry.session = undefined;
    session.end();
    // Behind the end of its calls: whoever speaks for the user elsewhere can still say that they are over.
    if (isTheirs) this.#options.onUser?.(session.user, false);
    this.#presenceChanged();
  }

  called(session: Session, leg: WebLeg, to: string, replaces: string | undefined): void {
    this.#options.onCall({ leg, from: session.user, to, ...(replaces === undefined ? {} : { replaces }) });
  }

  busyChanged(_session: Session): void {
    this.#presenceChanged();
  }

  /**
   * A leg that rings a registered user, or `undefined` where there is none by this name. `replaces`: the call of this
   * user's, by its name in the trace, whose place it takes (none is rung without it); that one's far side ends it.
   */
  ring(to: string, from: string, traceCall: string, replaces?: string): WebLeg | undefined {
    const session = this.#names.get(to)?.session;
    if (replaces !== undefined && session?.isIn(replaces) !== true) return undefined;
    return session?.ring(from, traceCall, replaces);
  }

  /** The session of this id, if this is its secret. */
  authenticated(id: string, secret: string): Session | undefined {
    const session = this.#sessions.get(id);
    return session !== undefined && same(session.secret, secret) ? session : undefined;
  }

  /** How many sessions there are, with and without a connection. */
  get sessions(): number {
    return this.#sessions.size;
  }

  #users(): { name: string; busy: boolean }[] {
    const users: { name: string; busy: boolean }[] = [];
    for (const [name, entry] of this.#names) {
      if (entry.session === undefined) continue;
      users.push({ name, busy: entry.session.busy });
      if (users.length === MAX_PRESENCE) break;
    }
    return users;
  }

  #presenceChanged(): void {
    // Many changes at once (a server's start, a crowd that leaves) become one message.
    this.#presence ??= setTimeout(() => {
      this.#presence = undefined;
      const users = this.#users();
      for (const session of this.#sessions.values()) {
        if (session.user !== '' && session.connection !== undefined)
          session.deliver({ type: 'presence', users });
      }
    }, PRESENCE_DELAY_MS).unref();
  }

  /** Ends every session. */
  close(): void {
    clearTimeout(this.#presence);
    for (const timer of this.#lost.values()) clearTimeout(timer);
    for (const session of [...this.#sessions.values()]) session.end();
    this.#sessions.clear();
  }
}

/** The first message of a connection. @throws WebProtocolError where it cannot be read */
function readFirst(text: string): ClientMessage {
  try {
    return parseMessage(clientHeadSchema, text).head;
  } catch (error) {
    if (error instanceof WebProtocolError && error.clause === 'version') {
      const words = `this server speaks version ${WEB_PROTOCOL_VERSION}`;
      throw new WebProtocolError('wrong-version', 'version', words);
    }
    throw error;
  }
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function same(a: string | Buffer, b: string | Buffer): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
