import { parseDomain, parseJid } from '../address/jid.ts';
import { NS } from '../namespaces.ts';
import { fromBase64, fromUtf8, hex, utf8 } from '../sasl/crypto.ts';
import { isStanza, stanzaFault, takesNoError } from '../stanza/stanza.ts';
import { errorReply } from '../stanza/stanza-error.ts';
import type { Admission, Admitted } from '../stream/admission.ts';
import { readStreamError, type StreamCondition, streamError } from '../stream/stream-error.ts';
import type { StreamHeader, Wire, WireHandler } from '../stream/wire.ts';
import { isElement, textOf, type XmlElement, xml } from '../xml/element.ts';
import type { XmlError } from '../xml/xml-error.ts';
import { type DialbackPair, dialbackError, dialbackKey, dialbackVerdict } from './dialback.ts';
import type { FederationHost } from './federation-host.ts';
import { incomingFeatures } from './incoming-features.ts';

/** Pairs of domains that one stream may prove. */
const MOST_PAIRS = 50;

/** Another server's connection to this one: what it may send is what it has proven to be. */
export class IncomingStream implements WireHandler, Admitted {
  readonly #wire: Wire;
  readonly #host: FederationHost;
  readonly #admission: Admission;
  readonly #late: object | number;
  /** `originating receiving` */
  readonly #pairs = new Set<string>();
  #id = '';
  #from: string | undefined;
  /** The domain that its certificate proved (RFC 6120 section 13.8). */
  #certified: string | undefined;
  #asking = 0;
  #opened = false;
  #over = false;

