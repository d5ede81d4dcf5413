import { type Client, client } from '@xmpp/client';
import { wordsOf } from '../embedded/call-reason.ts';
import type { Tell } from '../embedded/peer-program.ts';
import { answerInfo, writeCaps } from './entity-caps.ts';
import { writeError } from './jingle-reasons.ts';
import { NS } from './namespaces.ts';
import { type XmlElement, xml } from './xml.ts';

/** Where a client logs in, and as whom. */
export interface LineOptions {
  /** `xmpp://127.0.0.1:5222`, or `ws://127.0.0.1:5280/xmpp-websocket`. */
  readonly service: string;
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  readonly resource: string;
}

export interface LineEvents {
  readonly tell: Tell;
  /** An IQ of Jingle; gives the error that it is answered with, or nothing where it is taken. */
  jingle(from: string, jingle: XmlElement): XmlElement | undefined;
  message(stanza: XmlElement): void;
  /** A stanza that passed, for the log: what passes at the login is nobody's business. */
  seen(direction: 'sent' | 'received', stanza: XmlElement): void;
  /** The session at the server is another one: what was said to the one before is lost. */
  over(): void;
}

/** What a connection is broken by, without a word. */
interface Breakable {
  readonly socket?: Breakable | null;
  /** Of `ws`. */
  terminate?(): void;
  /** Of Node. */
  destroy?(): void;
}

const LOGIN_MS = 10_000;
const ANSWER_MS = 30_000;
const FAREWELL_MS = 1500;

/** A session at an XMPP server by @xmpp/client: login, presence, IQs, and its resumption (XEP-0198). */
export class XmppLine {
  readonly options: LineOptions;
  readonly #events: LineEvents;
  readonly #xmpp: Client;
  /** Full addresses of who is there, each with its priority. */
  readonly #present = new Map<string, number>();
  /** Requests that are not answered. */
  readonly #asked = new Map<string, Promise<unknown>>();
  #count = 0;
  #isManaged = false;
  #state: 'opening' | 'open' | 'lost' | 'closed' = 'opening';
  /** What waits until the connection is back. */
  #waiting: (() => void)[] = [];
  #whenManaged: () => void = () => {};

