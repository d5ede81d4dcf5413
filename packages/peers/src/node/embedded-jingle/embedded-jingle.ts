import { callStats, heardOf } from '../embedded/call-stats.ts';
import { type Arguments, codecsOf, numberOf, strings } from '../embedded/command-arguments.ts';
import { type CommandedPeer, type Tell, Unsupported } from '../embedded/peer-program.ts';
import { JingleCall } from './jingle-call.ts';
import { jingleLackOf } from './jingle-features.ts';
import type { MediaSettings } from './jingle-media.ts';
import { writeError, writeReason } from './jingle-reasons.ts';
import { NS } from './namespaces.ts';
import { trustAuthority } from './trust-authority.ts';
import { type XmlElement, xml } from './xml.ts';
import { XmppLine } from './xmpp-line.ts';

interface Session {
  readonly line: XmppLine;
  readonly media: MediaSettings;
  /** Calls are initiated without a proposal. */
  readonly direct: boolean;
}

/** The client's commands (docs/adding-a-peer.md), carried out on one session at a server and at most one call. */
export class EmbeddedJingle implements CommandedPeer {
  readonly #tell: Tell;
  readonly #random: () => number;
  #session: Session | undefined;
  #call: JingleCall | undefined;
  #impaired = false;

  constructor(tell: Tell, random: () => number) {
    this.#tell = tell;
    this.#random = random;
  }

  async run(command: string, args: Arguments): Promise<object> {
    const work = Object.hasOwn(this.#commands, command) ? this.#commands[command] : undefined;
    if (work === undefined) throw new Unsupported(jingleLackOf(command) ?? `no command ${command}`);
    // A command without a result gives nothing back.
    return ((await work(args)) as object | undefined) ?? {};
  }

  readonly #commands: Readonly<Record<string, (args: Arguments) => unknown>> = {
    probe: ({ feature }) => this.#need(String(feature)),
    'open-jingle': (args) => this.#open(args),
    call: ({ to }) => this.#place(String(to)),
    accept: () => this.#current.accept(),
    decline: () => this.#current.decline('declined'),
    busy: () => this.#current.decline('busy'),
    'hang-up': () => this.#current.hangUp(),
    hold: ({ on }) => this.#current.hold(on === true),
    dtmf: ({ digits, durationMs }) =>
      this.#current.media.sound.dial(String(digits), numberOf(durationMs, 'durationMs', 20, 5000)),
    hear: ({ ms }) => heardOf(this.#current.media.sound, numberOf(ms, 'ms', 1, 120_000)),
    echo: ({ count, sizes }) => {
      if (!Array.isArray(sizes)) throw new Error('sizes is no list');
      return this.#current.media.probe().echo(
        numberOf(count, 'count', 1, 10_000),
        sizes.map((size) => numberOf(size, 'size', 1, 262_144)),
        1 + Math.floor(this.#random() * 0xffff),
      );
    },
    'cut-signaling': () => this.#opened.line.cut(),
    'restore-signaling': () => this.#opened.line.restore(),
    impair: ({ what, on }) => {
      this.#need(`impair:${String(what)}`);
      if (what === 'long-digits') this.#current.media.sound.longDigits = on === true;
      else {
        this.#impaired = on === true;
        if (this.#call !== undefined) this.#call.media.sound.impaired = this.#impaired;
      }
    },
    stats: () => callStats(this.#current.media.sound, this.#current.media.end.engine),
    close: () => this.close(),
  };

  /** @throws Unsupported */
  #need(feature: string): void {
    const lack = jingleLackOf(feature);
    if (lack !== undefined) throw new Unsupported(lack);
  }

  get #opened(): Session {
    if (this.#session === undefined) throw new Error('not open');
    return this.#session;
  }

  get #current(): JingleCall {
    if (this.#call === undefined) throw new Error('there is no call');
    return this.#call;
  }

  async #open(args: Arguments): Promise<void> {
    if (this.#session !== undefined) await this.close();
    this.#need(`transport:${String(args.transport)}`);
    const wanted = strings(args.audioCodecs);
    const codecs = codecsOf(wanted);
    if (codecs.length === 0) throw new Unsupported(jingleLackOf(`codec:${wanted[0]}`));
    const server = String(args.server);
    if (typeof args.ca === 'string') trustAuthority(args.ca);
    const line = new XmppLine(
      {
        service: args.transport === 'tcp' ? `xmpp://${server}` : server,
        domain: String(args.domain),
        user: String(args.user),
        password: String(args.password),
        resource: typeof args.resource === 'string' ? args.resource : `embedded-${this.#word()}`,
      },
      {
        tell: this.#tell,
        jingle: (from, jingle) => this.#jingle(from, jingle),
        message: (from, message) => this.#message(from, message),
        over: () => this.#call?.lose({ code: 'unavailable', text: 'the session at the server is over' }),
      },
    );
    const media: MediaSettings = {
      pattern: Number(args.pattern ?? 0),
      codecs,
      mediaAddress: String(args.mediaAddress),
      audio: args.audio !== false,
      data: args.data === true,
      trickle: args.trickle !== false,
      random: this.#random,
    };
    await line.open();
    this.#session = { line, media, direct: args.direct === true };
  }

  #word(): string {
    return Math.floor(this.#random() * 2 ** 47).toString(36);
  }

  async #place(to: string): Promise<void> {
    const { line, direct } = this.#opened;
    if (this.#call !== undefined) throw new Error('a call is up');
    const address = to.includes('@') ? to : `${to}@${line.options.domain}`;
    const full = address.includes('/') ? address : direct ? line.clientOf(address) : undefined;
    if (direct && full === undefined) throw new Error(`no client of ${address} is known to be there`);
    const call = this.#newCall(this.#word(), full ?? address, true);
    await (full === undefined ? call.propose() : call.initiate());
  }

  /** An IQ of Jingle (XEP-0166). @returns the error that it is answered with */
  #jingle(from: string, jingle: XmlElement): XmlElement | undefined {
    const { sid, action } = jingle.attrs;
    if (typeof sid !== 'string' || sid === '' || typeof action !== 'string') {
      return writeError('modify', 'bad-request');
    }
    const call = this.#call;
    const isOurs = call?.id === sid && call.isWith(from);
    if (action === 'session-initiate') return this.#initiated(from, sid, jingle, isOurs);
    if (call === undefined || !isOurs) return writeError('cancel', 'item-not-found', 'unknown-session');
    return call.take(action, jingle);
  }

  #initiated(from: string, sid: string, jingle: XmlElement, isOurs: boolean): XmlElement | undefined {
    const call = this.#call;
    if (call !== undefined && isOurs) {
      if (call.outgoing || call.phase !== 'incoming') {
        return writeError('wait', 'unexpected-request', 'out-of-order');
      }
      call.ringInitiated(jingle);
    } else if (call === undefined) this.#newCall(sid, from, false).ringInitiated(jingle);
    else this.#refuseSession(from, sid);
    return undefined;
  }

