import { describeEndReason, type EndReason } from '@crosspoint/signaling';
import type { CallEvents } from '@crosspoint/signaling/browser';
import { failedHere, type Line, type MakeLine, type PageCall } from './line.ts';
import { cameraSource, type MediaSource } from './media-source.ts';
import { OwnPicture } from './own-picture.ts';
import { newCallId } from './own-server.ts';
import { PHONE_DEFAULTS, type PhoneEvents, type PhoneOptions } from './phone-options.ts';
import { IDLE, NEW_CALL, NO_CALL, type PhoneState } from './phone-state.ts';
import { readFigures, type TransportFigures } from './transport-figures.ts';

export { PHONE_DEFAULTS, type PhoneEvents, type PhoneOptions } from './phone-options.ts';
export type { ChatLine, PhoneState } from './phone-state.ts';

/** How long a transport may stay `failed` before the call is given up: a restart may be under way. */
const FAILED_MS = 4000;
/** How often in a row the far side may send us on: two who send us back and forth come to an end. */
const MOST_HANDOVERS = 5;

/**
 * The telephone in the page, without a look: what the buttons do and what the automation does is this and nothing else.
 * One call at a time; a second caller hears `busy`.
 */
export class Phone {
  state: PhoneState = IDLE;
  #line: Line | undefined;
  #call: PageCall | undefined;
  /** How often we were sent on since a person dialled or accepted. */
  #handovers = 0;
  /** The call that waits behind ours, until it is over: handed over by its far side, or on hold while we ask another. */
  #earlier: PageCall | undefined;
  /** While we ask another: what that one hears of us, and what who waits will hear again. */
  #asking:
    | { readonly own: readonly MediaStreamTrack[]; readonly held: readonly MediaStreamTrack[] }
    | undefined;
  readonly #makeLine: MakeLine;
  #options: PhoneOptions;
  #failed: ReturnType<typeof setTimeout> | undefined;
  readonly #events: PhoneEvents;

