import { JingleEndpoint, type JingleEndpointOptions } from '../leg/jingle-endpoint.ts';
import { NS } from '../namespaces.ts';
import { childOf, element, type XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse-xml.ts';
import { writeXml } from '../xml/write-xml.ts';

/** A clock that goes when it is told to. */
export class StillClock {
  #timers: { readonly at: number; readonly run: () => void }[] = [];
  #now = 0;

  after(ms: number, run: () => void): object {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return timer;
  }

  cancel(handle: unknown): void {
    this.#timers = this.#timers.filter((timer) => timer !== handle);
  }

  get pending(): number {
    return this.#timers.length;
  }

  pass(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { run } of due) run();
  }
}

/** Endpoints joined by text, as servers would: stanzas wait until `drain`, unknown addresses are answered with an error. */
export class Wire {
  readonly clock = new StillClock();
  /** What went over it, in a few words: `alice@a/1 session-initiate`. */
  readonly seen: string[] = [];
  readonly texts: string[] = [];
  readonly #ends = new Map<string, JingleEndpoint>();
  #queue: string[] = [];
  #ids = 0;
  /** A change or a loss on the way; undefined drops the stanza. */
  twist: (stanza: XmlElement) => XmlElement | undefined = (stanza) => stanza;

  join(jid: string, options: Partial<JingleEndpointOptions> = {}): JingleEndpoint {
    const endpoint = new JingleEndpoint({
      send: (stanza) => this.#queue.push(writeXml(stanza)),
      clock: this.clock,
      newId: () => `id${this.#ids++}`,
      ...options,
    });
    this.#ends.set(jid, endpoint);
    return endpoint;
  }

  send(text: string): void {
    this.#queue.push(text);
  }

  drain(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const stanza = this.twist(parseXml(next).root);
      if (stanza === undefined) continue;
      this.texts.push(writeXml(stanza));
      this.seen.push(words(stanza));
      this.#deliver(stanza);
    }
  }

  #deliver(stanza: XmlElement): void {
    const { to, from, id, type } = stanza.attrs;
    const exact = this.#ends.get(to!);
    const all =
      stanza.name === 'message' && !to!.includes('/')
        ? [...this.#ends].filter(([jid]) => jid.startsWith(`${to}/`))
        : [];
    const ends = exact === undefined ? all.map(([, end]) => end) : [exact];
    for (const end of ends) end.receive(stanza);
    // Copies for the sender's other devices (XEP-0280), as their client would unpack them.
    if (stanza.name === 'message') {
      const account = `${from!.split('/')[0]}/`;
      for (const [jid, end] of this.#ends) if (jid.startsWith(account) && jid !== from) end.receive(stanza);
    }
    if (ends.length > 0 || type === 'result' || type === 'error') return;
    const error = element(NS.client, 'error', { type: 'cancel' }, [
      element(NS.stanzas, 'service-unavailable'),
    ]);
    const payload = stanza.name === 'message' ? stanza.children : [];
    this.#queue.push(
      writeXml(
        element(NS.client, stanza.name, { id: id ?? '', type: 'error', from: to!, to: from! }, [
          ...payload,
          error,
        ]),
      ),
    );
  }
}

function words(stanza: XmlElement): string {
  const from = stanza.attrs.from ?? '';
  const jingle = childOf(stanza, 'jingle', NS.jingle);
  if (jingle !== undefined) return `${from} ${jingle.attrs.action}`;
  const message = stanza.children.find(
    (child) => typeof child !== 'string' && child.xmlns === NS.messageInitiation,
  );
  if (typeof message === 'object') return `${from} ${message.name}`;
  return `${from} ${stanza.attrs.type}`;
}
