import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import bencode from 'bencode';
import { RelayError } from '../relay/relay-error.ts';

/** What bencode can say: whole numbers, octet strings, lists and dictionaries. */
export type NgValue = string | number | readonly NgValue[] | { readonly [name: string]: NgValue };
export type NgDictionary = { readonly [name: string]: NgValue };

/** Milliseconds after the first sending at which a request is sent again, and at last given up. */
const AGAIN_MS = [250, 750, 1500];
const GIVEN_UP_MS = 3000;
const PROTOCOL = 'rtpengine NG protocol';
/** No reply of rtpengine's is larger: it is one datagram. */
const DEEPEST = 16;

interface Waiting {
  readonly done: (reply: NgDictionary) => void;
  readonly failed: (error: Error) => void;
  readonly timers: readonly NodeJS.Timeout[];
}

/**
 * A client of rtpengine's NG protocol: a cookie, a space and a bencoded dictionary in one datagram. A request that is
 * sent again has the same cookie, and rtpengine gives it the same reply.
 */
export class NgClient {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #port: number;
  readonly #waiting = new Map<string, Waiting>();
  readonly #prefix = randomBytes(6).toString('hex');
  #count = 0;
  #closed = false;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
    this.#socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' });
    this.#socket.on('message', (datagram, from) => {
      if (from.port === port) this.#take(datagram);
    });
    // Nobody there: the timers say so.
    this.#socket.on('error', () => {});
    this.#socket.unref();
  }

  /**
   * Sends a command and gives the reply. Rejects with RelayError `relay-unreachable` where none comes within 3 s, and
   * `relay-refused` with rtpengine's reason where the result is `error`.
   */
  async request(command: string, more: NgDictionary = {}): Promise<NgDictionary> {
    if (this.#closed) throw new RelayError('closed', PROTOCOL, 'the client is closed');
    const reply = await this.#ask({ command, ...more });
    if (reply.result !== 'error') return reply;
    const reason = String(reply['error-reason'] ?? 'no reason given');
    throw new RelayError('relay-refused', PROTOCOL, `rtpengine refuses ${command}: ${reason}`);
  }

  #ask(dictionary: NgDictionary): Promise<NgDictionary> {
    const cookie = `${this.#prefix}_${++this.#count}`;
    const datagram = Buffer.concat([Buffer.from(`${cookie} `), bencode.encode(dictionary)]);
    const send = (): void => this.#socket.send(datagram, this.#port, this.#host);
    return new Promise((done, failed) => {
      const words = `rtpengine at ${this.#host}:${this.#port} does not answer`;
      const giveUp = (): void => {
        this.#forget(cookie);
        failed(new RelayError('relay-unreachable', PROTOCOL, words));
      };
      const timers = [...AGAIN_MS.map((ms) => setTimeout(send, ms)), setTimeout(giveUp, GIVEN_UP_MS)];
      this.#waiting.set(cookie, { done, failed, timers });
      send();
    });
  }

  #forget(cookie: string): Waiting | undefined {
    const waiting = this.#waiting.get(cookie);
    for (const timer of waiting?.timers ?? []) clearTimeout(timer);
    this.#waiting.delete(cookie);
    return waiting;
  }

  #take(datagram: Buffer): void {
    const space = datagram.indexOf(0x20);
    const cookie = datagram.subarray(0, Math.max(space, 0)).toString('latin1');
    if (!this.#waiting.has(cookie)) return;
    let reply: NgValue;
    try {
      reply = plainValue(bencode.decode(datagram.subarray(space + 1)), DEEPEST);
    } catch {
      // Not bencode: as good as lost, and the request is sent again.
      return;
    }
    if (typeof reply === 'object' && !Array.isArray(reply)) this.#forget(cookie)?.done(reply as NgDictionary);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const cookie of [...this.#waiting.keys()]) {
      this.#forget(cookie)?.failed(new RelayError('closed', PROTOCOL, 'the client is closed'));
    }
    this.#socket.close();
  }
}

/** Octet strings as text, all else as it is. */
function plainValue(value: unknown, deepest: number): NgValue {
  if (deepest === 0) throw new RangeError('too deep');
  if (typeof value === 'number') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map((each) => plainValue(each, deepest - 1));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, plainValue(each, deepest - 1)]),
    );
  }
  return String(value);
}
