import { callStats, heardOf } from '../embedded/call-stats.ts';
import { type Arguments, codecsOf, numberOf, strings } from '../embedded/command-arguments.ts';
import { type CommandedPeer, type Tell, Unsupported } from '../embedded/peer-program.ts';
import type { JingleCall } from './jingle-call.ts';
import { JingleCalls } from './jingle-calls.ts';
import { jingleLackOf } from './jingle-features.ts';
import { trustAuthority } from './trust-authority.ts';
import { XmppLine } from './xmpp-line.ts';

interface Opened {
  readonly line: XmppLine;
  readonly calls: JingleCalls;
  /** Calls are initiated without a proposal. */
  readonly direct: boolean;
}

/** The client's commands (docs/adding-a-peer.md), carried out on one session at a server. */
export class EmbeddedJingle implements CommandedPeer {
  readonly #tell: Tell;
  readonly #random: () => number;
  readonly #log: (text: string) => void;
  #open: Opened | undefined;

  /** @param log given each stanza */
  constructor(tell: Tell, random: () => number, log: (text: string) => void) {
    this.#tell = tell;
    this.#random = random;
    this.#log = log;
  }

  async run(command: string, args: Arguments): Promise<object> {
    const work = Object.hasOwn(this.#commands, command) ? this.#commands[command] : undefined;
    if (work === undefined) throw new Unsupported(jingleLackOf(command) ?? `no command ${command}`);
    // A command without a result gives nothing back.
    return ((await work(args)) as object | undefined) ?? {};
  }

  readonly #commands: Readonly<Record<string, (args: Arguments) => unknown>> = {
    probe: ({ feature }) => this.#need(String(feature)),
    'open-jingle': (args) => this.#logIn(args),
    call: ({ to }) => {
      const { line, calls, direct } = this.#opened;
      const text = String(to);
      return calls.place(text.includes('@') ? text : `${text}@${line.options.domain}`, direct);
    },
    accept: () => this.#call.accept(),
    decline: () => this.#call.decline('declined'),
    busy: () => this.#call.decline('busy'),
    'hang-up': () => this.#call.hangUp(),
    hold: ({ on }) => this.#call.hold(on === true),
    dtmf: ({ digits, durationMs }) =>
      this.#call.media.sound.dial(String(digits), numberOf(durationMs, 'durationMs', 20, 5000)),
    hear: ({ ms }) => heardOf(this.#call.media.sound, numberOf(ms, 'ms', 1, 120_000)),
    echo: ({ count, sizes }) => {
      if (!Array.isArray(sizes)) throw new Error('sizes is no list');
      return this.#call.media.probe().echo(
        numberOf(count, 'count', 1, 10_000),
        sizes.map((size) => numberOf(size, 'size', 1, 262_144)),
        1 + Math.floor(this.#random() * 0xffff),
      );
    },
    'cut-signaling': () => this.#opened.line.cut(),
    'restore-signaling': () => this.#opened.line.restore(),
    impair: ({ what, on }) => {
      this.#need(`impair:${String(what)}`);
      if (what === 'long-digits') this.#call.media.sound.longDigits = on === true;
      else this.#opened.calls.impaired = on === true;
    },
    stats: () => callStats(this.#call.media.sound, this.#call.media.end.engine),
    close: () => this.close(),
  };

  /** @throws Unsupported */
  #need(feature: string): void {
    const lack = jingleLackOf(feature);
    if (lack !== undefined) throw new Unsupported(lack);
  }

  get #opened(): Opened {
    if (this.#open === undefined) throw new Error('not open');
    return this.#open;
  }

  get #call(): JingleCall {
    return this.#opened.calls.current;
  }

  async #logIn(args: Arguments): Promise<void> {
    if (this.#open !== undefined) await this.close();
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
        resource:
          typeof args.resource === 'string'
            ? args.resource
            : `embedded-${Math.floor(this.#random() * 2 ** 47).toString(36)}`,
      },
      {
        tell: this.#tell,
        jingle: (from, jingle) => calls.takeJingle(from, jingle),
        seen: (direction, stanza) => this.#log(`--- ${direction}\n${stanza.toString()}\n`),
        message: (stanza) => calls.takeMessage(stanza),
        over: () => calls.lose('the session at the server is over'),
      },
    );
    const calls = new JingleCalls(
      line,
      {
        pattern: Number(args.pattern ?? 0),
        codecs,
        mediaAddress: String(args.mediaAddress),
        audio: args.audio !== false,
        data: args.data === true,
        trickle: args.trickle !== false,
        random: this.#random,
      },
      this.#tell,
    );
    await line.open();
    this.#open = { line, calls, direct: args.direct === true };
  }

  /** Ends the call and logs out. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    open?.calls.hangUp();
    await open?.line.close();
  }
}
