import { join } from 'node:path';
import type { SipOpenOptions } from '../../contract.ts';
import type { Daemon } from '../sip-phone/daemon.ts';
import { freePort } from '../sip-phone/free-port.ts';
import type { PhonePlace } from '../sip-phone/phone-driver.ts';
import { type PhoneCommands, PhoneEndpoint } from '../sip-phone/phone-endpoint.ts';
import { type PhoneReason, toPhoneReason } from '../sip-phone/refusal-reason.ts';
import {
  agreedByAnswer,
  answerRtp,
  holdsReader,
  type OwnRtp,
  writeRtpOffer,
} from '../sip-phone/rtp-description.ts';
import type { RtpVoiceEvents } from '../sip-phone/rtp-voice.ts';
import { toSipAddress } from '../sip-phone/sip-address.ts';
import { calleeScenario } from './callee-scenario.ts';
import { callerScenario } from './caller-scenario.ts';
import { readMessage } from './received-message.ts';
import { OWN_REFUSALS, type OwnRefusal } from './scenario-parts.ts';
import { BEGINNING, type SippCall } from './sipp-call.ts';
import { SippControl } from './sipp-control.ts';
import type { SippEvent } from './sipp-event.ts';
import { SippPrograms } from './sipp-programs.ts';
import { openVoice } from './sipp-voice.ts';

const START_MS = 10_000;
const LAST_WORDS_MS = 60;

interface Open {
  readonly options: SipOpenOptions;
  readonly address: string;
  readonly port: number;
  readonly callee: Daemon;
  readonly programs: SippPrograms;
}

const endedBy = (code: string, text: string | undefined): PhoneReason =>
  text === undefined ? { code } : { code, text };

/**
 * A phone made of SIPp: its scenarios speak SIP and wait for the driver's word; its sound is the driver's own RTP, since
 * SIPp can neither record nor tell what it heard.
 */
export class SippEndpoint extends PhoneEndpoint {
  readonly #place: PhonePlace;
  #open: Open | undefined;
  #call: SippCall | undefined;
  #programs: SippPrograms | undefined;
  #dialled = 0;
  #openings = 0;

  constructor(place: PhonePlace, capabilities: readonly string[]) {
    super(place.label, capabilities);
    this.#place = place;
  }

  get pid(): number | undefined {
    return this.#open?.callee.pid;
  }