  constructor(wire: Wire, host: FederationHost, admission: Admission) {
    this.#wire = wire;
    this.#host = host;
    this.#admission = admission;
    this.#late = host.clock.after(host.limits.loginMs, () =>
      this.end('connection-timeout', 'no proof in time'),
    );
  }

  opened(header: StreamHeader): void {
    this.#id = hex(this.#host.crypto.random(16));
    this.#opened = true;
    const to = parseDomain(header.to ?? '');
    this.#from = parseDomain(header.from ?? '');
    const ours = to !== undefined && this.#host.hosts(to);
    const version = '1.0';
    this.#wire.open({
      from: ours ? to : undefined,
      to: this.#from,
      id: this.#id,
      version,
      content: NS.server,
    });
    if (header.content !== NS.server) this.end('invalid-namespace');
    else if (header.to !== undefined && !ours) this.end('host-unknown', `${header.to} is not served here`);
    else if (!/^1\.\d+$/.test(header.version ?? '')) this.end('unsupported-version');
    else {
      const proven = this.#certified !== undefined || this.#from === undefined;
      const external = !proven && this.#wire.secure && this.#wire.certified(this.#from ?? '');
      this.#wire.send(incomingFeatures(this.#wire.secure, this.#host.tls, external));
    }
  }

  secured(): void {
    this.#opened = false;
  }

  received(element: XmlElement): void {
    if (this.#over) return;
    const { xmlns } = element.attrs;
    if (isStanza(element)) this.#takeStanza(element);
    else if (isElement(element, 'error', NS.stream)) {
      const { condition, text } = readStreamError(element);
      this.#host.found({
        code: 'stream-failed',
        text: `${condition}: ${text ?? 'no words'}`,
        remote: this.#wire.remote,
      });
      this.closed();
    } else if (isElement(element, 'starttls', NS.tls)) this.#takeStartTls();
    else if (isElement(element, 'auth', NS.sasl)) this.#takeExternal(element);
    else if (xmlns === NS.dialback && this.#host.tls === 'required' && !this.#wire.secure)
      this.end('policy-violation', 'TLS comes first');
    else if (isElement(element, 'result', NS.dialback)) this.#takeResult(element);
    else if (isElement(element, 'verify', NS.dialback)) this.#takeVerify(element);
    else this.end('unsupported-stanza-type', `${element.name} is no stanza`);
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
    this.end(error.condition, error.message);
  }

  ended(): void {
    this.#over = true;
    this.#host.clock.cancel(this.#late);
    this.#admission.leave(this);
    this.#host.left(this);
  }

  evict(): void {
    this.end('resource-constraint', 'no room');
  }

  end(condition: StreamCondition, text?: string): void {
    if (this.#over) return;
    if (!this.#opened) this.#wire.open({ version: '1.0', content: NS.server });
    this.#wire.send(streamError(condition, text));
    this.closed();
  }

  #takeStartTls(): void {
    if (this.#wire.secure || this.#host.tls === 'none') {
      this.#wire.send(xml('failure', { xmlns: NS.tls }));
      this.closed();
      return;
    }
    this.#wire.send(xml('proceed', { xmlns: NS.tls }));
    this.#wire.startTls();
  }

  /** SASL EXTERNAL (XEP-0178 section 3): the certificate says who it is. */
  #takeExternal(element: XmlElement): void {
    const text = textOf(element);
    const data = text === '' || text === '=' ? new Uint8Array() : fromBase64(text);
    const asked = data === undefined ? undefined : fromUtf8(data);
    const domain = asked === '' ? this.#from : parseDomain(asked ?? '');
    const right =
      element.attrs.mechanism === 'EXTERNAL' &&
      domain !== undefined &&
      domain === this.#from &&
      this.#wire.secure &&
      this.#wire.certified(domain);
    if (!right) {
      const why = element.attrs.mechanism === 'EXTERNAL' ? 'not-authorized' : 'invalid-mechanism';
      this.#host.found({
        code: 'login-refused',
        text: `EXTERNAL as ${domain ?? 'nobody'}`,
        remote: this.#wire.remote,
      });
      this.#wire.send(xml('failure', { xmlns: NS.sasl }, xml(why)));
      return;
    }
    this.#certified = domain;
    this.#proved();
    this.#wire.send(xml('success', { xmlns: NS.sasl }));
    this.#wire.restart(this.#host.limits.xml);
  }

  /** It says that it is `from`, and gives a key that only the server of that domain can know (XEP-0220 section 2.2). */
  #takeResult(element: XmlElement): void {
    const pair = pairOf(element, 'from', 'to');
    const key = textOf(element).trim();
    // One that is an answer belongs on the stream that we opened.
    if (pair === undefined || element.attrs.type !== undefined) {
      this.end('improper-addressing');
      return;
    }
    if (!this.#host.hosts(pair.receiving)) {
      this.#wire.send(dialbackError(pair, 'item-not-found'));
      return;
    }
    if (this.#host.hosts(pair.originating) || this.#pairs.size + this.#asking >= MOST_PAIRS) {
      this.#wire.send(dialbackError(pair, 'policy-violation'));
      return;
    }
    this.#asking += 1;
    this.#host.verify(pair, this.#id, key, (verdict) => {
      this.#asking -= 1;
      if (!this.#over) this.#answerResult(pair, verdict);
    });
  }

  #answerResult(pair: DialbackPair, verdict: 'valid' | 'invalid' | 'unreachable'): void {
    if (verdict === 'valid') {
      this.#pairs.add(`${pair.originating} ${pair.receiving}`);
      this.#proved();
      this.#wire.send(dialbackVerdict(pair, 'valid'));
      return;
    }
    const text = `${pair.originating} is not who it says: ${verdict}`;
    this.#host.found({
      code: 'dialback-refused',
      text,
      remote: this.#wire.remote,
      clause: 'XEP-0220 section 2.2.2',
    });
    this.#wire.send(
      verdict === 'invalid'
        ? dialbackVerdict(pair, 'invalid')
        : dialbackError(pair, 'remote-server-not-found'),
    );
    if (verdict === 'invalid' && this.#pairs.size === 0) this.closed();
  }

  /** Another server asks whether a key is ours (XEP-0220 section 2.3). */
  #takeVerify(element: XmlElement): void {
    const pair = pairOf(element, 'to', 'from');
    const { id } = element.attrs;
    if (pair === undefined || id === undefined || !this.#host.hosts(pair.originating)) {
      this.end(pair === undefined || id === undefined ? 'improper-addressing' : 'host-unknown');
      return;
    }
    const { crypto, secret } = this.#host;
    const right = dialbackKey(crypto, secret, pair, id);
    const type = crypto.equal(utf8(right), utf8(textOf(element).trim())) ? 'valid' : 'invalid';
    this.#wire.send(
      xml('verify', { xmlns: NS.dialback, from: pair.originating, to: pair.receiving, id, type }),
    );
  }

  #takeStanza(stanza: XmlElement): void {
    const from = parseJid(stanza.attrs.from ?? '');
    const to = parseJid(stanza.attrs.to ?? '');
    if (from === undefined || to === undefined) {
      this.end('improper-addressing');
      return;
    }
    const proven =
      this.#pairs.has(`${from.domain} ${to.domain}`) ||
      (this.#certified === from.domain && this.#host.hosts(to.domain));
    if (!proven) {
      const text = `a stanza from ${from.domain} to ${to.domain}, which was not proven`;
      const clause = 'RFC 6120 section 8.1.2.2';
      this.#host.found({ code: 'forged-from', text, remote: this.#wire.remote, clause });
      this.end('invalid-from', text);
      return;
    }
    const fault = stanzaFault(stanza);
    if (fault === undefined) this.#host.route(stanza);
    else if (!takesNoError(stanza)) this.#host.route(errorReply(stanza, 'bad-request', fault));
  }

  #proved(): void {
    this.#host.clock.cancel(this.#late);
    this.#admission.known(this);
    this.#wire.widen(this.#host.limits.xml);
  }
}

function pairOf(element: XmlElement, originating: string, receiving: string): DialbackPair | undefined {
  const one = parseDomain(element.attrs[originating] ?? '');
  const other = parseDomain(element.attrs[receiving] ?? '');
  return one === undefined || other === undefined ? undefined : { originating: one, receiving: other };
}
