import type { XmppClock } from '../clock.ts';
import type { XmppFinding } from '../finding.ts';
import type { XmppLimits } from '../limits.ts';
import type { XmppCrypto } from '../sasl/crypto.ts';
import { takesNoError } from '../stanza/stanza.ts';
import { errorReply } from '../stanza/stanza-error.ts';
import type { Admission } from '../stream/admission.ts';
import type { Wire } from '../stream/wire.ts';
import type { XmlElement } from '../xml/element.ts';
import { ComponentStream } from './component-stream.ts';

export interface ComponentTableOptions {
  /** The secret of each component, by its domain. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly crypto: XmppCrypto;
  readonly clock: XmppClock;
  readonly limits: XmppLimits;
  readonly found: (finding: XmppFinding) => void;
  readonly route: (stanza: XmlElement) => void;
}

/** The components of a server (XEP-0114), connected or not. */
export class ComponentTable {
  readonly #options: ComponentTableOptions;
  readonly #streams = new Map<string, ComponentStream>();

  constructor(options: ComponentTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#streams.size;
  }

  /** The domains of those that are connected. */
  get domains(): readonly string[] {
    return [...this.#streams.keys()];
  }

  /** Whether a domain is a component's, connected or not. */
  serves(domain: string): boolean {
    return Object.hasOwn(this.#options.secrets, domain);
  }

  /** `false`: the domain is no component's. */
  deliver(domain: string, stanza: XmlElement): boolean {
    if (!this.serves(domain)) return false;
    const stream = this.#streams.get(domain);
    if (stream !== undefined) stream.send(stanza);
    else if (!takesNoError(stanza) && stanza.name !== 'presence')
      this.#options.route(errorReply(stanza, 'service-unavailable', `${domain} is not connected`));
    return true;
  }

  accept(wire: Wire, admission: Admission): ComponentStream {
    return new ComponentStream(wire, {
      ...this.#options,
      admission,
      joined: (domain, stream) => {
        // Whoever proves the secret last has the domain: the other one is perhaps half dead.
        const before = this.#streams.get(domain);
        this.#streams.set(domain, stream);
        before?.end('conflict');
      },
      left: (domain, stream) => {
        if (this.#streams.get(domain) === stream) this.#streams.delete(domain);
      },
    });
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.end('system-shutdown');
  }
}