  readonly #hearing: RtpVoiceEvents = {
    media: () => this.say('transport', { state: 'connected' }),
    dtmf: (digit, durationMs) => this.say('dtmf', { digit, durationMs }),
  };

  protected readonly commands: PhoneCommands = {
    'open-sip': (options) => this.#register(options),
    call: ({ to, offer }) => this.#dial(to, offer === 'late'),
    accept: () => this.#accept(),
    decline: () => this.#refuse(603),
    busy: () => this.#refuse(486),
    'hang-up': () => this.#hangUp(),
    hold: ({ on }) => this.#hold(on),
    dtmf: async ({ digits, durationMs }) => {
      await this.#inCall().voice.dial(digits, durationMs);
      return undefined;
    },
    transfer: async ({ to }) => {
      const call = this.#inCall();
      call.control.order(call.id, 'refer', { target: toSipAddress(to, this.#opened().options.domain) });
      return undefined;
    },
    hear: async ({ ms }) => ({ ...(await this.#inCall().voice.hear(ms)) }),
    stats: async () => ({ ...this.#inCall().voice.stats }),
    close: () => this.#close(),
  };

  #inCall(): SippCall {
    if (this.#call === undefined) throw this.failed('it is in no call');
    return this.#call;
  }

  #opened(): Open {
    if (this.#open === undefined) throw this.failed('it is not open');
    return this.#open;
  }

  async #register(options: SipOpenOptions): Promise<undefined> {
    if (this.#open !== undefined) throw this.failed('it is open already');
    if (options.media !== 'rtp') throw this.unsupported(`it has no ${options.media}, only plain RTP`);
    if (options.transport !== 'udp') throw this.unsupported(`it does not register over ${options.transport}`);
    const address = options.server.startsWith('127.') ? '127.0.0.1' : options.mediaAddress;
    const programs = new SippPrograms(this.#place, options.server, address, ++this.#openings);
    this.#programs = programs;
    const port = await freePort(address);
    const name = `callee-${this.#openings}`;
    const control = await SippControl.open(join(this.#place.folder, `${name}.peers`), (event) =>
      this.#take(event, control),
    );
    const callee = await programs.start(name, calleeScenario(options.user), port, control.args);
    void callee.exited.then((exit) => {
      control.close();
      if (exit.asked) return;
      this.died(exit, callee.lastWords);
      this.#place.died(exit);
    });
    await control.connect(() => callee.ended, START_MS);
    this.#open = { options, address, port, callee, programs };
    const refused = await programs.register(options, port, 300);
    if (refused !== undefined) {
      this.sayNotRegistered(refused);
      await this.stop();
      throw this.failed(`not registered: ${refused}`);
    }
    this.say('registered');
    return undefined;
  }

  async #dial(to: string, isLate: boolean): Promise<undefined> {
    if (this.#call !== undefined) throw this.failed('it is in a call already');
    const { options, address, programs } = this.#opened();
    const { voice, own } = await openVoice(options, this.#hearing);
    if (own.codecs.length === 0) {
      voice.close();
      throw this.unsupported('none of the codecs asked for');
    }
    const { user, domain, password } = options;
    const offer = isLate ? {} : { sdp: writeRtpOffer(own, 1) };
    const scenario = callerScenario({ user, domain, password, to: toSipAddress(to, domain), ...offer });
    const name = `caller-${++this.#dialled}`;
    const id = `${name}-${process.pid}-${Date.now()}@${address}`;
    const control = await SippControl.open(join(this.#place.folder, `${name}.peers`), (event) =>
      this.#take(event, control),
    );
    const more = [...control.args, '-m', '1', '-cid_str', id];
    const daemon = await programs.start(name, scenario, await freePort(address), more);
    this.#call = { id, direction: 'outgoing', isLate, control, voice, own, daemon, offer: '', ...BEGINNING };
    void daemon.exited.then(async ({ asked }) => {
      // Its last words may still be in the pipe.
      await new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS));
      control.close();
      if (!asked && this.#call?.id === id)
        this.#over({ code: 'protocol-error', text: daemon.lastWords ?? '' });
    });
    await control.connect(() => daemon.ended, START_MS);
    return undefined;
  }

  /** Answers the far side's offer, or makes one where it made none. */
  #describe(call: SippCall): string | undefined {
    call.version += 1;
    const own: OwnRtp = { ...call.own, direction: call.holding ? 'sendonly' : 'sendrecv' };
    if (call.offer === '') return writeRtpOffer(own, call.version);
    const answered = answerRtp(call.offer, own, call.version);
    if (answered === undefined) return undefined;
    this.#agree(call, answered.agreed);
    return answered.answer;
  }

  #agree(call: SippCall, agreed: SippCall['agreed']): void {
    if (agreed === undefined) return;
    call.agreed = agreed;
    // Who holds is not heard: no music is played.
    call.voice.agree({ ...agreed, sends: agreed.sends && !call.holding });
  }

  async #accept(): Promise<undefined> {
    const call = this.#inCall();
    const sdp = this.#describe(call);
    if (sdp === undefined) {
      call.control.order(call.id, 'refuse-488');
      this.#over({ code: 'not-acceptable', text: '488 Not Acceptable Here' });
      return undefined;
    }
    call.control.order(call.id, 'accept', { sdp });
    return undefined;
  }

  async #refuse(status: OwnRefusal): Promise<undefined> {
    const call = this.#inCall();
    if (call.direction !== 'incoming' || call.established) throw this.failed('there is no call to refuse');
    call.control.order(call.id, `refuse-${status}`);
    this.#over(toPhoneReason(status, OWN_REFUSALS[status]));
    return undefined;
  }

  async #hangUp(): Promise<undefined> {
    const call = this.#inCall();
    if (call.direction === 'incoming' && !call.established) return this.#refuse(486);
    call.control.order(call.id, call.established ? 'bye' : 'cancel');
    return undefined;
  }

  async #hold(on: boolean): Promise<undefined> {
    const call = this.#inCall();
    call.holding = on;
    call.version += 1;
    const own: OwnRtp = { ...call.own, direction: on ? 'sendonly' : 'sendrecv' };
    call.control.order(call.id, 'change', { sdp: writeRtpOffer(own, call.version) });
    return undefined;
  }

  #take({ callId, event, message }: SippEvent, control: SippControl): void {
    if (event === 'incoming') void this.#incoming(callId, message, control);
    const call = this.#call;
    if (call === undefined || call.id !== callId) return;
    const { status, phrase, body, reason } = readMessage(message);
    switch (event) {
      case 'rung':
        call.rung?.();
        break;
      case 'ringing':
        this.say('ringing');
        break;
      case 'early':
        this.#agree(call, agreedByAnswer(body, call.own));
        this.say('early');
        break;
      case 'answered':
        if (call.isLate && !call.established) {
          call.offer = body;
          void this.#accept();
          if (this.#call === call) this.#up(call);
          break;
        }
        this.#agree(
          call,
          agreedByAnswer(body, { ...call.own, direction: call.holding ? 'sendonly' : 'sendrecv' }),
        );
        if (!call.established) this.#up(call);
        break;
      case 'confirmed':
        // A late answer (RFC 3261 section 13.2.1) comes with the ACK.
        if (call.offer === '') this.#agree(call, agreedByAnswer(body, call.own));
        this.#up(call);
        break;
      case 'offer':
        this.#changed(call, body);
        break;
      case 'refused':
        if (status !== undefined && status >= 300) this.#over(toPhoneReason(status, phrase, reason));
        break;
      case 'cancelled':
        this.#over(
          endedBy(/cause\s*=\s*200\b/.test(reason ?? '') ? 'answered-elsewhere' : 'cancelled', reason),
        );
        break;
      case 'bye':
        this.#over(endedBy('normal', reason));
        break;
      case 'ended':
        this.#over({ code: 'normal' });
        break;
      case 'change-refused':
      case 'transfer-refused':
        this.say('trouble', { words: `${event}: ${status} ${phrase}` });
        break;
      case 'notify':
        this.say('transfer', { words: body.trim() });
        // Who has handed the call on leaves it (RFC 5589 section 6.1).
        if (/^SIP\/2\.0 2\d\d/.test(body)) call.control.order(call.id, 'bye');
        break;
    }
  }

  #up(call: SippCall): void {
    call.established = true;
    this.say('connected');
  }

  async #incoming(id: string, message: string, control: SippControl): Promise<void> {
    if (this.#call !== undefined) {
      control.order(id, 'refuse-486');
      return;
    }
    const { from, body } = readMessage(message);
    const { voice, own } = await openVoice(this.#opened().options, this.#hearing);
    // It does not ring for what it cannot speak.
    if (body !== '' && answerRtp(body, own, 1) === undefined) {
      voice.close();
      control.order(id, 'refuse-488');
      return;
    }
    const call: SippCall = { id, direction: 'incoming', control, voice, own, offer: body, ...BEGINNING };
    this.#call = call;
    const early = this.#opened().options.earlyMedia === true ? this.#describe(call) : undefined;
    if (early === undefined) control.order(id, 'ring');
    else control.order(id, 'early', { sdp: early });
    await this.#rung(call);
    if (this.#call === call) this.say('incoming', { from });
  }

  /** Until the caller has been told that it rings. */
  #rung(call: SippCall): Promise<void> {
    return new Promise((resolve) => {
      call.rung = resolve;
    });
  }

  /** The far side offers another session. */
  #changed(call: SippCall, offer: string): void {
    call.offer = offer;
    const sdp = this.#describe(call);
    if (sdp === undefined) {
      call.control.order(call.id, 'refuse-488');
      return;
    }
    call.control.order(call.id, 'accept', { sdp });
    const held = holdsReader(offer);
    if (held === call.held) return;
    call.held = held;
    this.say('held', { held });
  }

  #over(reason: PhoneReason): void {
    const call = this.#call;
    if (call === undefined) return;
    this.#call = undefined;
    call.rung?.();
    call.voice.close();
    this.sayEnded(reason);
  }

  async #close(): Promise<undefined> {
    if (this.#open === undefined) return undefined;
    const call = this.#call;
    if (call !== undefined) {
      const since = this.events.length;
      await this.#hangUp();
      await this.wait('the end of the call', ({ event }) => event === 'ended', 3000, since).catch(() => {});
    }
    await this.#open.programs.register(this.#open.options, this.#open.port, 0);
    await this.stop();
    return undefined;
  }

  async stop(): Promise<void> {
    this.#call?.voice.close();
    this.#call = undefined;
    this.#open = undefined;
    await this.#programs?.stop();
  }
}
