import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SipOpenOptions } from '../../contract.ts';
import { findProgram } from '../program-path.ts';
import { Daemon } from '../sip-phone/daemon.ts';
import { freePort, freePortPair } from '../sip-phone/free-port.ts';
import { patternWav } from '../sip-phone/pattern-sound.ts';
import type { PhonePlace } from '../sip-phone/phone-driver.ts';
import { type PhoneCommands, PhoneEndpoint } from '../sip-phone/phone-endpoint.ts';
import { ReasonWatch } from '../sip-phone/reason-watch.ts';
import { AlsaEar } from './alsa-ear.ts';
import { parseAudioDebug } from './audio-debug.ts';
import { VOICE_RATE, writeBaresipAccount, writeBaresipConfig } from './baresip-config.ts';
import { BaresipControl, type BaresipEvent } from './baresip-control.ts';
import { closingReason } from './closing-words.ts';

const START_MS = 15_000;
const REGISTER_MS = 15_000;
/** Its pattern lasts so long in one call; then it falls silent. */
const VOICE_SECONDS = 600;
/** It sends each digit for 180 ms and pauses for 60; neither can be told to it. */
const DIGIT_MS = 240;
/** How long its trace may lag behind its events. */
const TRACE_MS = 40;

interface Running {
  readonly daemon: Daemon;
  readonly control: BaresipControl;
  readonly ear: AlsaEar;
  readonly options: SipOpenOptions;
}

interface CallState {
  direction: 'incoming' | 'outgoing' | undefined;
  established: boolean;
  held: boolean;
  holding: boolean;
  digit: string | undefined;
}

const noCall = (): CallState => ({
  direction: undefined,
  established: false,
  held: false,
  holding: false,
  digit: undefined,
});

/** One baresip: a SIP phone with ICE and DTLS-SRTP. */
export class BaresipEndpoint extends PhoneEndpoint {
  readonly #place: PhonePlace;
  readonly #reasons = new ReasonWatch();
  #running: Running | undefined;
  #starting: Daemon | undefined;
  #call = noCall();
  #registered = false;

  constructor(place: PhonePlace, capabilities: readonly string[]) {
    super(place.label, capabilities);
    this.#place = place;
  }

  get pid(): number | undefined {
    return this.#starting?.pid;
  }