  /** A second call: its IQ is answered first. */
  #refuseSession(from: string, sid: string): void {
    const attrs = { xmlns: NS.jingle, action: 'session-terminate', sid };
    setImmediate(() => {
      this.#session?.line
        .request(from, xml('jingle', attrs, writeReason({ code: 'busy' })))
        .catch((error: unknown) => process.stderr.write(`session-terminate: ${String(error)}\n`));
    });
  }

  /** A message: of XEP-0353, or none of ours. */
  #message(from: string, message: XmlElement): void {
    const child = message.getChildElements().find((each) => each.getNS() === NS.message);
    const call = this.#call;
    if (message.attrs.type === 'error') {
      const error = message.getChild('error');
      const condition = error?.getChildElements().find(({ name }) => name !== 'text')?.name;
      if (call?.id === message.attrs.id) {
        call?.takeMessageError(condition ?? 'undefined-condition', error?.getChildText('text') ?? undefined);
      }
      return;
    }
    const id = child?.attrs.id;
    // What we sent to our own address, too, comes back to us.
    if (child === undefined || typeof id !== 'string' || from === this.#session?.line.jid) return;
    if (child.name === 'propose') this.#proposed(from, id);
    else if (call?.id === id) call.takeMessage(from, child.name, child);
  }

  #proposed(from: string, id: string): void {
    if (this.#call === undefined) {
      this.#newCall(id, from, false).ringProposed();
      return;
    }
    const reject = xml('reject', { xmlns: NS.message, id }, writeReason({ code: 'busy' }));
    void this.#session?.line.message(from, id, reject);
  }

  #newCall(id: string, party: string, outgoing: boolean): JingleCall {
    const { line, media } = this.#opened;
    const call: JingleCall = new JingleCall({ id, party, outgoing }, media, line, {
      tell: this.#tell,
      over: () => {
        if (this.#call === call) this.#call = undefined;
      },
    });
    call.media.sound.impaired = this.#impaired;
    this.#call = call;
    return call;
  }

  /** Ends the call and logs out. */
  async close(): Promise<void> {
    this.#call?.hangUp();
    const session = this.#session;
    this.#session = undefined;
    await session?.line.close();
  }
}
