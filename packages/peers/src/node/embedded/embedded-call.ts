import type { DataChannel } from 'node-datachannel';
import { AudioSession } from './audio-session.ts';
import { type CallReason, readReason, wordsOf } from './call-reason.ts';
import type { CallEvents, CallSettings } from './call-settings.ts';
import { PROBE_LABEL, ProbeChannel } from './data-probe.ts';
import { LocalEnd, type WireCandidate } from './local-end.ts';
import { type Agreement, answerOffer, takeAnswer, type Wishes } from './sdp-answer.ts';
import { type Direction, readRemote, Unacceptable } from './sdp-read.ts';
import { type LocalSection, writeLocal } from './sdp-write.ts';
import { agreeEvents, EVENT_TYPE } from './telephone-events.ts';
import type { Head } from './web-session.ts';

type Phase = 'calling' | 'incoming' | 'connected' | 'ended';

/** An offer of ours that is not answered yet. */
interface Outstanding {
  readonly sections: readonly LocalSection[];
}

/** From one refused change to the next, in milliseconds. */
const REFUSAL_MS = 2000;

/** One call: offer and answer over the web protocol, sound and data over one transport. */
export class EmbeddedCall {
  readonly id: string;
  readonly party: string;
  readonly outgoing: boolean;
  /** Coming in: our own call whose place it takes. Going out: what the callee is told of the one that it takes there. */
  readonly replaces: string | undefined;
  readonly sound: AudioSession;
  phase: Phase;
  readonly #settings: CallSettings;
  readonly #events: CallEvents;
  readonly #end: LocalEnd;
  readonly #origin = { id: '', version: 0 };
  #sections: readonly LocalSection[] = [];
  #outstanding: Outstanding | undefined;
  /** Something is to be offered as soon as nothing else is under way. */
  #again = false;
  #wanted: Direction;
  #held = false;
  /** Changes refused since the last that was taken. */
  #refusals = 0;
  /** The offer of an incoming call, until it is accepted. */
  #offer: string | undefined;
  /** The first offer was ours: who answers it decides who begins in DTLS. */
  #isOfferer: boolean;
  #isAccepted = false;
  #early: WireCandidate[] = [];
  #probe: ProbeChannel | undefined;
  /** What the far side says is taken in order, each message to its end. */
  #turn: Promise<void> = Promise.resolve();

