import type { OpenLink, WebLink } from './web-link.ts';

/** A message's head. Fields are checked where they are used. */
export interface Head {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface WebSessionEvents {
  /** A numbered message, once and in order; or an `error` of the connection. */
  message(head: Head, sdp: string | undefined): void;
  /** `over`: the server forgot the session and everything in it; a new one is opened. */
  state(state: 'open' | 'lost' | 'over', why: string): void;
  /** The server says what the protocol does not allow. */
  trouble(words: string): void;
}

/** Waiting times in milliseconds before each new try. */
const RETRY_MS = [0, 100, 300, 1000, 2000, 4000];
const PING_MS = 15_000;
/** A server waits for an acknowledgement after so many messages. */
const ACKNOWLEDGE_AFTER = 16;

/** This end of a session of the web protocol: numbers, acknowledgements, resuming. */
export class WebSession {
  readonly #open: OpenLink;
  readonly #server: string;
  readonly #events: WebSessionEvents;
  #link: WebLink | undefined;
  #identity: { session: string; secret: string } | undefined;
  #welcomed = false;
  #sentLast = 0;
  #kept: { readonly seq: number; readonly head: Head; readonly sdp: string | undefined }[] = [];
  #received = 0;
  #acknowledged = 0;
  #tries = 0;
  #timer: NodeJS.Timeout | undefined;
  #ping: NodeJS.Timeout | undefined;
  #cut = false;
  #ended = false;

  constructor(open: OpenLink, server: string, events: WebSessionEvents) {
    this.#open = open;
    this.#server = server;
    this.#events = events;
  }

  /** Dials. The first connection is tried once: a server that is not there is told, not waited for. */
  start(): void {
    this.#dial();
  }

  #dial(): void {
    const first: Head =
      this.#identity === undefined
        ? { type: 'hello', version: 1, client: 'crosspoint embedded peer' }
        : { type: 'resume', ...this.#identity, received: this.#received };
    this.#acknowledged = this.#received;
    const link = this.#open(this.#server, JSON.stringify(first), {
      message: (text) => {
        if (this.#link === link) this.#take(text);
      },
      closed: (why) => {
        if (this.#link === link) this.#lost(why);
      },
    });
    this.#link = link;
  }

  #lost(why: string): void {
    const wasOpen = this.#welcomed;
    this.#link = undefined;
    this.#welcomed = false;
    clearInterval(this.#ping);
    if (this.#ended) return;
    if (wasOpen || this.#identity === undefined) this.#events.state('lost', why);
    if (this.#cut || this.#identity === undefined) return;
    const wait = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)]!;
    this.#timer = setTimeout(() => this.#dial(), wait);
  }

  send(head: Head, sdp?: string): void {
    const seq = ++this.#sentLast;
    this.#kept.push({ seq, head, sdp });
    if (this.#welcomed) this.#write(seq, head, sdp);
  }

  #write(seq: number, head: Head, sdp: string | undefined): void {
    this.#acknowledged = this.#received;
    const line = JSON.stringify({ ...head, seq, ack: this.#received });
    this.#link?.send(sdp === undefined ? line : `${line}\n${sdp}`);
  }

  #forget(received: unknown): void {
    if (typeof received === 'number') this.#kept = this.#kept.filter((message) => message.seq > received);
  }

  #take(text: string): void {
    const feed = text.indexOf('\n');
    let head: Head;
    try {
      head = JSON.parse(feed < 0 ? text : text.slice(0, feed)) as Head;
    } catch {
      return this.#events.trouble('the server sent a message whose head is not JSON');
    }
    const sdp = feed < 0 ? undefined : text.slice(feed + 1);
    this.#forget(head.ack);
    if (head.type === 'welcome') this.#welcome(head);
    else if (head.type === 'ack') this.#forget(head.received);
    else if (head.type === 'pong') return;
    else if (head.seq === undefined) this.#unnumbered(head);
    else this.#numbered(head, sdp);
  }

  #numbered(head: Head, sdp: string | undefined): void {
    const seq = Number(head.seq);
    if (seq <= this.#received) return;
    if (seq !== this.#received + 1) {
      this.#events.trouble(`the server sent message ${seq} after ${this.#received}`);
      this.#link?.cut();
      return;
    }
    this.#received = seq;
    this.#events.message(head, sdp);
    if (this.#welcomed && this.#received - this.#acknowledged >= ACKNOWLEDGE_AFTER) {
      this.#acknowledged = this.#received;
      this.#link?.send(JSON.stringify({ type: 'ack', received: this.#received }));
    }
  }

  #unnumbered(head: Head): void {
    if (head.type !== 'error') return;
    if (head.code !== 'unknown-session') return this.#events.message(head, undefined);
    this.#identity = undefined;
    this.#sentLast = this.#received = this.#acknowledged = 0;
    this.#kept = [];
    const link = this.#link;
    this.#link = undefined;
    this.#welcomed = false;
    link?.cut();
    this.#events.state('over', 'the server forgot the session');
    if (!this.#ended) this.#dial();
  }

  #welcome(head: Head): void {
    this.#identity = { session: String(head.session), secret: String(head.secret) };
    this.#forget(head.received);
    this.#welcomed = true;
    this.#tries = 0;
    clearInterval(this.#ping);
    this.#ping = setInterval(() => this.#link?.send(JSON.stringify({ type: 'ping' })), PING_MS);
    this.#events.state('open', head.resumed === true ? 'resumed' : 'new');
    for (const { seq, head: kept, sdp } of [...this.#kept]) this.#write(seq, kept, sdp);
  }

  /** Loses the connection as a network does, until `restore`. */
  cut(): void {
    this.#cut = true;
    clearTimeout(this.#timer);
    this.#link?.cut();
  }

  restore(): void {
    if (!this.#cut) return;
    this.#cut = false;
    this.#tries = 0;
    if (this.#link === undefined && !this.#ended) this.#dial();
  }

  /** Ends the session; what was sent goes out before. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearInterval(this.#ping);
    await this.#link?.close();
  }
}
