import type { Router } from '../routing/router.ts';
import type { Session } from '../routing/session.ts';
import { checkElement } from '../xml/check-element.ts';
import type { XmlElement } from '../xml/element.ts';
import type { XmlLimits } from '../xml/limits.ts';

/** A resource of the server that lives in this process: no socket, no login. */
export class LocalPort {
  readonly #session: Session;
  readonly #router: Router;
  readonly #limits: XmlLimits;
  #closed = false;

  constructor(session: Session, router: Router, limits: XmlLimits) {
    this.#session = session;
    this.#router = router;
    this.#limits = limits;
  }

  /** `user@domain/resource` */
  get jid(): string {
    return this.#session.full;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Sends a stanza as this resource; `from` may be left out. Once the port is closed nothing is sent.
   * @throws RangeError for what is no stanza of this resource, or cannot be written as XML
   */
  send(stanza: XmlElement): void {
    if (this.#closed) return;
    const fault = checkElement(stanza, this.#limits);
    if (fault !== undefined) throw new RangeError(fault);
    const { xmlns, ...attrs } = stanza.attrs;
    const bare = xmlns === 'jabber:client' ? { ...stanza, attrs } : stanza;
    if (bare.attrs.xmlns !== undefined || !['iq', 'message', 'presence'].includes(bare.name))
      throw new RangeError(`${stanza.name} is no stanza`);
    if (!this.#router.accept(this.#session, bare))
      throw new RangeError(`${stanza.attrs.from} is not ${this.#session.full}`);
  }

  /** Goes away; who saw the resource is told. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#router.unbind(this.#session);
  }
}
