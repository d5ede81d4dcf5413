import { type Agent, JID, type Stanzas } from 'stanza';
import { fromStanzaError } from './end-reasons.ts';
import { RefusedError } from './refused-error.ts';

/** How long somebody who is asked for the first time may take to say where they are, in milliseconds. */
const ANSWER_MS = 5000;

/**
 * Who of those that we know is there, and by which resource: stanza calls full addresses alone, as it has no message
 * initiation (XEP-0353) that would ring all devices of an account.
 */
export class Contacts {
  readonly #client: Agent;
  readonly #changed: (addresses: readonly string[]) => void;
  readonly #answerMs: number;
  /** The priority of each resource, by bare address (RFC 6121 section 4.7.2.3). */
  readonly #there = new Map<string, Map<string, number>>();
  readonly #asked = new Map<
    string,
    { readonly found: (jid: string) => void; readonly refused: (why: RefusedError) => void }
  >();

  constructor(client: Agent, changed: (addresses: readonly string[]) => void, answerMs = ANSWER_MS) {
    this.#client = client;
    this.#changed = changed;
    this.#answerMs = answerMs;
    client.on('available', (presence) => this.#available(presence));
    client.on('unavailable', ({ from }) => this.#gone(from));
    client.on('unsubscribed', ({ from }) =>
      this.#refuse(
        from,
        new RefusedError({ code: 'not-found', text: `${from} lets nobody know where they are` }),
      ),
    );
    client.on('presence:error', ({ from, error }) =>
      this.#refuse(from, new RefusedError(fromStanzaError(error))),
    );
    // A telephone tells everybody who asks that it is there.
    client.on('subscribe', ({ from }) => client.acceptSubscription(from));
  }

  #available({ from, priority = 0 }: Stanzas.ReceivedPresence): void {
    const bare = JID.toBare(from);
    if (bare === JID.toBare(this.#client.jid)) return;
    const resources = this.#there.get(bare) ?? new Map<string, number>();
    resources.set(from, priority);
    this.#there.set(bare, resources);
    this.#asked.get(bare)?.found(from);
    this.#changed([...this.#there.keys()]);
  }

  #gone(from: string): void {
    const bare = JID.toBare(from);
    const resources = this.#there.get(bare);
    if (resources === undefined) return;
    resources.delete(from);
    if (resources.size === 0) this.#there.delete(bare);
    this.#changed([...this.#there.keys()]);
  }

  #refuse(from: string, why: RefusedError): void {
    this.#asked.get(JID.toBare(from))?.refused(why);
  }

  /** The full address to call: a full one as it is, else the resource of highest priority. Rejects with RefusedError. */
  async find(address: string): Promise<string> {
    if (JID.isFull(address)) return address;
    const known = [...(this.#there.get(JID.toBare(address)) ?? [])];
    known.sort(([, one], [, other]) => other - one);
    return known[0]?.[0] ?? this.#ask(JID.toBare(address));
  }

  /** Asks to be told where somebody is (RFC 6121 section 3.1). */
  async #ask(bare: string): Promise<string> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<string>((found, refused) => {
        timer = setTimeout(() => refused(new RefusedError({ code: 'unavailable' })), this.#answerMs);
        this.#asked.set(bare, { found, refused });
        this.#client.subscribe(bare);
      });
    } finally {
      clearTimeout(timer);
      this.#asked.delete(bare);
    }
  }
}
