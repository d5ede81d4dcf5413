import { Inbox } from '../inbox.ts';
import { Outbox } from '../outbox.ts';
import { type ServerMessage, serverMessageSchema, WEB_PROTOCOL_VERSION } from '../protocol.ts';
import { type MessageHead, parseMessage, WebProtocolError, wholeText, writeMessage } from '../wire.ts';
import type { ClientConnection, Connect } from './client-connection.ts';

/** How soon a lost connection is tried again: at once, then slower. In milliseconds. */
const RETRY_MS = [50, 200, 500, 1000, 2000, 3000];
/** A page says something at least this often, or its server would take it for dead. */
const PING_MS = 20_000;

export interface ClientSessionEvents {
  /** A numbered message, each once and in order; also `error`. */
  message(head: ServerMessage, sdp: string | undefined): void;
  /** `lost`: being resumed. `over`: the server forgot the session, all its calls with it; a new one follows.
   * `replaced`: so, too, because the name was taken back elsewhere; nothing follows before `start`. */
  state(state: 'open' | 'lost' | 'over' | 'replaced', why: string): void;
  /** What went over the wire, for who shows it. */
  wire?(direction: 'in' | 'out', text: string): void;
}

/** The page's end of a session: outlives its connections, loses nothing and doubles nothing. */
export class ClientSession {
  readonly #connect: Connect;
  readonly #events: ClientSessionEvents;
  readonly #client: string;
  #outbox = new Outbox();
  #inbox = new Inbox();
  #connection: ClientConnection | undefined;
  #open = false;
  #identity: { session: string; secret: string } | undefined;
  #retries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;
  #stopped = false;
  #held = false;

  constructor(connect: Connect, events: ClientSessionEvents, client: string) {
    this.#connect = connect;
    this.#events = events;
    this.#client = client;
  }

  start(): void {
    this.#stopped = false;
    this.#dial();
  }

  /** Ends the session for good. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    clearInterval(this.#ping);
    this.#open = false;
    this.#connection?.finish();
  }

  /** Cuts the connection without a word, as a network does; it is not dialled again before `reconnect`. */
  cut(): void {
    this.#held = true;
    this.#connection?.close();
  }

  reconnect(): void {
    this.#held = false;
    if (this.#connection === undefined) this.#dial();
  }

  /** Sends a numbered message: now, or once the connection is back. */
  send(head: MessageHead, sdp?: string): void {
    const message = this.#outbox.write(head, this.#inbox.acknowledgement(), sdp);
    if (this.#open) this.#write(wholeText(message));
  }

  #write(text: string): void {
    this.#events.wire?.('out', text);
    this.#connection?.send(text);
  }

  #dial(): void {
    clearTimeout(this.#retry);
    const first = writeMessage(
      this.#identity === undefined
        ? { type: 'hello', version: WEB_PROTOCOL_VERSION, client: this.#client }
        : { type: 'resume', ...{ ...this.#identity, received: this.#inbox.acknowledgement() } },
    );
    this.#events.wire?.('out', first);
    const connection = this.#connect(first, {
      message: (text) => {
        if (this.#connection === connection || this.#connection === undefined) this.#take(text);
      },
      closed: (why) => {
        if (this.#connection === connection) this.#lost(why);
      },
    });
    this.#connection = connection;
  }

  #lost(why: string): void {
    this.#connection = undefined;
    clearInterval(this.#ping);
    if (this.#open) this.#events.state('lost', why);
    this.#open = false;
    if (this.#stopped || this.#held) return;
    const wait = RETRY_MS[Math.min(this.#retries++, RETRY_MS.length - 1)]!;
    this.#retry = setTimeout(() => this.#dial(), wait);
  }

  #take(text: string): void {
    this.#events.wire?.('in', text);
    let message: { head: ServerMessage; sdp: string | undefined };
    try {
      message = parseMessage(serverMessageSchema, text);
    } catch (error) {
      if (error instanceof WebProtocolError) return this.#connection?.close();
      throw error;
    }
    const { head, sdp } = message;
    if (head.type === 'welcome') return this.#welcome(head);
    if (head.type === 'ack') return this.#outbox.acknowledge(head.received);
    if (head.type === 'pong') return;
    if (head.type === 'error' && head.seq === undefined) {
      if (head.code === 'unknown-session') this.#forgotten('over', 'the server forgot this session');
      else if (head.code === 'replaced') {
        // The name is in use elsewhere now: to take it back by itself would start a fight over it.
        this.stop();
        this.#events.message(head, sdp);
        this.#forgotten('replaced', head.text);
      } else this.#events.message(head, sdp);
      return;
    }
    if (head.ack !== undefined) this.#outbox.acknowledge(head.ack);
    const turn = this.#inbox.accept(head.seq!);
    // A gap cannot be mended on this connection: the next one begins where this one was whole.
    if (turn === 'gap') return this.#connection?.close();
    if (turn === 'again') return;
    this.#events.message(head, sdp);
    if (this.#inbox.due && this.#open) {
      this.#write(writeMessage({ type: 'ack', received: this.#inbox.acknowledgement() }));
    }
  }

  #welcome(head: Extract<ServerMessage, { type: 'welcome' }>): void {
    this.#identity = { session: head.session, secret: head.secret };
    this.#outbox.acknowledge(head.received);
    this.#open = true;
    this.#retries = 0;
    clearInterval(this.#ping);
    this.#ping = setInterval(() => this.#write(writeMessage({ type: 'ping' })), PING_MS);
    for (const message of this.#outbox.unacknowledged()) this.#write(wholeText(message));
    this.#events.state('open', head.resumed ? 'resumed' : 'new');
  }

  /** The server no longer knows the session: everything begins anew. */
  #forgotten(state: 'over' | 'replaced', why: string): void {
    this.#identity = undefined;
    this.#outbox = new Outbox();
    this.#inbox = new Inbox();
    this.#open = false;
    this.#events.state(state, why);
    // The server closes the connection now; the next dial says hello.
  }
}
