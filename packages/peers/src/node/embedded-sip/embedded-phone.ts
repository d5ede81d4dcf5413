import { type Invitation, Inviter, type Referral, type Session, type URI, UserAgent } from 'sip.js';
import { callStats, heardOf } from '../embedded/call-stats.ts';
import { type Arguments, codecsOf, numberOf, strings } from '../embedded/command-arguments.ts';
import { type CommandedPeer, type Tell, Unsupported } from '../embedded/peer-program.ts';
import { PhoneCall } from './phone-call.ts';
import { phoneLackOf } from './phone-features.ts';
import { type LineOptions, PhoneLine } from './phone-line.ts';

/** How long what was said at the end may take to go out, in milliseconds. */
const FAREWELL_MS = 1500;

/** The phone's commands (docs/adding-a-peer.md), carried out on one registration. */
export class EmbeddedPhone implements CommandedPeer {
  readonly #tell: Tell;
  readonly #random: () => number;
  readonly #calls = new Map<Session, PhoneCall>();
  #line: PhoneLine | undefined;
  #impaired = false;
  /** Who calls hears the pattern before the call is answered. */
  #earlyMedia = false;

  constructor(tell: Tell, random: () => number) {
    this.#tell = tell;
    this.#random = random;
  }

  async run(command: string, args: Arguments): Promise<object> {
    const work = Object.hasOwn(this.#commands, command) ? this.#commands[command] : undefined;
    if (work === undefined) throw new Unsupported(phoneLackOf(command) ?? `no command ${command}`);
    // A command without a result gives nothing back.
    return ((await work(args)) as object | undefined) ?? {};
  }

  readonly #commands: Readonly<Record<string, (args: Arguments) => unknown>> = {
    probe: ({ feature }) => this.#need(String(feature)),
    'open-sip': (args) => this.#open(args),
    call: ({ to, offer }) => this.#place(this.#address(to), offer === 'late'),
    accept: () => this.#ringing.accept(),
    decline: () => this.#ringing.decline(603),
    busy: () => this.#ringing.decline(486),
    refuse: ({ status }) => this.#ringing.decline(numberOf(status, 'status', 300, 699)),
    'hang-up': () => this.#current.hangUp(),
    hold: ({ on }) => this.#current.hold(on === true),
    dtmf: ({ digits, durationMs }) =>
      this.#current.media.sound.dial(String(digits), numberOf(durationMs, 'durationMs', 20, 5000)),
    transfer: ({ to }) => this.#current.transfer(this.#address(to)),
    consult: async ({ to }) => {
      if (this.#calls.size !== 1) throw new Error('there is not one call to hold');
      this.#current.hold(true);
      await this.#newCall(new Inviter(this.#opened.agent, this.#address(to), { earlyMedia: true })).place();
    },
    'connect-both': () => {
      const [first, second] = [...this.#calls.values()];
      if (first === undefined || second === undefined) throw new Error('there are no two calls');
      return first.transfer(second.replacesAddress);
    },
    hear: ({ ms }) => heardOf(this.#current.media.sound, numberOf(ms, 'ms', 1, 120_000)),
    impair: ({ what, on }) => {
      this.#need(`impair:${String(what)}`);
      this.#impaired = on === true;
      for (const { media } of this.#calls.values()) media.sound.impaired = this.#impaired;
    },
    stats: () => callStats(this.#current.media.sound, this.#current.media.end.engine),
    close: () => this.close(),
  };

  /** @throws Unsupported */
  #need(feature: string): void {
    const lack = phoneLackOf(feature);
    if (lack !== undefined) throw new Unsupported(lack);
  }

  get #opened(): PhoneLine {
    if (this.#line === undefined) throw new Error('not open');
    return this.#line;
  }

  /** The call that was placed, or came, last. */
  get #current(): PhoneCall {
    const call = [...this.#calls.values()].at(-1);
    if (call === undefined) throw new Error('there is no call');
    return call;
  }

  get #ringing(): PhoneCall {
    if (this.#current.phase !== 'incoming') throw new Error('no call rings');
    return this.#current;
  }

  async #open(args: Arguments): Promise<void> {
    if (this.#line !== undefined) await this.close();
    this.#need(`transport:${String(args.transport)}`);
    this.#need(`media:${String(args.media)}`);
    const wanted = strings(args.audioCodecs);
    const codecs = codecsOf(wanted);
    if (codecs.length === 0) throw new Unsupported(phoneLackOf(`codec:${wanted[0]}`));
    const options: LineOptions = {
      server: String(args.server),
      domain: String(args.domain),
      user: String(args.user),
      password: String(args.password),
    };
    const media = {
      pattern: Number(args.pattern ?? 0),
      codecs,
      mediaAddress: String(args.mediaAddress),
      random: this.#random,
    };
    const line = new PhoneLine(options, media, {
      tell: this.#tell,
      invited: (invitation) => this.#invited(invitation),
      media: (session) => this.#calls.get(session)?.media,
    });
    await line.open();
    this.#line = line;
    this.#earlyMedia = args.earlyMedia === true;
  }

  /** @throws Error where it is no address */
  #address(to: unknown): URI {
    const { domain } = this.#opened.options;
    const text = String(to);
    const address = /^(sips?|tel):/i.test(text)
      ? text
      : `sip:${text.includes('@') ? text : `${text}@${domain}`}`;
    const uri = UserAgent.makeURI(address);
    if (uri === undefined) throw new Error(`not an address of SIP: ${text}`);
    return uri;
  }

  async #place(to: URI, withoutOffer: boolean): Promise<void> {
    if (this.#calls.size > 0) throw new Error('a call is up');
    if (!this.#opened.agent.isConnected()) throw new Error('the connection to the registrar is lost');
    // A description in a provisional response is taken for the answer: what is said before the answer is heard.
    const inviter = new Inviter(this.#opened.agent, to, {
      earlyMedia: !withoutOffer,
      inviteWithoutSdp: withoutOffer,
    });
    await this.#newCall(inviter).place();
  }

  #invited(invitation: Invitation): void {
    const trouble = (error: unknown): void => this.#tell('trouble', { words: String(error) });
    const replaced = this.#calls.get(invitation.replacee as Session);
    if (replaced !== undefined) {
      // It takes the place of one of ours: nobody is asked (RFC 3891 section 4).
      const call = this.#newCall(invitation);
      call.accept().then(() => replaced.replaced(), trouble);
      return;
    }
    if (this.#calls.size > 0) {
      void invitation.reject({ statusCode: 486 });
      return;
    }
    this.#newCall(invitation).ring(this.#earlyMedia).catch(trouble);
  }

  /** Does what a transfer asks for: SIP.js tells the far side how it went (RFC 3515 section 2.4.5). */
  async #refer(referral: Referral): Promise<void> {
    this.#tell('transfer', { to: referral.referTo.uri.toString() });
    await referral.accept();
    await this.#newCall(referral.makeInviter({ earlyMedia: true })).place();
  }

  #newCall(session: Inviter | Invitation): PhoneCall {
    const call = new PhoneCall(session, this.#opened.media, {
      tell: this.#tell,
      refer: (referral) => {
        this.#refer(referral).catch((error: unknown) => this.#tell('trouble', { words: String(error) }));
      },
      over: () => this.#calls.delete(session),
    });
    call.media.sound.impaired = this.#impaired;
    this.#calls.set(session, call);
    return call;
  }

  /** Ends the calls and gives the name back. */
  async close(): Promise<void> {
    const line = this.#line;
    this.#line = undefined;
    const calls = [...this.#calls.values()];
    for (const call of calls) call.hangUp();
    if (line === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FAREWELL_MS);
    });
    await Promise.race([Promise.all(calls.map(({ gone }) => gone)), late]);
    await Promise.race([line.close(), late]);
    clearTimeout(timer);
  }
}
