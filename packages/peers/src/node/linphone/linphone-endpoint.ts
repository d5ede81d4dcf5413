import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SipOpenOptions } from '../../contract.ts';
import { Daemon } from '../sip-phone/daemon.ts';
import { freePort, freePortPair } from '../sip-phone/free-port.ts';
import { patternWav } from '../sip-phone/pattern-sound.ts';
import type { PhonePlace } from '../sip-phone/phone-driver.ts';
import { type PhoneCommands, PhoneEndpoint } from '../sip-phone/phone-endpoint.ts';
import type { PhoneReason } from '../sip-phone/refusal-reason.ts';
import { toSipAddress } from '../sip-phone/sip-address.ts';
import { DaemonControl } from './daemon-control.ts';
import { type DaemonEvent, parsePoppedEvent } from './daemon-event.ts';
import { readCodecs, readHandshake, readRefusal, readRegistration } from './daemon-log.ts';
import { writeDtlsIdentity } from './dtls-identity.ts';
import { writeLinphoneConfig } from './linphone-config.ts';
import { PulseEar } from './pulse-ear.ts';

const START_MS = 15_000;
const REGISTER_MS = 10_000;
/** It keeps its events until it is asked for them: so often. */
const LOOK_MS = 80;
/** For the far side to answer a hold. */
const ANSWER_MS = 15_000;
const VOICE_SECONDS = 600;
const DIGIT_MS = 250;

interface Running {
  readonly options: SipOpenOptions;
  readonly daemon: Daemon;
  readonly control: DaemonControl;
  readonly ear: PulseEar;
  readonly home: string;
  readonly voice: string;
  readonly log: string;
  readonly timer: NodeJS.Timeout;
}

interface LinphoneCall {
  readonly id: number;
  readonly incoming: boolean;
  up: boolean;
  media: boolean;
  held: boolean;
  /** Its hold is not answered yet. */
  pausing: boolean;
  refused: PhoneReason | undefined;
}

/** The states that a call begins with. */
const BEGINNINGS = ['IncomingReceived', 'OutgoingInit'];
const FRESH = { up: false, media: false, held: false, pausing: false, refused: undefined };

/** One linphone-daemon. */
export class LinphoneEndpoint extends PhoneEndpoint {
  readonly #place: PhonePlace;
  #daemon: Daemon | undefined;
  #running: Running | undefined;
  #call: LinphoneCall | undefined;
  #cleanUp: (() => Promise<void>) | undefined;
  /** How much of its log, in bytes, is of calls before this one. */
  #logged = 0;

  constructor(place: PhonePlace, capabilities: readonly string[]) {
    super(place.label, capabilities);
    this.#place = place;
  }

  get pid(): number | undefined {
    return this.#daemon?.pid;
  }