  constructor(options: LineOptions, events: LineEvents) {
    this.options = options;
    this.#events = events;
    const { service, domain, user, password, resource } = options;
    this.#xmpp = client({ service, domain, username: user, password, resource, timeout: LOGIN_MS });
    const xmpp = this.#xmpp;
    // Until it is known that the password is right.
    xmpp.reconnect.stop();
    xmpp.on('error', (error) => process.stderr.write(`${wordsOf(error)}\n`));
    xmpp.on('send', (element) => {
      if (/^(iq|message|presence)$/.test(element.name)) events.seen('sent', element);
    });
    xmpp.on('nonza', (element) => this.#nonza(element));
    xmpp.on('stanza', (stanza) => {
      events.seen('received', stanza);
      this.#stanza(stanza);
    });
    xmpp.on('online', () => void this.#online());
    xmpp.on('disconnect', () => this.#lost());
    xmpp.iqCallee.get(NS.discoInfo, 'query', ({ stanza }) => {
      const query = stanza.getChild('query', NS.discoInfo);
      return query === undefined ? undefined : (answerInfo(query) ?? writeError('cancel', 'item-not-found'));
    });
    xmpp.iqCallee.set(NS.jingle, 'jingle', ({ stanza }) => {
      const jingle = stanza.getChild('jingle', NS.jingle);
      const { from } = stanza.attrs;
      if (jingle === undefined || typeof from !== 'string') return undefined;
      return events.jingle(from, jingle) ?? true;
    });
  }

  /** Our own full address. */
  get jid(): string {
    return String(this.#xmpp.jid);
  }

  get bareJid(): string {
    return this.jid.split('/')[0]!;
  }

  /** Connects and logs in. @throws Error where it is refused, or nobody answers */
  async open(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer')), LOGIN_MS);
    });
    try {
      await Promise.race([this.#xmpp.start(), late]);
      await Promise.race([this.#whenOpen(), late]);
    } catch (error) {
      await this.close();
      const { condition } = error as { condition?: unknown };
      if (typeof condition !== 'string') {
        throw new Error(`no connection to ${this.options.service}: ${wordsOf(error)}`);
      }
      this.#events.tell('not-registered', { status: condition, words: wordsOf(error) });
      throw new Error(`not logged in: ${wordsOf(error)}`);
    } finally {
      clearTimeout(timer);
    }
    this.#xmpp.reconnect.start();
    this.#events.tell('registered');
  }

  /** A session is bound: the first one, or one more where the last could not be resumed. */
  async #online(): Promise<void> {
    const isFirst = this.#state === 'opening';
    this.#present.clear();
    // Whatever comes while it enables stream management it takes for the answer, and counts wrong from then on.
    if (this.#isManaged && !this.#xmpp.streamManagement.enabled) {
      await new Promise<void>((resolve) => {
        this.#whenManaged = resolve;
      });
    }
    await this.#xmpp.send(xml('presence', {}, writeCaps()));
    this.#isOpen();
    // Another client of the user's may take a call that rings here.
    this.request(undefined, xml('enable', { xmlns: NS.carbons })).catch((error: unknown) =>
      process.stderr.write(`no carbons: ${wordsOf(error)}\n`),
    );
    if (isFirst) return;
    this.#events.tell('signaling', { state: 'over', words: 'the server did not resume the session' });
    this.#events.over();
  }

  #nonza(element: XmlElement): void {
    if (element.getChild('sm', NS.management) !== undefined) this.#isManaged = true;
    if (element.is('enabled', NS.management) || element.is('failed', NS.management)) {
      setImmediate(() => this.#whenManaged());
    }
    if (!element.is('resumed', NS.management)) return;
    this.#events.tell('signaling', { state: 'open', words: 'resumed' });
    // What was sent and not acknowledged goes out first.
    setImmediate(() => this.#isOpen());
  }

  #isOpen(): void {
    this.#state = 'open';
    for (const go of this.#waiting.splice(0)) go();
  }

  #lost(): void {
    if (this.#state !== 'open') return;
    this.#state = 'lost';
    this.#events.tell('signaling', { state: 'lost', words: 'the connection to the server is lost' });
  }

  #stanza(stanza: XmlElement): void {
    const { from = this.bareJid, type, id } = stanza.attrs;
    // It does not count the answers to its own requests: the server would say them again when it resumes (XEP-0198 section 4).
    if (stanza.is('iq') && this.#asked.has(id) && (type === 'result' || type === 'error')) {
      this.#xmpp.streamManagement.inbound += 1;
    }
    if (stanza.is('message')) this.#events.message(stanza);
    else if (stanza.is('presence')) {
      if (type === 'unavailable') this.#present.delete(from);
      else if (type === undefined) this.#present.set(from, Number(stanza.getChildText('priority') ?? 0));
    }
  }

  /** The most eager of a user's clients that are there, as far as presence says. */
  clientOf(bare: string): string | undefined {
    const there = [...this.#present].filter(([full]) => full.startsWith(`${bare}/`));
    return there.sort(([, one], [, other]) => other - one)[0]?.[0];
  }

  #whenOpen(): Promise<void> {
    if (this.#state === 'open') return Promise.resolve();
    if (this.#state === 'closed') return Promise.reject(new Error('the line is closed'));
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Sends a request, to the server unless it has an address, when the connection is there. @throws Error the far side's refusal */
  async request(to: string | undefined, child: XmlElement): Promise<void> {
    const id = `q${++this.#count}`;
    const asked = this.#whenOpen().then(() =>
      this.#xmpp.iqCaller.request(
        xml('iq', { type: 'set', ...(to === undefined ? {} : { to }), id }, child),
        ANSWER_MS,
      ),
    );
    this.#asked.set(id, asked);
    await asked.finally(() => this.#asked.delete(id));
  }

  /** Sends a message of XEP-0353, when the connection is there. */
  async message(to: string, id: string, child: XmlElement): Promise<void> {
    await this.#whenOpen();
    const store = xml('store', { xmlns: NS.hints });
    await this.#xmpp.send(xml('message', { to, id, type: 'chat' }, child, store));
  }

  /** The connection goes, as a network's does, and does not come back by itself. */
  async cut(): Promise<void> {
    this.#xmpp.reconnect.stop();
    if (this.#state !== 'open') return;
    const gone = new Promise<void>((resolve) => this.#xmpp.once('disconnect', () => resolve()));
    // A socket of TCP itself; around those of TLS and of WebSocket there is one of the library's.
    const socket = this.#xmpp.socket as unknown as Breakable | null;
    const broken = socket?.socket ?? socket;
    if (broken?.terminate !== undefined) broken.terminate();
    else broken?.destroy?.();
    await gone;
  }

  /** @throws Error where the server is not reached */
  async restore(): Promise<void> {
    this.#xmpp.reconnect.start();
    await this.#xmpp.reconnect.reconnect();
  }

  /** Says good-bye and closes the connection. */
  async close(): Promise<void> {
    const wasOpen = this.#state === 'open';
    if (wasOpen) await this.#farewell();
    this.#state = 'closed';
    this.#xmpp.reconnect.stop();
    if (wasOpen) await this.#xmpp.send(xml('presence', { type: 'unavailable' })).catch(() => {});
    await this.#xmpp.stop().catch((error: unknown) => process.stderr.write(`${wordsOf(error)}\n`));
  }

  /** What was said at the end is out, and answered where that does not take long. */
  async #farewell(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FAREWELL_MS);
    });
    await Promise.race([Promise.allSettled(this.#asked.values()), late]);
    clearTimeout(timer);
  }
}
