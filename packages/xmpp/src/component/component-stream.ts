import { parseJid } from '../address/jid.ts';
import { NS } from '../namespaces.ts';
import { hex, utf8 } from '../sasl/crypto.ts';
import { isStanza } from '../stanza/stanza.ts';
import type { Admission, Admitted } from '../stream/admission.ts';
import { type StreamCondition, streamError } from '../stream/stream-error.ts';
import type { StreamHeader, Wire, WireHandler } from '../stream/wire.ts';
import { isElement, textOf, type XmlElement, xml } from '../xml/element.ts';
import type { XmlError } from '../xml/xml-error.ts';
import type { ComponentTableOptions } from './component-table.ts';

export interface ComponentHost extends ComponentTableOptions {
  readonly admission: Admission;
  joined(domain: string, stream: ComponentStream): void;
  left(domain: string, stream: ComponentStream): void;
}

/** A component's connection (XEP-0114). */
export class ComponentStream implements WireHandler, Admitted {
  readonly #wire: Wire;
  readonly #host: ComponentHost;
  readonly #id: string;
  readonly #late: object | number;
  #domain: string | undefined;
  #joined = false;
  #over = false;

  constructor(wire: Wire, host: ComponentHost) {
    this.#wire = wire;
    this.#host = host;
    this.#id = hex(host.crypto.random(16));
    this.#late = host.clock.after(host.limits.loginMs, () => this.end('connection-timeout'));
  }

  opened(header: StreamHeader): void {
    const domain = header.to?.toLowerCase() ?? '';
    const known = Object.hasOwn(this.#host.secrets, domain);
    this.#wire.open({ from: known ? domain : undefined, id: this.#id, content: NS.component });
    if (header.content !== NS.component) this.end('invalid-namespace');
    else if (!known) this.#refuse(`${JSON.stringify(domain)} is no component of this server`, 'host-unknown');
    else this.#domain = domain;
  }

  received(element: XmlElement): void {
    if (this.#over || this.#domain === undefined) return;
    if (!this.#joined) this.#takeHandshake(element, this.#domain);
    else if (isElement(element, 'error', NS.stream)) this.closed();
    else if (!isStanza(element)) this.end('unsupported-stanza-type');
    else {
      const from = parseJid(element.attrs.from ?? '');
      if (from?.domain !== this.#domain) {
        const text = `from ${JSON.stringify(element.attrs.from)} on the stream of ${this.#domain}`;
        const clause = 'XEP-0114 section 3';
        this.#host.found({ code: 'forged-from', text, remote: this.#wire.remote, clause });
        this.end('invalid-from');
      } else if (parseJid(element.attrs.to ?? '') === undefined) this.end('improper-addressing');
      else this.#host.route(element);
    }
  }

  send(stanza: XmlElement): void {
    if (!this.#over) this.#wire.send(stanza);
  }

  secured(): void {
    this.#wire.destroy();
  }

  closed(): void {
    this.#over = true;
    this.#wire.close();
  }

  failed(error: XmlError): void {
    this.#host.found({
      code: 'malformed',
      text: error.message,
      remote: this.#wire.remote,
      clause: error.clause,
    });
    this.end(error.condition);
  }

  ended(): void {
    this.#over = true;
    this.#host.clock.cancel(this.#late);
    this.#host.admission.leave(this);
    if (this.#joined && this.#domain !== undefined) this.#host.left(this.#domain, this);
  }

  evict(): void {
    this.end('resource-constraint');
  }

  end(condition: StreamCondition): void {
    if (this.#over) return;
    this.#wire.send(streamError(condition));
    this.closed();
  }

  #takeHandshake(element: XmlElement, domain: string): void {
    const proof = hex(this.#host.crypto.hash('SHA-1', utf8(this.#id + this.#host.secrets[domain]!)));
    const given = element.name === 'handshake' ? textOf(element).trim().toLowerCase() : '';
    if (!this.#host.crypto.equal(utf8(proof), utf8(given))) {
      this.#refuse(`${domain} does not prove itself`, 'not-authorized');
      return;
    }
    this.#joined = true;
    this.#host.clock.cancel(this.#late);
    this.#host.admission.known(this);
    this.#wire.widen(this.#host.limits.xml);
    this.#host.joined(domain, this);
    this.#wire.send(xml('handshake'));
  }

  #refuse(text: string, condition: StreamCondition): void {
    this.#host.found({
      code: 'component-refused',
      text,
      remote: this.#wire.remote,
      clause: 'XEP-0114 section 3',
    });
    this.end(condition);
  }
}