  constructor(
    id: string,
    party: string,
    outgoing: boolean,
    settings: CallSettings,
    events: CallEvents,
    replaces?: string,
  ) {
    this.id = id;
    this.replaces = replaces;
    this.party = party;
    this.outgoing = outgoing;
    this.phase = outgoing ? 'calling' : 'incoming';
    this.#isOfferer = outgoing;
    this.#settings = settings;
    this.#events = events;
    this.#wanted = settings.audio ? 'sendrecv' : 'recvonly';
    this.#origin.id = String(Math.floor(settings.random() * 2 ** 50));
    const ssrc = 1 + Math.floor(settings.random() * 0xfffffffe);
    this.sound = new AudioSession(
      {
        ssrc,
        pattern: settings.pattern,
        random: settings.random,
        digit: (digit, durationMs) => events.tell('dtmf', { digit, durationMs }),
      },
      (packet) => this.#end.engine.send(packet),
      (words) => events.tell('trouble', { words }),
    );
    this.#end = new LocalEnd(
      { iceServers: settings.iceServers, ssrc, trickle: settings.trickle },
      {
        state: (state) => this.#transport(state),
        packet: (bytes) => this.sound.take(bytes),
        channel: (channel) => this.#channel(channel),
        trouble: (words) => events.tell('trouble', { words }),
        trickle: (candidates) => {
          if (this.phase !== 'ended') events.send({ type: 'candidates', call: id, candidates });
        },
      },
    );
  }

  get #wishes(): Wishes {
    return { codecs: this.#settings.codecs, direction: this.#wanted, ssrc: this.sound.ssrc };
  }

  get end(): LocalEnd {
    return this.#end;
  }

  /** Places the call. */
  async place(): Promise<void> {
    const replaces = this.replaces === undefined ? {} : { replaces: this.replaces };
    await this.#offerFirst({ type: 'call', call: this.id, to: this.party, ...replaces });
  }

  /** Opens our end and offers it. */
  async #offerFirst(head: Head): Promise<void> {
    const { audio, data, codecs } = this.#settings;
    const sections: LocalSection[] = [];
    if (audio || !data) {
      const offered = codecs.map((name) => ({ payloadType: name === 'PCMU' ? 0 : 8, name }));
      sections.push({
        use: 'audio',
        mid: String(sections.length),
        codecs: offered,
        direction: this.#wanted,
        ssrc: this.sound.ssrc,
        eventType: EVENT_TYPE,
      });
    }
    if (data) sections.push({ use: 'data', mid: String(sections.length) });
    await this.#end.offer(data ? PROBE_LABEL : undefined);
    if (this.phase === 'ended') return;
    this.#describe(head, sections, 'actpass');
    this.#outstanding = { sections };
  }

  /** Takes the offer of an incoming call, or none where ours is asked for: the far side learns that it rings. */
  ring(sdp: string | undefined): void {
    this.#isOfferer = sdp === undefined;
    try {
      if (sdp !== undefined) answerOffer(readRemote(sdp), this.#wishes);
    } catch (error) {
      this.#refuseCall(error);
      return;
    }
    this.#offer = sdp;
    this.#events.tell('incoming', { from: this.party });
    this.#events.send({ type: 'ringing', call: this.id });
  }

  /** Answers an incoming call. @throws Error where none rings */
  async accept(): Promise<void> {
    if (this.phase !== 'incoming' || this.#isAccepted) throw new Error('no call rings');
    this.#isAccepted = true;
    const sdp = this.#offer;
    await this.#inTurn(async () => {
      if (sdp === undefined) return this.#acceptLate();
      const agreement = answerOffer(readRemote(sdp), this.#wishes);
      await this.#end.answer(agreement.transport, agreement.data);
      if (this.phase === 'ended') return;
      this.#describe({ type: 'accept', call: this.id }, agreement.sections, this.#end.role);
      this.#agree(agreement);
      this.#connected();
    });
  }

  /** The caller made no offer: ours goes first (docs/web-protocol.md, Calls). */
  async #acceptLate(): Promise<void> {
    await this.#offerFirst({ type: 'offer', call: this.id });
    if (this.phase !== 'incoming') return;
    this.#events.send({ type: 'accept', call: this.id });
    this.#connected();
  }

  /** Writes our description and sends it; the engine's later candidates follow by themselves. */
  #describe(head: Head, sections: readonly LocalSection[], setup: 'actpass' | 'active' | 'passive'): void {
    const transport = this.#end.describe(setup);
    this.#origin.version++;
    this.#events.send(head, writeLocal(this.#origin, sections, transport));
    const index = sections.findIndex((section) => section.use !== 'refused');
    this.#end.announce(transport, sections[index]?.mid, Math.max(index, 0));
  }

  /** Both sides have said what they want: so it is done from now on. */
  #agree(agreement: Agreement): void {
    this.#sections = agreement.sections;
    const section = agreement.sections.find(({ use }) => use === 'audio');
    this.sound.agree(section, agreeEvents(section, agreement.audio));
    for (const candidate of agreement.candidates) this.#addCandidate({ candidate });
    for (const candidate of this.#early.splice(0)) this.#addCandidate(candidate);
    const theirs = agreement.audio?.direction;
    const held = theirs === 'sendonly' || theirs === 'inactive';
    if (held !== this.#held) {
      this.#held = held;
      this.#events.tell('held', { held });
    }
  }

  #connected(): void {
    if (this.phase === 'ended' || this.phase === 'connected') return;
    this.phase = 'connected';
    this.#events.tell('connected');
    this.#offerAgain();
  }

  /** A message of this call. */
  take(head: Head, sdp: string | undefined): void {
    // An end is not kept waiting by what came before it.
    if (head.type === 'end') this.#over(readReason(head.reason));
    else void this.#inTurn(() => this.#take(head, sdp));
  }

  async #take(head: Head, sdp: string | undefined): Promise<void> {
    switch (head.type) {
      case 'ringing':
        this.#events.tell('ringing');
        return;
      case 'answer':
        this.#takeAnswer(sdp ?? '');
        if (this.phase === 'calling') this.#events.tell('early');
        else this.#offerAgain();
        return;
      case 'accept':
        if (sdp !== undefined) this.#takeAnswer(sdp);
        this.#connected();
        return;
      case 'offer':
        this.#takeOffer(sdp ?? '');
        return;
      case 'ask-offer':
        if (this.phase !== 'connected') return;
        this.#again = true;
        this.#offerAgain();
        return;
      case 'refuse':
        if (this.#outstanding === undefined) return;
        this.#outstanding = undefined;
        if (head.why === 'glare') this.#again = true;
        else this.#events.tell('trouble', { words: `the far side refused the change: ${head.text ?? ''}` });
        return;
      case 'candidates':
        for (const candidate of (head.candidates ?? []) as WireCandidate[]) {
          if (this.#end.engine.remote === undefined) this.#early.push(candidate);
          else this.#addCandidate(candidate);
        }
        return;
      case 'transferred':
        if (head.reason === undefined) this.hangUp({ code: 'normal', text: 'transferred' });
        else this.#events.tell('trouble', { words: `the transfer failed: ${readReason(head.reason).code}` });
        return;
      case 'error':
        if (this.phase === 'connected') this.#events.tell('trouble', { words: `${head.code}: ${head.text}` });
        else this.hangUp({ code: 'protocol-error', text: `${head.code}: ${head.text}`.slice(0, 200) });
        return;
    }
  }

  #takeAnswer(sdp: string): void {
    const outstanding = this.#outstanding;
    if (outstanding === undefined) return;
    const agreement = takeAnswer(outstanding.sections, readRemote(sdp));
    this.#outstanding = undefined;
    if (this.#end.engine.remote === undefined) {
      // RFC 5763 section 5: an answer decides.
      if (agreement.transport.setup === 'actpass') throw new Unacceptable('an answer with a=setup:actpass');
      this.#end.connect(agreement.transport, agreement.data);
    }
    this.#agree(agreement);
  }

  #takeOffer(sdp: string): void {
    if (this.#outstanding !== undefined) {
      // RFC 9429 section 4.1.10.2 by the web protocol's rule: the caller's offer wins.
      if (this.outgoing) return;
      this.#outstanding = undefined;
      this.#again = true;
    }
    const offer = readRemote(sdp);
    const agreement = answerOffer(offer, this.#wishes);
    if (agreement.transport.ufrag !== this.#end.engine.remote?.ufrag) {
      // A new transport in its place was tried: Firefox 153 stays with the DTLS association it has, and Chromium 156
      // closes its data channels. Refused, the call goes on as it was.
      throw new Unacceptable('libdatachannel cannot restart ICE');
    }
    this.#refusals = 0;
    if (agreement.data) this.#end.engine.addData();
    this.#describe({ type: 'answer', call: this.id }, agreement.sections, this.#role);
    this.#agree(agreement);
    this.#offerAgain();
  }

  /** Which side of DTLS is ours, once decided: a later description says the same (RFC 8842 section 5.3). */
  get #role(): 'active' | 'passive' {
    if (!this.#isOfferer) return this.#end.role === 'passive' ? 'passive' : 'active';
    return this.#end.engine.remote?.setup === 'active' ? 'passive' : 'active';
  }

  #offerAgain(): void {
    if (!this.#again || this.phase !== 'connected' || this.#outstanding !== undefined) return;
    this.#again = false;
    const sections = this.#sections.map(
      (section): LocalSection =>
        section.use === 'audio' ? { ...section, direction: this.#wanted } : section,
    );
    this.#describe({ type: 'offer', call: this.id }, sections, 'actpass');
    this.#outstanding = { sections };
  }

  /** RFC 3264 section 8.4: who holds goes on sending, silence here, and asks to be sent nothing. */
  hold(on: boolean): void {
    if (this.phase !== 'connected') throw new Error('there is no call to hold');
    this.#wanted = on ? 'sendonly' : 'sendrecv';
    this.sound.holding = on;
    this.#again = true;
    this.#offerAgain();
  }

  /** Asks the far side to call somebody else in place of us. @throws Error without a call */
  transfer(target: string): void {
    if (this.phase !== 'connected') throw new Error('there is no call to transfer');
    this.#events.send({ type: 'transfer', call: this.id, target });
  }

  /** Joins the far side with that of another call of ours. @throws Error without a call */
  connectWith(other: EmbeddedCall): void {
    if (this.phase !== 'connected' || other.phase !== 'connected') throw new Error('there are no two calls');
    this.#events.send({ type: 'transfer', call: this.id, target: other.party, with: other.id });
  }

  /** Tells the far side, who sent us on, how that went; with a reason it came to nothing. */
  transferred(reason?: CallReason): void {
    if (this.phase === 'ended') return;
    this.#events.send({ type: 'transferred', call: this.id, ...(reason === undefined ? {} : { reason }) });
  }

  #addCandidate(wire: WireCandidate): void {
    if (wire.candidate === '') return;
    const { usernameFragment } = wire;
    if (usernameFragment && usernameFragment !== this.#end.engine.remote?.ufrag) return;
    this.#end.addCandidate(wire.candidate);
  }

  #transport(state: string): void {
    if (this.phase === 'ended') return;
    this.#events.tell('transport', { state });
    if (state === 'failed') {
      this.hangUp({ code: 'media-failed', text: 'the media transport failed (ICE or DTLS)' });
    }
  }

  #channel(channel: DataChannel): void {
    if (channel.getLabel() === PROBE_LABEL) this.#probe = new ProbeChannel(channel);
  }

  /** The probe channel, whoever opened it; opened where there is none. @throws Error where there is no data */
  probe(): ProbeChannel {
    if (this.#probe?.usable === true) return this.#probe;
    if (!this.#sections.some((section) => section.use === 'data')) {
      throw new Error('no data channels were agreed in this call');
    }
    this.#probe ??= new ProbeChannel(this.#end.engine.openChannel(PROBE_LABEL));
    return this.#probe;
  }

  /** Ends, cancels or refuses the call, whichever it is now. */
  hangUp(reason?: CallReason): void {
    if (this.phase === 'ended') return;
    const code = this.phase === 'calling' ? 'cancelled' : this.phase === 'incoming' ? 'declined' : 'normal';
    const why = reason ?? { code };
    this.#events.send({ type: 'end', call: this.id, reason: why });
    this.#over(why);
  }

  /** The call is over without a word to the far side: it cannot be told. */
  lose(reason: CallReason): void {
    this.#over(reason);
  }

  #over(reason: CallReason): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    this.sound.stop();
    this.#end.close();
    this.#events.tell('ended', { reason });
    this.#events.over();
  }

  #refuseCall(error: unknown): void {
    const text = wordsOf(error);
    this.#events.tell('trouble', { words: text });
    const code = error instanceof Unacceptable ? 'not-acceptable' : 'protocol-error';
    this.hangUp({ code, text: text.slice(0, 200) });
  }

  /** A browser offers what was refused again at once (webrtc-pc section 4.7.3); that must not become a storm. */
  async #refuseChange(error: unknown): Promise<void> {
    const text = wordsOf(error);
    this.#events.tell('trouble', { words: text });
    this.#outstanding = undefined;
    if (this.#refusals > 0) await new Promise((resolve) => setTimeout(resolve, REFUSAL_MS));
    this.#refusals++;
    if (this.phase === 'ended') return;
    this.#events.send({ type: 'refuse', call: this.id, why: 'not-acceptable', text: text.slice(0, 200) });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(async () => {
      if (this.phase !== 'ended') await work();
    });
    // What the far side wrote must not end this process: it ends the call, or the change.
    this.#turn = done.catch((error: unknown) => {
      if (this.phase === 'ended') return;
      if (this.phase !== 'connected') return this.#refuseCall(error);
      return this.#refuseChange(error);
    });
    return this.#turn;
  }
}