  protected readonly commands: PhoneCommands = {
    'open-sip': (options) => this.#open(options),
    call: ({ to }) => this.#dialOut(to),
    accept: () => this.#order('answer'),
    // What it says to a call that it ends before the answer is its own choice: 603.
    decline: () => this.#end(),
    'hang-up': () => this.#end(),
    hold: ({ on }) => (on ? this.#pause() : this.#resume()),
    dtmf: ({ digits }) => this.#dial(digits),
    transfer: ({ to }) => this.#order(`call-transfer ${this.#inCall().id} ${this.#address(to)}`),
    stats: () => this.#stats(),
    hear: async ({ ms }) => ({ ...(await this.#up().ear.hear(ms)) }),
    close: async () => {
      await this.stop();
      return undefined;
    },
  };

  #up(): Running {
    if (this.#running === undefined) throw this.failed('it is not open');
    return this.#running;
  }

  #inCall(): LinphoneCall {
    if (this.#call === undefined) throw this.failed('it is in no call');
    return this.#call;
  }

  #address(to: string): string {
    return toSipAddress(to, this.#up().options.domain);
  }

  async #order(command: string): Promise<undefined> {
    if ((await this.#up().control.ask(command)) === undefined) throw this.failed(`${command} was refused`);
    return undefined;
  }

  /** The call is known from the reply on: who hangs up at once must not have to wait for its first event. */
  async #dialOut(to: string): Promise<undefined> {
    const reply = await this.#up().control.ask(`call ${this.#address(to)}`);
    const id = /^Id: (\d+)/m.exec(reply ?? '')?.[1];
    if (id === undefined) throw this.failed(`call ${to} was refused`);
    this.#call ??= { id: Number(id), incoming: false, ...FRESH };
    return undefined;
  }

  async #end(): Promise<undefined> {
    const call = this.#inCall();
    if (!call.up) call.refused = { code: call.incoming ? 'declined' : 'cancelled' };
    return this.#order(call.up ? `terminate ${call.id}` : 'terminate');
  }

  async #pause(): Promise<undefined> {
    const call = this.#inCall();
    await this.#order(`call-pause ${call.id}`);
    call.pausing = true;
    return undefined;
  }

  /** It refuses to resume before the far side has answered the hold. */
  async #resume(): Promise<undefined> {
    const call = this.#inCall();
    const deadline = Date.now() + ANSWER_MS;
    while (call.pausing && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    return this.#order(`call-resume ${call.id}`);
  }

  async #dial(digits: string): Promise<undefined> {
    for (const digit of digits) {
      await this.#order(`dtmf ${digit}`);
      await new Promise((resolve) => setTimeout(resolve, DIGIT_MS));
    }
    return undefined;
  }

  async #stats(): Promise<Record<string, unknown>> {
    this.#inCall();
    const { sent, received } = readCodecs(await this.#logOfCall());
    return {
      audio: {
        ...(sent === undefined ? {} : { sent: { codec: sent } }),
        ...(received === undefined ? {} : { received: { codec: received } }),
      },
    };
  }

  async #open(options: SipOpenOptions): Promise<undefined> {
    if (this.#daemon !== undefined) throw this.failed('it is open already');
    if (options.transport === 'tls') throw this.unsupported('it is not set up for TLS');
    const { folder, label, program } = this.#place;
    const sipAddress = options.server.startsWith('127.') ? '127.0.0.1' : options.mediaAddress;
    // Its paths are short, for the sockets, and its configuration holds the password.
    const home = await mkdtemp(join(tmpdir(), 'crosspoint-linphone-'));
    this.#cleanUp = () => rm(home, { recursive: true, force: true });
    await mkdir(join(home, '.local/share/linphone'), { recursive: true });
    await mkdir(join(home, '.config/linphone'), { recursive: true });
    const places = {
      sipAddress,
      sipPort: await freePort(sipAddress),
      rtpPort: await freePortPair(options.mediaAddress),
      certificates: join(home, 'certificates'),
    };
    await writeDtlsIdentity(places.certificates);
    const configuration = join(home, 'linphonerc');
    await writeFile(configuration, writeLinphoneConfig(options, places), { mode: 0o600 });
    const voice = join(home, 'voice.wav');
    await writeFile(voice, patternWav(options.pattern, 8000, VOICE_SECONDS));
    const ear = await PulseEar.open(home, join(folder, 'pulseaudio.log'));
    this.#cleanUp = async () => {
      await ear.close();
      await rm(home, { recursive: true, force: true });
    };
    const log = join(folder, 'linphone.log');
    // It adds to what is there.
    this.#logged = await lengthOf(log);
    const pipe = `crosspoint-${randomBytes(6).toString('hex')}`;
    const daemon = await Daemon.start({
      label,
      program,
      args: ['--config', configuration, '--log', log, '--pipe', pipe, '--disable-stats-events'],
      cwd: home,
      log: join(folder, 'linphone-daemon.log'),
      env: { ...ear.environment },
      // It ends with its standard input.
      input: true,
    });
    this.#daemon = daemon;
    void daemon.exited.then((exit) => {
      if (exit.asked) return;
      clearInterval(this.#running?.timer);
      this.died(exit, daemon.lastWords);
      this.#place.died(exit);
    });
    // It puts its socket there, whatever its folder is.
    const path = join('/tmp', pipe);
    const control = await DaemonControl.open(path, () => daemon.ended, START_MS);
    await this.#registered(control, daemon, log);
    const timer = setInterval(() => void this.#look().catch(() => {}), LOOK_MS);
    this.#running = { options, daemon, control, ear, home, voice, log, timer };
    this.say('registered');
    return undefined;
  }

  async #registered(control: DaemonControl, daemon: Daemon, log: string): Promise<void> {
    const deadline = Date.now() + REGISTER_MS;
    for (;;) {
      const status = (await control.ask('register-status ALL')) ?? '';
      const state = /State: LinphoneRegistration(\w+)/.exec(status)?.[1];
      if (state === 'Ok') return;
      if (state === 'Failed' || Date.now() > deadline || daemon.ended !== undefined) {
        const since = (await readFile(log)).subarray(this.#logged).toString();
        const why = readRegistration(since) ?? state ?? 'no state';
        this.sayNotRegistered(why);
        control.close();
        await this.stop();
        throw this.failed(`not registered: ${why}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  #looking = false;

  /** Takes its events, of which it keeps a queue. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      for (let left = 1; left > 0; ) {
        const reply = await this.#up().control.ask('pop-event');
        const popped = parsePoppedEvent(reply ?? '');
        left = popped.left;
        if (popped.event !== undefined) await this.#take(popped.event);
      }
    } finally {
      this.#looking = false;
    }
  }

  async #take(event: DaemonEvent): Promise<void> {
    if (event.type === 'state' && this.#call === undefined && BEGINNINGS.includes(event.state)) {
      this.#call = { id: event.call, incoming: event.state.startsWith('Incoming'), ...FRESH };
    }
    const call = this.#call;
    if (call?.id !== event.call) return;
    if (event.type === 'tone') this.say('dtmf', { digit: event.digit });
    else await this.#state(call, event.state, event.from);
  }

  async #state(call: LinphoneCall, state: string, from: string): Promise<void> {
    switch (state) {
      case 'IncomingReceived':
        this.say('incoming', { from });
        break;
      case 'OutgoingRinging':
        this.say('ringing');
        break;
      case 'OutgoingEarlyMedia':
        this.say('early');
        break;
      case 'Paused':
        call.pausing = false;
        break;
      case 'PausedByRemote':
        call.held = true;
        this.say('held', { held: true });
        break;
      case 'Connected':
        call.up = true;
        this.say('connected');
        break;
      case 'StreamsRunning':
        await this.#streams(call);
        break;
      case 'End':
      case 'Error':
        await this.#over();
        break;
    }
  }

  async #streams(call: LinphoneCall): Promise<void> {
    const { control, voice } = this.#up();
    // Its player is the stream's, which a hold may have made anew.
    await control.ask(`incall-player-start ${voice} ${call.id}`);
    if (call.held) {
      call.held = false;
      this.say('held', { held: false });
    }
    if (call.media) return;
    call.media = true;
    if (this.#up().options.media === 'ice-dtls') void this.#secured(call).catch(() => {});
    else this.say('transport', { state: 'connected' });
  }

  /** Its streams run before they are encrypted. */
  async #secured(call: LinphoneCall): Promise<void> {
    while (this.#call === call) {
      const handshake = readHandshake(await this.#logOfCall());
      if (handshake === 'secured') return this.say('transport', { state: 'connected' });
      if (handshake !== undefined) return this.say('transport', { state: 'failed', words: handshake });
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async #over(): Promise<void> {
    const call = this.#call;
    if (call === undefined) return;
    this.#call = undefined;
    const log = await this.#logOfCall();
    this.#logged = await lengthOf(this.#up().log);
    this.sayEnded(call.refused ?? (call.up ? { code: 'normal' } : readRefusal(log, call.incoming)));
  }

  /** What its log says of this call. */
  async #logOfCall(): Promise<string> {
    return (await readFile(this.#up().log)).subarray(this.#logged).toString();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    clearInterval(running?.timer);
    running?.control.close();
    await this.#daemon?.stop();
    this.#daemon = undefined;
    await this.#cleanUp?.();
    this.#cleanUp = undefined;
  }
}

async function lengthOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