  readonly #picture = new OwnPicture({
    state: () => this.state,
    set: (change) => this.#set(change),
    source: () => this.source,
    call: () => this.#call,
  });

  constructor(makeLine: MakeLine, events: PhoneEvents, options: Partial<PhoneOptions> = {}) {
    this.#makeLine = makeLine;
    this.#events = events;
    this.#options = { ...PHONE_DEFAULTS, source: cameraSource(), ...options };
  }

  get call(): PageCall | undefined {
    return this.#call;
  }

  get source(): MediaSource {
    return this.#options.source;
  }

  /** Sets what the next call, and the next registration, use. */
  configure(options: Partial<PhoneOptions>): void {
    if (options.source !== undefined && options.source !== this.#options.source) this.#options.source.stop();
    this.#options = { ...this.#options, ...options };
  }

  #set(change: Partial<PhoneState>): void {
    this.state = { ...this.state, ...change };
    this.#events.changed(this.state);
  }

  /** Takes a name at the server that this page came from. */
  register(name: string, token?: string): void {
    this.#line ??= this.#newLine();
    this.#set({ name, trouble: '' });
    this.#line.register(name, token);
  }

  #newLine(): Line {
    const wire = this.#events.wire?.bind(this.#events);
    return this.#makeLine(
      {
        transport: this.#options.transport,
        callEvents: (call) => this.#callEvents(call.id),
        callOptions: () => ({
          iceTransportPolicy: this.#options.relayOnly ? 'relay' : 'all',
          trickle: this.#options.trickle,
          audioCodecs: this.#options.audioCodecs,
          videoCodecs: this.#options.videoCodecs,
          data: this.#options.data,
        }),
        newCallId,
      },
      {
        registered: (name, token) => {
          sessionStorage.setItem(`crosspoint-token-${name}`, token);
          this.#set({ name, registered: true });
          this.#events.registered?.(name);
        },
        presence: (users) => this.#set({ users: users.filter((user) => user.name !== this.state.name) }),
        incoming: (call) => this.#incoming(call),
        handedOver: (call, to) => this.#goOver(call, to),
        connection: (state, why) => {
          this.#set({ signaling: state });
          this.#events.signaling?.(state, why);
        },
        refused: (code, text, status) => {
          if (code === 'replaced') this.leave();
          this.#set({ trouble: text });
          this.#events.refused?.(code, text, status);
        },
        ...(wire !== undefined ? { wire } : {}),
      },
    );
  }

  #incoming(call: PageCall): void {
    if (call.replaces !== undefined && call.replaces === this.#call?.id) return this.#giveUpFor(call);
    if (this.#call !== undefined) {
      call.end({ code: 'busy' });
      return;
    }
    this.#begin(call);
    this.#events.incoming?.(call.party);
  }

  /** The far side of our call joined us with somebody else: the call of these takes the place of ours, unasked. */
  #giveUpFor(call: PageCall): void {
    this.#earlier = this.#call;
    this.#begin(call);
    // Its offer is taken once this is told.
    Promise.resolve()
      .then(() => call.accept(this.state.local))
      .catch((error: unknown) => call.end(failedHere(error)));
  }

  /** The far side asks us to call somebody else: that call is ours now, and the other waits for its end. */
  #goOver(call: PageCall, to: string): void {
    if (this.#earlier !== undefined || ++this.#handovers > MOST_HANDOVERS) {
      call.close({ code: 'declined', text: 'sent on too often' });
      return;
    }
    this.#earlier = this.#call;
    this.#begin(call);
    this.#events.handedOver?.(to);
    call.start(this.state.local).catch((error: unknown) => call.close(failedHere(error)));
  }

  /** The call that took the other's place is over: the other is ours again. */
  #goBack(): boolean {
    const call = this.#earlier;
    if (call === undefined || call.phase !== 'connected') return false;
    this.#earlier = undefined;
    this.#begin(call);
    this.#set({ remote: call.remoteTracks(), transport: call.connection.connectionState });
    const held = this.#stopAsking();
    if (held !== undefined)
      this.#set({ local: held, camera: held.some(({ kind }) => kind === 'video'), holding: true });
    return true;
  }

  #stopAsking(): readonly MediaStreamTrack[] | undefined {
    const asking = this.#asking;
    this.#asking = undefined;
    for (const track of asking?.own ?? []) track.stop();
    this.#set({ waiting: '' });
    return asking?.held;
  }

  #begin(call: PageCall): void {
    this.#call = call;
    const { phase, party, outgoing, pictured } = call;
    this.#set({ ...NEW_CALL, phase, party, outgoing, pictured });
  }

  #callEvents(id: string): CallEvents {
    const ours = (): boolean => this.#call?.id === id;
    return {
      phase: (phase, reason) => {
        if (phase === 'ended' && this.#earlier?.id === id) {
          this.#earlier = undefined;
          this.#set({ waiting: '' });
        } else if (!ours()) return;
        else if (phase !== 'ended') this.#set({ phase });
        else if (!this.#goBack()) this.#callEnded(reason);
        this.#events.phase?.(phase, reason);
      },
      tracks: (remote) => {
        if (!ours()) return;
        this.#set({ remote, pictured: this.calledWithPicture });
        this.#picture.noticeClosed();
      },
      transport: (state) => {
        if (!ours()) return;
        this.#transportChanged(state);
      },
      held: (heldByParty) => {
        if (!ours()) return;
        this.#set({ heldByParty });
        this.#events.held?.(heldByParty);
      },
      channel: (channel) => {
        if (channel.label === 'chat') {
          channel.onmessage = ({ data }) => {
            if (typeof data === 'string') this.#addChat(false, data.slice(0, 4000));
          };
        }
        this.#events.channel?.(channel);
      },
      trouble: (trouble) => {
        this.#set({ trouble });
        this.#events.trouble?.(trouble);
      },
    };
  }

  #transportChanged(state: RTCPeerConnectionState): void {
    this.#set({ transport: state });
    this.#events.transport?.(state);
    clearTimeout(this.#failed);
    // A transport that was never up, or whose certificate was wrong, does not come back by itself.
    if (state === 'failed') this.#failed = setTimeout(() => this.hangUp({ code: 'media-failed' }), FAILED_MS);
  }

  #callEnded(reason: EndReason | undefined): void {
    clearTimeout(this.#failed);
    this.#call = undefined;
    this.#picture.stopScreen();
    this.#stopAsking();
    this.#options.source.stop();
    this.#set({ ...NO_CALL, ended: reason === undefined ? '' : describeEndReason(reason) });
  }

  async #tracks(audio: boolean, video: boolean): Promise<MediaStreamTrack[]> {
    const tracks: MediaStreamTrack[] = [];
    if (audio) tracks.push(await this.source.audio());
    if (video) tracks.push(await this.source.video());
    this.#set({ local: tracks, camera: video });
    return tracks;
  }

  /** Calls someone by name. */
  async dial(to: string, media: { audio: boolean; video: boolean }): Promise<void> {
    if (this.#line === undefined || this.#call !== undefined)
      throw new Error('in a call already, or not registered');
    const call = this.#line.call(to);
    this.#handovers = 0;
    this.#begin(call);
    try {
      const tracks = await this.#tracks(media.audio, media.video);
      if (this.call === call) await call.start(tracks);
      else this.#giveBack();
    } catch (error) {
      call.close(failedHere(error));
      throw error;
    }
  }

  /** Whether the call that comes in is one with pictures. */
  get calledWithPicture(): boolean {
    return this.#call?.pictured === true;
  }

  async accept(media: { audio: boolean; video: boolean }): Promise<void> {
    const call = this.#call;
    if (call === undefined || call.phase !== 'incoming') throw new Error('there is no call to accept');
    const tracks = await this.#tracks(media.audio, media.video);
    this.#handovers = 0;
    if (this.call === call) await call.accept(tracks);
    else this.#giveBack();
  }

  /** The call ended while the person was asked for the camera: nobody wants it any more. */
  #giveBack(): void {
    if (this.#call !== undefined) return;
    this.source.stop();
    this.#set({ local: [], camera: false });
  }

  /** Hangs up, cancels or declines: whichever it is now. */
  hangUp(reason?: EndReason): void {
    const call = this.#call;
    if (call === undefined) return;
    call.end(
      reason ??
        (call.phase === 'incoming'
          ? { code: 'declined' }
          : call.phase === 'connected'
            ? { code: 'normal' }
            : { code: 'cancelled' }),
    );
  }

  mute(on: boolean): void {
    for (const track of this.state.local)
      if (track.kind === 'audio') track.enabled = !on && !this.state.holding;
    this.#set({ muted: on });
  }

  hold(on: boolean): void {
    const call = this.#call;
    if (call === undefined) return;
    call.hold(on);
    // Where nothing is sent, a resumed stream must not promise to send again.
    for (const each of call.connection.getTransceivers())
      if (each.direction !== 'stopped' && each.sender.track === null)
        each.direction = on ? 'inactive' : 'recvonly';
    this.#set({ holding: on });
    if (!on && this.state.muted) this.mute(true);
  }

  /** Adds a stream with our picture to the call. */
  async addVideo(): Promise<void> {
    await this.#picture.add();
  }

  /** Takes video out of the call, both ways: its m-section is closed. */
  removeVideo(): void {
    this.#picture.close();
  }

  /** Our own picture on or off, in the call; the far side's stays as it is. */
  async camera(on: boolean): Promise<void> {
    await this.#picture.camera(on);
  }

  /** Shows the screen in place of the camera, or beside nothing if there was no picture; and back. */
  async shareScreen(on: boolean): Promise<void> {
    await this.#picture.share(on);
  }

  say(text: string): void {
    const channel = this.#call?.channel('chat');
    if (channel === undefined || channel.readyState !== 'open' || text === '') return;
    channel.send(text.slice(0, 4000));
    this.#addChat(true, text);
  }

  #addChat(mine: boolean, text: string): void {
    this.#set({ chat: [...this.state.chat, { mine, text, at: Date.now() }] });
  }

  /** Digits into the call, by RFC 4733; resolves when they are out. @param durationMs of each, 40 to 6000 */
  async press(digits: string, durationMs = 160): Promise<void> {
    await this.#call?.dtmf(digits, durationMs);
  }

  /** Holds the call and calls somebody else, to ask before the two are connected. */
  async consult(to: string): Promise<void> {
    const first = this.#call;
    const isOne = first?.phase === 'connected' && this.#earlier === undefined;
    if (this.#line === undefined || first?.connectWith === undefined || !isOne)
      throw new Error('there is not one call to hold');
    this.hold(true);
    // What is held says nothing: the other call has tracks of its own.
    const held = this.state.local;
    const own = held.filter(({ kind }) => kind === 'audio').map((track) => track.clone());
    for (const track of own) track.enabled = true;
    const call = this.#line.call(to);
    this.#earlier = first;
    this.#asking = { own, held };
    this.#begin(call);
    this.#set({ waiting: first.party, local: own, camera: false });
    await call.start(own).catch((error: unknown) => {
      call.close(failedHere(error));
      throw error;
    });
  }

  /** Joins who waits on hold with who was asked (attended transfer). */
  connectBoth(): void {
    if (this.#call !== undefined && this.#asking !== undefined) this.#earlier?.connectWith?.(this.#call);
  }

  /** Asks the far side to call somebody else in place of us (blind transfer). */
  transfer(target: string): void {
    this.#call?.transfer(target);
  }

  restartIce(): void {
    this.#call?.restartIce();
  }

  /** Reads the figures once; the page does it each second, the automation when asked. */
  async measure(): Promise<{ figures: TransportFigures; raw: Record<string, unknown>[] } | undefined> {
    const connection = this.#call?.connection;
    if (connection === undefined) return undefined;
    const measured = await readFigures(connection);
    if (this.#call?.connection === connection) this.#set({ figures: measured.figures });
    return measured;
  }

  cutSignaling(): void {
    this.#line?.cut();
  }

  restoreSignaling(): void {
    this.#line?.reconnect();
  }

  /** Ends everything; may be registered again. */
  leave(): void | Promise<void> {
    this.hangUp();
    this.#earlier?.end({ code: 'normal' });
    this.#earlier = undefined;
    const left = this.#line?.leave();
    this.#line = undefined;
    this.#options.source.stop();
    this.#set({ ...IDLE });
    return left;
  }
}
