import { readReason, wordsOf } from './call-reason.ts';
import { callStats, heardOf } from './call-stats.ts';
import { type Arguments, codecsOf, numberOf, strings } from './command-arguments.ts';
import { EmbeddedCall } from './embedded-call.ts';
import { openHttpLink } from './http-link.ts';
import type { IceServerEntry } from './ice-servers.ts';
import { lackOf } from './peer-features.ts';
import { type CommandedPeer, type Tell, Unsupported } from './peer-program.ts';
import { type Head, WebSession } from './web-session.ts';
import { openWsLink } from './ws-link.ts';

interface Line {
  readonly name: string;
  readonly session: WebSession;
  readonly open: Arguments;
  iceServers: readonly IceServerEntry[];
}

const REGISTER_MS = 10_000;

/** The peer's commands (docs/adding-a-peer.md), carried out on one registration and one call, or one and what it became. */
export class EmbeddedPeer implements CommandedPeer {
  readonly #tell: Tell;
  readonly #random: () => number;
  /** By server and name: with it a name that was ours is ours again. */
  readonly #tokens = new Map<string, string>();
  #line: Line | undefined;
  /** The last is the one that commands are about; one before it waits for its end. */
  readonly #calls: EmbeddedCall[] = [];
  #placed = 0;
  #registered: { resolve(): void; reject(error: Error): void } | undefined;

  constructor(tell: Tell, random: () => number) {
    this.#tell = tell;
    this.#random = random;
  }

  /** Does one command. @throws Unsupported, or Error in words */
  async run(command: string, args: Arguments): Promise<object> {
    const work = this.#commands[command];
    if (work === undefined) throw new Unsupported(lackOf(command) ?? `no command ${command}`);
    // A command without a result gives nothing back.
    return ((await work(args)) as object | undefined) ?? {};
  }