  protected readonly commands: PhoneCommands = {
    'open-sip': (options) => this.#open(options),
    call: ({ to }) => this.#order('dial', this.#address(to)),
    accept: () => this.#order('accept'),
    // Its menu can refuse in one way only: 486.
    busy: () => this.#order('hangup'),
    'hang-up': () => this.#order('hangup'),
    hold: ({ on }) => {
      this.#call.holding = on;
      return this.#order(on ? 'hold' : 'resume');
    },
    dtmf: ({ digits }) => this.#dial(digits),
    transfer: ({ to }) => this.#order('transfer', this.#address(to)),
    hear: async ({ ms }) => ({ ...(await this.#up().ear.hear(ms)) }),
    stats: async () => ({ ...parseAudioDebug(await this.#up().control.ask('audio_debug')).stats }),
    close: async () => {
      await this.stop();
      return undefined;
    },
  };

  #up(): Running {
    if (this.#running === undefined) throw this.failed('it is not open');
    return this.#running;
  }

  #address(to: string): string {
    return /^(sips?|tel):/.test(to)
      ? to
      : `sip:${to.includes('@') ? to : `${to}@${this.#up().options.domain}`}`;
  }

  async #order(command: string, params = ''): Promise<undefined> {
    await this.#up().control.ask(command, params);
    return undefined;
  }

  async #dial(digits: string): Promise<undefined> {
    if (!/^[0-9A-D*#]+$/.test(digits)) throw this.failed(`no digits: ${digits}`);
    await this.#order('sndcode', digits);
    await new Promise((resolve) => setTimeout(resolve, DIGIT_MS * digits.length));
    return undefined;
  }

  async #open(options: SipOpenOptions): Promise<undefined> {
    if (this.#starting !== undefined) throw this.failed('it is open already');
    const account = writeBaresipAccount(options);
    const { folder, label, program } = this.#place;
    const sipAddress = options.server.startsWith('127.') ? '127.0.0.1' : options.mediaAddress;
    const controlPort = await freePort('127.0.0.1');
    const voice = join(folder, 'voice.wav');
    await writeFile(voice, patternWav(options.pattern, VOICE_RATE, VOICE_SECONDS));
    await writeFile(join(folder, 'accounts'), '');
    await writeFile(join(folder, 'contacts'), '');
    const places = {
      sipAddress,
      sipPort: await freePortPair(sipAddress),
      controlPort,
      rtpPort: await freePortPair(options.mediaAddress),
      voice,
      modules: process.env.CROSSPOINT_BARESIP_MODULES ?? '/usr/lib/baresip/modules',
    };
    await writeFile(join(folder, 'config'), writeBaresipConfig(options, places));
    const { ear, environment } = await AlsaEar.open(folder);
    // Written line by line, not when a block is full: its trace must not lag behind its events.
    const stdbuf = findProgram(['stdbuf']);
    const command = [...(stdbuf === undefined ? [] : [stdbuf, '-oL']), program, '-f', folder, '-s'];
    const daemon = await Daemon.start({
      label,
      program: command[0]!,
      args: command.slice(1),
      cwd: folder,
      log: join(folder, 'baresip.log'),
      env: environment,
      heard: (text) => this.#reasons.heard(text),
    });
    this.#starting = daemon;
    void daemon.exited.then((exit) => {
      ear.close();
      this.#running?.control.close();
      this.#running = undefined;
      this.#starting = undefined;
      if (exit.asked) return;
      this.died(exit, daemon.lastWords);
      this.#place.died(exit);
    });
    const control = await BaresipControl.open(
      controlPort,
      () => daemon.ended,
      (event) => this.#take(event),
      START_MS,
    );
    this.#running = { daemon, control, ear, options };
    const since = this.events.length;
    this.#registered = false;
    await control.ask('uanew', account);
    const verdict = await this.wait(
      'registration',
      ({ event }) => event === 'registered' || event === 'not-registered',
      REGISTER_MS,
      since,
    );
    if (verdict.event === 'registered') return undefined;
    await this.stop();
    throw this.failed(`not registered: ${verdict.words ?? 'refused'}`);
  }

  #take(event: BaresipEvent): void {
    switch (event.type) {
      case 'REGISTER_OK':
        // It says so again at each refresh.
        if (!this.#registered) this.say('registered');
        this.#registered = true;
        break;
      case 'REGISTER_FAIL': {
        const status = Number.parseInt(event.param ?? '', 10);
        this.say('not-registered', { words: event.param ?? '', ...(status > 0 ? { status } : {}) });
        break;
      }
      case 'CALL_INCOMING':
        this.#begin('incoming');
        this.say('incoming', { from: event.peeruri ?? '' });
        break;
      case 'CALL_RINGING':
        this.#begin('outgoing');
        this.say('ringing');
        break;
      case 'CALL_PROGRESS':
        this.#begin('outgoing');
        this.say('early');
        break;
      case 'CALL_ESTABLISHED':
        this.#call.established = true;
        this.say('connected');
        break;
      case 'CALL_RTPESTAB':
        this.say('transport', { state: 'connected' });
        break;
      case 'CALL_REMOTE_SDP':
        if (event.param === 'offer' && this.#call.established) void this.#lookForHold();
        break;
      case 'CALL_DTMF_START':
        this.#call.digit = event.param ?? '';
        break;
      case 'CALL_DTMF_END':
        this.#endDigit();
        break;
      case 'CALL_TRANSFER':
        this.say('transfer', { to: event.param ?? '' });
        break;
      case 'CALL_TRANSFER_FAILED':
        this.say('trouble', { words: `transfer failed: ${event.param ?? ''}` });
        break;
      case 'CALL_CLOSED':
        this.#closed(event);
        break;
    }
  }

  #begin(direction: 'incoming' | 'outgoing'): void {
    if (this.#call.direction !== undefined) return;
    this.#call = { ...noCall(), direction };
    this.#reasons.clear();
  }

  #endDigit(): void {
    const { digit } = this.#call;
    if (digit === undefined) return;
    this.#call.digit = undefined;
    // How long it was is not told: start and end of a digit come in one breath, when it is played.
    this.say('dtmf', { digit });
  }

  /** Its events do not tell the direction of an offer. */
  async #lookForHold(): Promise<void> {
    try {
      const { direction } = parseAudioDebug(await this.#up().control.ask('audio_debug'));
      const held = direction === 'inactive' || (direction === 'recvonly' && !this.#call.holding);
      if (held === this.#call.held) return;
      this.#call.held = held;
      this.say('held', { held });
    } catch {
      // The call, or the phone, is over: that is told elsewhere.
    }
  }

  #closed(event: BaresipEvent): void {
    const { established } = this.#call;
    const direction = this.#call.direction ?? event.direction;
    this.#call = noCall();
    const words = event.param ?? '';
    const tell = (): void =>
      this.sayEnded(closingReason(words, { direction, established, reasonHeader: this.#reasons.last }));
    if (words === 'Connection reset by peer') setTimeout(tell, TRACE_MS);
    else tell();
  }

  async stop(): Promise<void> {
    await this.#starting?.stop();
  }
}
