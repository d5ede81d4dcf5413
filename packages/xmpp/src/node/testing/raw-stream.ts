import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { until } from './until.ts';

/** A connection on which a test says what it likes. */
export class RawStream {
  #socket: Socket;
  #text = '';
  closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#hear(socket);
  }

  static async open(port: number): Promise<RawStream> {
    const socket = connect({ host: '127.0.0.1', port });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawStream(socket);
  }

  /** All that came. */
  get text(): string {
    return this.#text;
  }

  write(text: string | Uint8Array): this {
    this.#socket.write(text);
    return this;
  }

  header(to: string, content = 'jabber:client', more = ''): this {
    return this.write(
      `<?xml version='1.0'?><stream:stream xmlns='${content}' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' to='${to}' version='1.0' ${more}>`,
    );
  }

  /** Waits until this came, and gives all up to there; the next call looks after it. */
  async heard(pattern: RegExp | string): Promise<string> {
    const find = (): number => {
      if (typeof pattern === 'string') return this.#text.indexOf(pattern);
      return this.#text.search(pattern);
    };
    await until(() => find() >= 0 || this.closed, `${pattern} in ${this.#text}`);
    const at = find();
    if (at < 0) throw new Error(`closed before ${pattern}: ${this.#text}`);
    const length = typeof pattern === 'string' ? pattern.length : (pattern.exec(this.#text)?.[0].length ?? 0);
    const head = this.#text.slice(0, at + length);
    this.#text = this.#text.slice(at + length);
    return head;
  }

  /** Waits until the far side has closed. */
  async end(): Promise<string> {
    await until(() => this.closed, `the end of ${this.#text}`);
    return this.#text;
  }

  async startTls(key?: { readonly key: string; readonly cert: string }): Promise<void> {
    const plain = this.#socket;
    plain.removeAllListeners('data');
    plain.removeAllListeners('close');
    const socket = connectTls({ socket: plain, rejectUnauthorized: false, ...key });
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    this.#socket = socket;
    this.#text = '';
    this.#hear(socket);
  }

  /** Logs in by PLAIN and binds a resource, over a connection to this machine. */
  async logIn(domain: string, user: string, password: string, resource: string): Promise<this> {
    const plain = Buffer.from(`\0${user}\0${password}`).toString('base64');
    this.header(domain);
    await this.heard('</stream:features>');
    this.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`);
    await this.heard('<success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>');
    this.header(domain);
    await this.heard('</stream:features>');
    if (resource === '') return this;
    this.write(
      `<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind></iq>`,
    );
    await this.heard('</iq>');
    return this;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #hear(socket: Socket): void {
    socket.on('data', (bytes) => {
      this.#text += bytes.toString('utf8');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
    });
  }
}