  readonly #commands: Readonly<Record<string, (args: Arguments) => unknown>> = {
    probe: ({ feature }) => {
      const lack = lackOf(String(feature));
      if (lack !== undefined) throw new Unsupported(lack);
    },
    open: (args) => this.#open(args),
    call: async ({ to }) => {
      if (this.#calls.length > 0) throw new Error('a call is up');
      const call = this.#newCall(`e${++this.#placed}`, String(to), true);
      await call.place();
    },
    accept: () => this.#current.accept(),
    decline: () => this.#ringing.hangUp({ code: 'declined' }),
    busy: () => this.#ringing.hangUp({ code: 'busy' }),
    'hang-up': () => this.#current.hangUp(),
    hear: ({ ms }) => heardOf(this.#current.sound, numberOf(ms, 'ms', 1, 120_000)),
    echo: ({ count, sizes }) => {
      if (!Array.isArray(sizes)) throw new Error('sizes is no list');
      const probe = this.#current.probe();
      return probe.echo(
        numberOf(count, 'count', 1, 10_000),
        sizes.map((size) => numberOf(size, 'size', 1, 262_144)),
        1 + Math.floor(this.#random() * 0xffff),
      );
    },
    hold: ({ on }) => this.#current.hold(on === true),
    dtmf: ({ digits, durationMs }) =>
      this.#current.sound.dial(String(digits), numberOf(durationMs, 'durationMs', 20, 5000)),
    transfer: ({ to }) => this.#current.transfer(String(to)),
    consult: async ({ to }) => {
      if (this.#calls.length !== 1) throw new Error('there is not one call to hold');
      this.#current.hold(true);
      await this.#newCall(`e${++this.#placed}`, String(to), true).place();
    },
    'connect-both': () => {
      const [first, second] = this.#calls;
      if (first === undefined || second === undefined) throw new Error('there are no two calls');
      first.connectWith(second);
    },
    'cut-signaling': () => this.#opened.session.cut(),
    'restore-signaling': () => this.#opened.session.restore(),
    impair: ({ what, on }) => {
      const lack = lackOf(`impair:${String(what)}`);
      if (lack !== undefined) throw new Unsupported(lack);
      const { sound } = this.#current;
      if (what === 'long-digits') sound.longDigits = on === true;
      else sound.impaired = on === true;
    },
    stats: () => callStats(this.#current.sound, this.#current.end.engine),
    close: () => this.close(),
  };

  get #opened(): Line {
    if (this.#line === undefined) throw new Error('not open');
    return this.#line;
  }

  get #current(): EmbeddedCall {
    const call = this.#calls.at(-1);
    if (call === undefined) throw new Error('there is no call');
    return call;
  }

  get #ringing(): EmbeddedCall {
    if (this.#current.phase !== 'incoming') throw new Error('no call rings');
    return this.#current;
  }

  async #open(args: Arguments): Promise<void> {
    if (this.#line !== undefined) await this.close();
    const server = String(args.url);
    if (!/^https?:\/\//.test(server)) throw new Error(`not the address of a web server: ${server}`);
    if (args.relayOnly === true) {
      const lack = lackOf('relay');
      if (lack !== undefined) throw new Unsupported(lack);
    }
    const wanted = strings(args.audioCodecs);
    if (wanted.length > 0 && codecsOf(wanted).length === 0)
      throw new Unsupported(lackOf(`codec:${wanted[0]}`));
    const session = new WebSession(args.transport === 'http' ? openHttpLink : openWsLink, server, {
      message: (head, sdp) => this.#message(head, sdp),
      state: (state, why) => this.#signaling(state, why),
      trouble: (words) => this.#tell('trouble', { words }),
    });
    const line: Line = { name: String(args.name), session, open: args, iceServers: [] };
    this.#line = line;
    let timer: NodeJS.Timeout | undefined;
    const registered = new Promise<void>((resolve, reject) => {
      this.#registered = { resolve, reject };
      timer = setTimeout(() => reject(new Error('the web server did not register us in time')), REGISTER_MS);
    });
    try {
      session.start();
      this.#register(line);
      await registered;
    } catch (error) {
      session.end();
      this.#line = undefined;
      throw error;
    } finally {
      clearTimeout(timer);
      this.#registered = undefined;
    }
  }

  #register({ session, name, open }: Line): void {
    const token = this.#tokens.get(`${open.url} ${name}`);
    session.send({ type: 'register', name, ...(token !== undefined ? { token } : {}) });
  }

  #signaling(state: 'open' | 'lost' | 'over', words: string): void {
    if (state === 'lost') this.#registered?.reject(new Error(`no connection to the web server: ${words}`));
    if (state === 'over') {
      for (const call of [...this.#calls]) call.lose({ code: 'unavailable', text: words });
      if (this.#line !== undefined) this.#register(this.#line);
    }
    this.#tell('signaling', { state, words });
  }

  #message(head: Head, sdp: string | undefined): void {
    const line = this.#line;
    if (line === undefined) return;
    if (head.type === 'registered') {
      this.#tokens.set(`${line.open.url} ${line.name}`, String(head.token));
      line.iceServers = Array.isArray(head.iceServers) ? (head.iceServers as IceServerEntry[]) : [];
      this.#registered?.resolve();
    } else if (head.type === 'incoming') this.#incoming(head, sdp);
    else if (typeof head.call === 'string') {
      const call = this.#calls.find(({ id }) => id === head.call);
      if (head.type !== 'transfer') call?.take(head, sdp);
      else if (call !== undefined) this.#follow(call, head);
    } else if (head.type === 'error') {
      const words = `${head.code}: ${head.text}`;
      this.#registered?.reject(new Error(words));
      this.#tell('trouble', { words });
    }
  }

  #incoming(head: Head, sdp: string | undefined): void {
    const id = String(head.call);
    const replaces = typeof head.replaces === 'string' ? head.replaces : undefined;
    const isTaken = replaces !== undefined && this.#current.id === replaces;
    if (this.#calls.length > 0 && !isTaken) {
      this.#line?.session.send({ type: 'end', call: id, reason: { code: 'busy' } });
      return;
    }
    const call = this.#newCall(id, String(head.from), false, replaces);
    call.ring(sdp);
    // It takes the place of the one that is up: nobody is asked.
    if (isTaken && call.phase === 'incoming') this.#do(call.accept());
  }

  /** Does what a transfer asks for (docs/web-protocol.md, Calls). */
  #follow(asker: EmbeddedCall, head: Head): void {
    if (asker !== this.#calls.at(-1) || asker.phase !== 'connected') {
      asker.transferred({ code: 'declined', text: 'one transfer at a time, and in a call' });
      return;
    }
    const to = String(head.target);
    this.#tell('transfer', { to });
    let isTold = false;
    const tell: Tell = (event, fields) => {
      if ((event === 'connected' || event === 'ended') && !isTold) {
        isTold = true;
        asker.transferred(event === 'connected' ? undefined : readReason(fields?.reason));
      }
      this.#tell(event, fields);
    };
    const replaces = typeof head.replaces === 'string' ? head.replaces : undefined;
    this.#do(this.#newCall(`e${++this.#placed}`, to, true, replaces, tell).place());
  }

  #do(work: Promise<void>): void {
    work.catch((error: unknown) => this.#tell('trouble', { words: wordsOf(error) }));
  }

  #newCall(
    id: string,
    party: string,
    outgoing: boolean,
    replaces?: string,
    tell: Tell = this.#tell,
  ): EmbeddedCall {
    const { session, open, iceServers } = this.#opened;
    const call: EmbeddedCall = new EmbeddedCall(
      id,
      party,
      outgoing,
      {
        pattern: Number(open.pattern ?? 0),
        audio: open.audio !== false,
        data: open.data !== false,
        codecs: codecsOf(strings(open.audioCodecs)),
        trickle: open.trickle !== false,
        iceServers,
        random: this.#random,
      },
      {
        send: (message, body) => session.send(message, body),
        tell,
        over: () => this.#calls.splice(this.#calls.indexOf(call), 1),
      },
      replaces,
    );
    this.#calls.push(call);
    return call;
  }

  /** Ends the call and gives the name back. */
  async close(): Promise<void> {
    for (const call of [...this.#calls]) call.hangUp();
    const line = this.#line;
    this.#line = undefined;
    if (line === undefined) return;
    line.session.send({ type: 'leave' });
    await line.session.end();
  }
}
