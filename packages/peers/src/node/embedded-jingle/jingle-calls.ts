import { randomUUID } from 'node:crypto';
import type { Tell } from '../embedded/peer-program.ts';
import { bareOf, type InitiationMessage, isLower, readInitiation } from './initiation-message.ts';
import { JingleCall } from './jingle-call.ts';
import type { MediaSettings } from './jingle-media.ts';
import { writeError, writeReason } from './jingle-reasons.ts';
import { NS } from './namespaces.ts';
import { type XmlElement, xml } from './xml.ts';
import type { XmppLine } from './xmpp-line.ts';

/** The calls of one session at a server: one at a time. */
export class JingleCalls {
  readonly #line: XmppLine;
  readonly #settings: MediaSettings;
  readonly #tell: Tell;
  #call: JingleCall | undefined;
  #impaired = false;

  constructor(line: XmppLine, settings: MediaSettings, tell: Tell) {
    this.#line = line;
    this.#settings = settings;
    this.#tell = tell;
  }

  /** @throws Error where there is none */
  get current(): JingleCall {
    if (this.#call === undefined) throw new Error('there is no call');
    return this.#call;
  }

  /** The pattern is silence from now on. */
  set impaired(on: boolean) {
    this.#impaired = on;
    if (this.#call !== undefined) this.#call.media.sound.impaired = on;
  }

  /** @param direct without a proposal, to one client. @throws Error where a call is up, or none is there */
  async place(address: string, direct: boolean): Promise<void> {
    if (this.#call !== undefined) throw new Error('a call is up');
    const full = address.includes('/') ? address : direct ? this.#line.clientOf(address) : undefined;
    if (direct && full === undefined) throw new Error(`no client of ${address} is known to be there`);
    const call = this.#newCall(randomUUID(), full ?? address, true);
    await (full === undefined ? call.propose() : call.initiate());
  }

  /** An IQ of Jingle (XEP-0166). @returns the error that it is answered with */
  takeJingle(from: string, jingle: XmlElement): XmlElement | undefined {
    const { sid, action } = jingle.attrs;
    if (typeof sid !== 'string' || sid === '' || typeof action !== 'string') {
      return writeError('modify', 'bad-request');
    }
    const call = this.#call;
    const isOurs = call?.id === sid && call.party === from;
    if (action === 'session-initiate') return this.#initiated(from, sid, jingle, isOurs);
    if (call === undefined || !isOurs) return writeError('cancel', 'item-not-found', 'unknown-session');
    return call.take(action, jingle);
  }

  #initiated(from: string, sid: string, jingle: XmlElement, isOurs: boolean): XmlElement | undefined {
    const call = this.#call;
    if (call === undefined) {
      this.#newCall(sid, from, false).ringInitiated(jingle);
      return undefined;
    }
    if (isOurs) {
      if (!call.awaitsSession) return writeError('wait', 'unexpected-request', 'out-of-order');
      call.ringInitiated(jingle);
      return undefined;
    }
    if (call.isInitiating && call.party === from) {
      if (isLower([call.id, this.#line.jid], [sid, from]))
        return writeError('cancel', 'conflict', 'tie-break');
      this.#giveWay(call, sid, from).ringInitiated(jingle);
      return undefined;
    }
    this.#refuseSession(from, sid);
    return undefined;
  }

  /** A second call: its IQ is answered first. */
  #refuseSession(from: string, sid: string): void {
    const attrs = { xmlns: NS.jingle, action: 'session-terminate', sid };
    setImmediate(() => {
      this.#line
        .request(from, xml('jingle', attrs, writeReason({ code: 'busy' })))
        .catch((error: unknown) => process.stderr.write(`session-terminate: ${String(error)}\n`));
    });
  }

  /** A message: of XEP-0353, or none of ours. */
  takeMessage(stanza: XmlElement): void {
    if (stanza.attrs.type === 'error') {
      this.#undelivered(stanza);
      return;
    }
    const message = readInitiation(stanza, this.#line.bareJid);
    // What we sent to our own address, too, comes back to us.
    if (message === undefined || message.from === this.#line.jid) return;
    const isOwn = bareOf(message.from) === this.#line.bareJid;
    if (message.name === 'propose' && !isOwn) this.#proposed(message);
    else if (this.#call?.id === message.id) this.#call.takeMessage(message, isOwn);
  }

  #undelivered(stanza: XmlElement): void {
    if (this.#call === undefined || this.#call.id !== stanza.attrs.id) return;
    const error = stanza.getChild('error');
    const condition = error?.getChildElements().find(({ name }) => name !== 'text')?.name;
    this.#call.takeMessageError(condition ?? 'undefined-condition', error?.getChildText('text') ?? undefined);
  }

  #proposed({ from, id }: InitiationMessage): void {
    const call = this.#call;
    if (call === undefined) this.#newCall(id, from, false).ringProposed();
    else if (call.id === id) return;
    else if (call.isProposed && call.party === bareOf(from)) this.#crossed(call, from, id);
    else this.#say(from, 'reject', id, writeReason({ code: 'busy' }));
  }

  /** Both proposed at once (XEP-0353 section 4.1). */
  #crossed(call: JingleCall, from: string, id: string): void {
    const why = [writeReason({ code: 'expired', text: 'Tie-Break' }), xml('tie-break')];
    if (isLower([call.id, this.#line.jid], [id, from])) return this.#say(from, 'reject', id, ...why);
    this.#say(call.party, 'retract', call.id, ...why);
    const theirs = this.#giveWay(call, id, from);
    theirs.accept().catch((error: unknown) => this.#tell('trouble', { words: String(error) }));
  }

  /** Theirs is the call that counts: our user wants to speak to them, and so it is taken. */
  #giveWay(ours: JingleCall, id: string, from: string): JingleCall {
    ours.drop();
    const call = this.#newCall(id, from, false);
    call.isWanted = true;
    return call;
  }

  #say(to: string, name: string, id: string, ...children: XmlElement[]): void {
    this.#line
      .message(to, id, xml(name, { xmlns: NS.message, id }, ...children))
      .catch((error: unknown) => process.stderr.write(`${name}: ${String(error)}\n`));
  }

  #newCall(id: string, party: string, outgoing: boolean): JingleCall {
    const call: JingleCall = new JingleCall({ id, party, outgoing }, this.#settings, this.#line, {
      tell: this.#tell,
      over: () => {
        if (this.#call === call) this.#call = undefined;
      },
    });
    call.media.sound.impaired = this.#impaired;
    this.#call = call;
    return call;
  }

  hangUp(): void {
    this.#call?.hangUp();
  }

  /** The far side cannot be told that the call is over. */
  lose(text: string): void {
    this.#call?.lose({ code: 'unavailable', text });
  }
}
