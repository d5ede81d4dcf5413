import { NS } from '../namespaces.ts';
import { isStanza } from '../stanza/stanza.ts';
import { resultReply } from '../stanza/stanza-error.ts';
import { isElement, type XmlElement, xml } from '../xml/element.ts';
import type { XmlError } from '../xml/xml-error.ts';
import type { Admitted } from './admission.ts';
import type { ClientHost } from './client-host.ts';
import {
  type ClientEffect,
  type ClientInput,
  type ClientNegotiation,
  type ClientSide,
  startClientNegotiation,
  stepClient,
} from './client-negotiation.ts';
import type { ClientSession, SessionLink } from './client-session.ts';
import { Silence } from './silence.ts';
import { readStreamError, type StreamCondition, streamError } from './stream-error.ts';
import type { StreamHeader, Wire, WireHandler } from './wire.ts';

/** A client's connection: from the login to the stanzas of its resource. */
export class ClientStream implements WireHandler, SessionLink, Admitted {
  readonly #wire: Wire;
  readonly #host: ClientHost;
  readonly #side: ClientSide;
  readonly #silence: Silence;
  readonly #late: object | number;
  #state: ClientNegotiation;
  #session: ClientSession | undefined;
  #opened = false;
  #over = false;

  constructor(wire: Wire, host: ClientHost) {
    this.#wire = wire;
    this.#host = host;
    this.#side = host.sideOf(wire);
    this.#state = startClientNegotiation(wire.secure);
    const { clock, limits } = host;
    this.#late = clock.after(limits.loginMs, () => {
      this.#found('too-slow', `no login within ${limits.loginMs} ms`);
      this.end('connection-timeout', 'no login in time');
    });
    const { silenceMs, answerMs } = limits;
    this.#silence = new Silence(
      clock,
      silenceMs,
      answerMs,
      () => this.#ask(),
      () => this.#wire.destroy(),
    );
  }

  opened(header: StreamHeader): void {
    this.#opened = true;
    this.#step({ kind: 'opened', header });
  }

  secured(): void {
    this.#opened = false;
    this.#step({ kind: 'secured' });
  }

  received(element: XmlElement): void {
    if (this.#over) return;
    this.#silence.heard();
    if (isElement(element, 'error', NS.stream)) {
      const { condition, text } = readStreamError(element);
      this.#found('stream-failed', `${condition}: ${text ?? 'no words'}`);
      this.closed();
    } else if (this.#session === undefined) this.#step({ kind: 'element', element });
    else if (isStanza(element)) this.#stanza(element, this.#session);
    else if (element.attrs.xmlns === NS.streamManagement) this.#manage(element, this.#session);
    else this.#violate('unsupported-stanza-type', `${element.name} is no stanza`);
  }

  /** The client says good-bye: its session is over, too. */
  closed(): void {
    this.#session?.end();
    this.#finish();
  }

  failed(error: XmlError): void {
    this.#host.found({
      code: 'malformed',
      text: error.message,
      remote: this.#wire.remote,
      clause: error.clause,
    });
    this.#violate(error.condition, error.message);
  }

  ended(error: Error | undefined): void {
    if (error !== undefined) this.#found('connection-failed', error.message);
    this.#over = true;
    this.#silence.stop();
    this.#host.clock.cancel(this.#late);
    this.#host.admission.leave(this);
    this.#session?.dropped(this);
  }

  send(element: XmlElement): void {
    if (!this.#over) this.#wire.send(element);
  }

  end(condition: StreamCondition, text?: string, detail?: XmlElement): void {
    if (this.#over) return;
    // RFC 6120 section 4.9.1.2: an error before our header needs the header first.
    if (!this.#opened) this.#wire.open({ from: this.#side.domain, version: '1.0', content: NS.client });
    this.#wire.send(streamError(condition, text, detail));
    this.#finish();
  }

  evict(): void {
    this.#found('too-many-connections', 'others want to log in');
    this.end('resource-constraint', 'no room');
  }

  /** Whoever breaks the rules cannot take the session up again, either. */
  #violate(condition: StreamCondition, text: string, detail?: XmlElement): void {
    this.end(condition, text, detail);
    this.#session?.end();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#wire.close();
  }

  #step(input: ClientInput): void {
    if (this.#over) return;
    const { state, effects } = stepClient(this.#state, input, this.#side);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: ClientEffect): void {
    switch (effect.do) {
      case 'open':
        this.#wire.open(effect.header);
        break;
      case 'send':
        this.send(effect.element);
        break;
      case 'start-tls':
        this.#wire.startTls();
        break;
      case 'restart':
        this.#host.admission.known(this);
        this.#wire.restart(this.#host.limits.xml);
        break;
      case 'refused-login':
        this.#found('login-refused', effect.condition);
        break;
      case 'bind':
        this.#bind(effect);
        break;
      case 'resume':
        this.#resume(effect);
        break;
      case 'fail':
        this.end(effect.condition, effect.text);
        break;
    }
  }

  #bind({ user, resource, iq }: Extract<ClientEffect, { do: 'bind' }>): void {
    const session = this.#host.bind(user, resource, this);
    if (session === undefined) {
      this.end('resource-constraint', 'too many resources');
      return;
    }
    this.#session = session;
    this.#host.clock.cancel(this.#late);
    const jid = xml('jid', {}, session.bound.full);
    this.send(resultReply(iq, xml('bind', { xmlns: NS.bind }, jid)));
  }

  #resume({ user, id, handled }: Extract<ClientEffect, { do: 'resume' }>): void {
    const session = this.#host.resumable(user, id);
    if (session === undefined || !session.resume(this, handled)) {
      this.send(failed('item-not-found'));
      return;
    }
    this.#session = session;
    this.#state = { ...this.#state, stage: 'bound' };
    this.#host.clock.cancel(this.#late);
  }

  #stanza(stanza: XmlElement, session: ClientSession): void {
    session.count();
    if (this.#host.accept(session, stanza)) return;
    const text = `from ${JSON.stringify(stanza.attrs.from)} on the stream of ${session.bound.full}`;
    this.#host.found({
      code: 'forged-from',
      text,
      remote: this.#wire.remote,
      clause: 'RFC 6120 section 8.1.2.1',
    });
    this.#violate('invalid-from', 'the from address is not yours');
  }

  #manage(element: XmlElement, session: ClientSession): void {
    switch (element.name) {
      case 'enable': {
        const enabled = session.enable(element.attrs.resume === 'true' || element.attrs.resume === '1');
        this.send(enabled ?? failed('unexpected-request'));
        break;
      }
      case 'r':
        if (session.managed) this.send(xml('a', { xmlns: NS.streamManagement, h: String(session.handled) }));
        break;
      case 'a':
        if (!/^\d{1,10}$/.test(element.attrs.h ?? '') || !session.ack(Number(element.attrs.h))) {
          const detail = xml('handled-count-too-high', { xmlns: NS.streamManagement, h: element.attrs.h });
          this.#violate('undefined-condition', 'more is acknowledged than was sent', detail);
        }
        break;
      case 'resume':
        this.send(failed('unexpected-request'));
        break;
      default:
        this.#violate('unsupported-stanza-type', `${element.name} is not of stream management`);
    }
  }

  /** Whoever lives answers this: an iq that is not known, too. */
  #ask(): void {
    const session = this.#session;
    if (session === undefined) return;
    if (session.managed) this.send(xml('r', { xmlns: NS.streamManagement }));
    else
      this.send(
        xml(
          'iq',
          { type: 'get', id: 'alive', from: this.#side.domain, to: session.bound.full },
          xml('ping', { xmlns: NS.ping }),
        ),
      );
  }

  #found(
    code: 'login-refused' | 'stream-failed' | 'too-many-connections' | 'too-slow' | 'connection-failed',
    text: string,
  ): void {
    this.#host.found({ code, text, remote: this.#wire.remote });
  }
}

function failed(condition: 'item-not-found' | 'unexpected-request'): XmlElement {
  return xml('failed', { xmlns: NS.streamManagement }, xml(condition, { xmlns: NS.stanzaErrors }));
}
