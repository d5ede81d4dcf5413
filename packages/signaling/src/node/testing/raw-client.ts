import { type ClientOptions, type RawData, WebSocket } from 'ws';
import { Waiting } from './waiting.ts';

export type Head = { readonly type: string } & Readonly<Record<string, unknown>>;

export interface Received {
  readonly head: Head;
  readonly sdp: string | undefined;
}

/** A client that says what it is told to, and no more: no acknowledgements, no resuming. */
export class RawClient {
  readonly socket: WebSocket;
  readonly received: Received[] = [];
  readonly changed = new Waiting();
  closed: { code: number; reason: string } | undefined;
  refused: number | undefined;
  seq = 0;

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    this.socket.on('message', (data: RawData) => {
      const text = String(data);
      const lineFeed = text.indexOf('\n');
      const head = JSON.parse(lineFeed < 0 ? text : text.slice(0, lineFeed)) as Head;
      this.received.push({ head, sdp: lineFeed < 0 ? undefined : text.slice(lineFeed + 1) });
      this.changed.notify();
    });
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.changed.notify();
    });
    this.socket.on('unexpected-response', (_request, response) => {
      this.refused = response.statusCode;
      this.changed.notify();
    });
    this.socket.on('open', () => this.changed.notify());
    this.socket.on('error', () => this.changed.notify());
  }

  /** Opened, and greeted. */
  static async greeted(url: string): Promise<RawClient> {
    const client = await RawClient.opened(url);
    client.say('{"type":"hello","version":1,"client":"test"}');
    await client.next('welcome');
    return client;
  }

  static async registered(url: string, name: string, token?: string): Promise<RawClient> {
    const client = await RawClient.greeted(url);
    client.number({ type: 'register', name, ...(token === undefined ? {} : { token }) });
    await client.next('registered');
    return client;
  }

  static async opened(url: string, options: ClientOptions = {}): Promise<RawClient> {
    const client = new RawClient(url, options);
    await client.changed.until(() => client.socket.readyState === WebSocket.OPEN);
    return client;
  }

  say(text: string | Buffer): void {
    this.socket.send(text);
  }

  /** Sends a message with the next number. */
  number(head: Head, sdp?: string): number {
    const seq = ++this.seq;
    const line = JSON.stringify({ ...head, seq });
    this.say(sdp === undefined ? line : `${line}\n${sdp}`);
    return seq;
  }

  /** The first message of this type that was not asked for yet. */
  async next(type: string, fits: (head: Head) => boolean = () => true): Promise<Received> {
    const find = (): number => this.received.findIndex(({ head }) => head.type === type && fits(head));
    await this.changed.until(() => find() >= 0 || this.closed !== undefined);
    const index = find();
    if (index < 0) throw new Error(`closed (${this.closed?.code} ${this.closed?.reason}) before ${type}`);
    return this.received.splice(index, 1)[0]!;
  }

  async whenClosed(): Promise<{ code: number; reason: string }> {
    await this.changed.until(() => this.closed !== undefined);
    return this.closed!;
  }
}
