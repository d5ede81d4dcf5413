import type { XmppClock } from '../clock.ts';
import type { XmppLimits } from '../limits.ts';
import { NS } from '../namespaces.ts';
import type { Session, SessionUser } from '../routing/session.ts';
import { type XmlElement, xml } from '../xml/element.ts';
import { OutboundQueue, SM_MODULUS } from './outbound-queue.ts';
import type { StreamCondition } from './stream-error.ts';

/** The stream that a session has at the moment. */
export interface SessionLink {
  send(element: XmlElement): void;
  end(condition: StreamCondition, text: string): void;
}

/** What a session needs of the server. */
export interface SessionHost {
  readonly clock: XmppClock;
  readonly limits: XmppLimits;
  /** The session is over; these stanzas never arrived. */
  ended(session: ClientSession, undelivered: readonly XmlElement[]): void;
}

/** A client's resource, which may outlive its stream (XEP-0198). */
export class ClientSession implements SessionUser {
  /** How it is taken up again; not to be guessed. */
  readonly id: string;
  readonly #host: SessionHost;
  #link: SessionLink | undefined;
  #bound: Session | undefined;
  #queue: OutboundQueue | undefined;
  #resumable = false;
  #inbound = 0;
  #awaiting = false;
  #over = false;
  #timer: object | number | undefined;

  constructor(id: string, host: SessionHost, link: SessionLink) {
    this.id = id;
    this.#host = host;
    this.#link = link;
  }

  get bound(): Session {
    return this.#bound!;
  }

  set bound(session: Session) {
    this.#bound = session;
  }

  /** Stanzas that came from the client since stream management was enabled. */
  get handled(): number {
    return this.#inbound;
  }

  get managed(): boolean {
    return this.#queue !== undefined;
  }

  /** It waits for its client to come back. */
  get lost(): boolean {
    return this.#link === undefined && !this.#over;
  }

  deliver(stanza: XmlElement): void {
    if (this.#over) return;
    if (this.#queue !== undefined) {
      if (this.#queue.size >= this.#host.limits.unacked) {
        this.#link?.end('resource-constraint', 'too many stanzas wait to be acknowledged');
        this.end();
        return;
      }
      this.#queue.push(stanza);
    }
    this.#link?.send(stanza);
    this.#askAck();
  }

  /** Begins to count (XEP-0198 section 3); `undefined` where it does so already. */
  enable(resumable: boolean): XmlElement | undefined {
    if (this.#queue !== undefined) return undefined;
    this.#queue = new OutboundQueue();
    this.#resumable = resumable;
    const max = String(Math.floor(this.#host.limits.resumeMs / 1000));
    const attrs = resumable ? { id: this.id, resume: 'true', max } : {};
    return xml('enabled', { xmlns: NS.streamManagement, ...attrs });
  }

  /** One stanza came from the client. */
  count(): void {
    if (this.#queue !== undefined) this.#inbound = (this.#inbound + 1) % SM_MODULUS;
  }

  /** The client says what it has handled; `false` where that cannot be. */
  ack(handled: number): boolean {
    if (this.#queue === undefined || !this.#queue.ack(handled)) return false;
    this.#awaiting = false;
    if (this.#queue.size > 0) this.#askAck();
    return true;
  }

  /** Whether it may be taken up again. */
  get resumable(): boolean {
    return this.#resumable && !this.#over;
  }

  /** A new stream takes it up (XEP-0198 section 5); `false` where the client counts more than was sent. */
  resume(link: SessionLink, handled: number): boolean {
    const queue = this.#queue;
    if (queue === undefined || !queue.ack(handled)) return false;
    const before = this.#link;
    this.#link = undefined;
    before?.end('conflict', 'the session was taken up elsewhere');
    if (this.#timer !== undefined) this.#host.clock.cancel(this.#timer);
    this.#timer = undefined;
    this.#awaiting = false;
    link.send(xml('resumed', { xmlns: NS.streamManagement, previd: this.id, h: String(this.#inbound) }));
    this.#link = link;
    for (const stanza of [...queue.pending()]) link.send(stanza);
    if (queue.size > 0) this.#askAck();
    return true;
  }

  /** Its stream broke; another one may take it up. */
  dropped(link: SessionLink): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    if (!this.#resumable || this.#over) {
      this.end();
      return;
    }
    this.#timer = this.#host.clock.after(this.#host.limits.resumeMs, () => this.end());
  }

  /** Another resource took its place, or the server goes. */
  evict(condition: StreamCondition, text: string): void {
    const link = this.#link;
    this.#link = undefined;
    this.end();
    link?.end(condition, text);
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#link = undefined;
    if (this.#timer !== undefined) this.#host.clock.cancel(this.#timer);
    this.#host.ended(this, this.#queue?.pending() ?? []);
  }

  #askAck(): void {
    if (this.#queue === undefined || this.#awaiting || this.#link === undefined) return;
    this.#awaiting = true;
    this.#link.send(xml('r', { xmlns: NS.streamManagement }));
  }
}
