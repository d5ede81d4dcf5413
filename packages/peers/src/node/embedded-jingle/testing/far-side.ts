import { type Client, client } from '@xmpp/client';
import { NS } from '../namespaces.ts';
import { type XmlElement, xml } from '../xml.ts';

const PATIENCE_MS = 10_000;

export interface FarSideOptions {
  readonly service: string;
  readonly domain: string;
  readonly user: string;
  readonly password: string;
}

/** A client that says what a test tells it to, and keeps what it is told. */
export class FarSide {
  readonly heard: XmlElement[] = [];
  /** What an action is refused with, by its name. */
  readonly refusals = new Map<string, XmlElement>();
  readonly #client: Client;
  #waiting: (() => void)[] = [];
  readonly #read = new WeakSet<XmlElement>();

  private constructor(made: Client) {
    this.#client = made;
    made.iqCallee.set(NS.jingle, 'jingle', ({ stanza }) => {
      const action = stanza.getChild('jingle')?.attrs.action;
      this.#keep(stanza);
      return this.refusals.get(action) ?? true;
    });
    made.on('stanza', (stanza) => {
      if (stanza.is('message')) this.#keep(stanza);
    });
  }

  static async logIn({ service, domain, user, password }: FarSideOptions): Promise<FarSide> {
    const made = client({ service, domain, username: user, password, resource: 'far', timeout: PATIENCE_MS });
    made.reconnect.stop();
    made.on('error', () => {});
    const far = new FarSide(made);
    await made.start();
    await made.send(xml('presence'));
    return far;
  }

  get jid(): string {
    return String(this.#client.jid);
  }

  #keep(stanza: XmlElement): void {
    this.heard.push(stanza);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** What was heard is done with, and nothing is refused any more. */
  forget(): void {
    this.heard.length = 0;
    this.refusals.clear();
  }

  /** The next stanza that fits and was not asked for before: its Jingle, or its message of XEP-0353. */
  async next(name: string): Promise<XmlElement> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      for (const stanza of this.heard) {
        const jingle = stanza.getChild('jingle', NS.jingle);
        const told = jingle?.attrs.action === name ? jingle : stanza.getChild(name, NS.message);
        if (told === undefined || this.#read.has(stanza)) continue;
        this.#read.add(stanza);
        return told;
      }
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`no ${name} among ${this.heard.map(String).join('\n')}`);
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        timer = setTimeout(resolve, left);
      });
      clearTimeout(timer);
    }
  }

  /** Sends an action. @returns `result`, or the condition that it was refused with, with what Jingle adds */
  async act(to: string, sid: string, action: string, ...children: XmlElement[]): Promise<string> {
    return this.say(to, xml('jingle', { xmlns: NS.jingle, action, sid }, ...children));
  }

  async say(to: string, child: XmlElement, type: 'set' | 'get' = 'set'): Promise<string> {
    try {
      await this.#client.iqCaller.request(xml('iq', { type, to }, child));
      return 'result';
    } catch (error) {
      const { condition, application } = error as { condition?: string; application?: XmlElement };
      if (condition === undefined) throw error;
      return application === undefined ? condition : `${condition} ${application.name}`;
    }
  }

  async ask(to: string, child: XmlElement): Promise<XmlElement | undefined> {
    return this.#client.iqCaller.get(child, to);
  }

  async tell(to: string, name: string, id: string, ...children: XmlElement[]): Promise<void> {
    const child = xml(name, { xmlns: NS.message, id }, ...children);
    await this.#client.send(xml('message', { to, type: 'chat' }, child));
  }

  async logOut(): Promise<void> {
    await this.#client.stop();
  }
}
