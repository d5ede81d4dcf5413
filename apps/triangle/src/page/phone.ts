import { describeEndReason, type EndReason, type IceServer } from '@crosspoint/signaling';
import {
  type CallEvents,
  type CallPhase,
  connectHttp,
  connectWs,
  SignalingClient,
  type WebCall,
} from '@crosspoint/signaling/browser';
import { cameraSource, type MediaSource } from './media-source.ts';
import { readFigures, type TransportFigures } from './transport-figures.ts';

export interface ChatLine {
  readonly mine: boolean;
  readonly text: string;
  readonly at: number;
}

/** Everything a page shows; a new value at each change. */
export interface PhoneState {
  readonly name: string;
  readonly registered: boolean;
  readonly signaling: 'closed' | 'open' | 'lost' | 'over';
  readonly users: readonly { readonly name: string; readonly busy: boolean }[];
  readonly phase: CallPhase | 'idle';
  readonly party: string;
  readonly outgoing: boolean;
  /** The last call's end, in words. */
  readonly ended: string;
  readonly muted: boolean;
  readonly holding: boolean;
  readonly heldByParty: boolean;
  readonly camera: boolean;
  readonly sharing: boolean;
  readonly transport: RTCPeerConnectionState | 'none';
  readonly remote: readonly MediaStreamTrack[];
  readonly local: readonly MediaStreamTrack[];
  readonly chat: readonly ChatLine[];
  readonly figures: TransportFigures | undefined;
  readonly trouble: string;
}

export interface PhoneEvents {
  changed(state: PhoneState): void;
  incoming?(from: string): void;
  phase?(phase: CallPhase, reason?: EndReason): void;
  transport?(state: RTCPeerConnectionState): void;
  held?(held: boolean): void;
  signaling?(state: 'open' | 'lost' | 'over', why: string): void;
  registered?(name: string): void;
  refused?(code: string, text: string): void;
  trouble?(words: string): void;
  channel?(channel: RTCDataChannel): void;
  /** The session's identity, for what else the page asks its server. */
  wire?(direction: 'in' | 'out', text: string): void;
}

export interface PhoneOptions {
  readonly transport: 'ws' | 'http';
  readonly trickle: boolean;
  readonly relayOnly: boolean;
  readonly audioCodecs: readonly string[];
  readonly videoCodecs: readonly string[];
  readonly data: boolean;
  readonly source: MediaSource;
}

export const PHONE_DEFAULTS: Omit<PhoneOptions, 'source'> = {
  transport: 'ws',
  trickle: true,
  relayOnly: false,
  audioCodecs: [],
  videoCodecs: [],
  data: true,
};

const IDLE: PhoneState = {
  name: '',
  registered: false,
  signaling: 'closed',
  users: [],
  phase: 'idle',
  party: '',
  outgoing: false,
  ended: '',
  muted: false,
  holding: false,
  heldByParty: false,
  camera: false,
  sharing: false,
  transport: 'none',
  remote: [],
  local: [],
  chat: [],
  figures: undefined,
  trouble: '',
};

/** How long a transport may stay `failed` before the call is given up: a restart may be under way. */
const FAILED_MS = 4000;

/**
 * The telephone in the page, without a look: what the buttons do and what the automation does is this and nothing else.
 * One call at a time; a second caller hears `busy`.
 */
export class Phone {
  state: PhoneState = IDLE;
  #client: SignalingClient | undefined;
  #call: WebCall | undefined;
  #options: PhoneOptions;
  #screen: MediaStreamTrack | undefined;
  #failed: ReturnType<typeof setTimeout> | undefined;
  readonly #events: PhoneEvents;

  constructor(events: PhoneEvents, options: Partial<PhoneOptions> = {}) {
    this.#events = events;
    this.#options = { ...PHONE_DEFAULTS, source: cameraSource(), ...options };
  }

  get call(): WebCall | undefined {
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
    this.#client ??= this.#makeClient();
    this.#set({ name, trouble: '' });
    this.#client.register(name, token);
  }

  #makeClient(): SignalingClient {
    const { protocol, host } = location;
    const connect =
      this.#options.transport === 'http'
        ? connectHttp('/signal')
        : connectWs(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/signal/ws`);
    const wire = this.#events.wire?.bind(this.#events);
    return new SignalingClient(
      {
        connect,
        client: 'crosspoint triangle page',
        callEvents: (call) => this.#callEvents(call.id),
        callOptions: () => ({
          iceTransportPolicy: this.#options.relayOnly ? 'relay' : 'all',
          trickle: this.#options.trickle,
          audioCodecs: this.#options.audioCodecs,
          videoCodecs: this.#options.videoCodecs,
          data: this.#options.data,
        }),
        newCallId: () =>
          Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) =>
            byte.toString(16).padStart(2, '0'),
          ).join(''),
      },
      {
        registered: (name, token, _iceServers: readonly IceServer[]) => {
          sessionStorage.setItem(`crosspoint-token-${name}`, token);
          this.#set({ name, registered: true });
          this.#events.registered?.(name);
        },
        presence: (users) => this.#set({ users: users.filter((user) => user.name !== this.state.name) }),
        incoming: (call) => this.#incoming(call),
        connection: (state, why) => {
          this.#set({ signaling: state });
          this.#events.signaling?.(state, why);
        },
        refused: (code, text) => {
          this.#set({ trouble: text });
          this.#events.refused?.(code, text);
        },
        ...(wire !== undefined ? { wire } : {}),
      },
    );
  }

  #incoming(call: WebCall): void {
    if (this.#call !== undefined) {
      call.end({ code: 'busy' });
      return;
    }
    this.#begin(call);
    this.#events.incoming?.(call.party);
  }

  #begin(call: WebCall): void {
    this.#call = call;
    this.#set({
      phase: call.phase,
      party: call.party,
      outgoing: call.outgoing,
      ended: '',
      muted: false,
      holding: false,
      heldByParty: false,
      transport: 'new',
      remote: [],
      chat: [],
      figures: undefined,
      trouble: '',
    });
  }

  #callEvents(id: string): CallEvents {
    const ours = (): boolean => this.#call?.id === id;
    return {
      phase: (phase, reason) => {
        if (!ours()) return;
        if (phase === 'ended') this.#callEnded(reason);
        else this.#set({ phase });
        this.#events.phase?.(phase, reason);
      },
      tracks: (remote) => ours() && this.#set({ remote }),
      transport: (state) => {
        if (!ours()) return;
        this.#transportChanged(state);
      },
      held: (heldByParty) => {
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
    this.#screen?.stop();
    this.#screen = undefined;
    this.#options.source.stop();
    this.#set({
      phase: 'idle',
      ended: reason === undefined ? '' : describeEndReason(reason),
      transport: 'none',
      remote: [],
      local: [],
      camera: false,
      sharing: false,
      holding: false,
      heldByParty: false,
    });
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
    if (this.#client === undefined || this.#call !== undefined)
      throw new Error('in a call already, or not registered');
    const call = this.#client.call(to);
    this.#begin(call);
    try {
      await call.start(await this.#tracks(media.audio, media.video));
    } catch (error) {
      call.close({ code: 'media-failed', text: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }

  async accept(media: { audio: boolean; video: boolean }): Promise<void> {
    const call = this.#call;
    if (call === undefined || call.phase !== 'incoming') throw new Error('there is no call to accept');
    await call.accept(await this.#tracks(media.audio, media.video));
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
    for (const track of this.state.local) if (track.kind === 'audio') track.enabled = !on;
    this.#set({ muted: on });
  }

  hold(on: boolean): void {
    this.#call?.hold(on);
    this.#set({ holding: on });
    if (!on && this.state.muted) this.mute(true);
  }

  async addVideo(): Promise<void> {
    const call = this.#call;
    if (call === undefined) return;
    const track = await this.source.video();
    call.add(track);
    this.#set({ camera: true, local: [...this.state.local.filter((each) => each.kind !== 'video'), track] });
  }

  removeVideo(): void {
    this.#call?.remove('video');
    this.#screen?.stop();
    this.#screen = undefined;
    this.source.stopVideo();
    this.#set({
      camera: false,
      sharing: false,
      local: this.state.local.filter((each) => each.kind !== 'video'),
    });
  }

  /** Shows the screen in place of the camera, or beside nothing if there was no picture; and back. */
  async shareScreen(on: boolean): Promise<void> {
    const call = this.#call;
    if (call === undefined) return;
    if (!on) return this.#backToCamera(call);
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
    const track = stream.getVideoTracks()[0]!;
    this.#screen = track;
    // The browser's own bar can end it too.
    track.onended = () => void this.#backToCamera(call);
    const sender = call.connection.getSenders().find((each) => each.track?.kind === 'video');
    if (sender === undefined) call.add(track);
    else await sender.replaceTrack(track);
    this.#set({ sharing: true, local: [...this.state.local.filter((each) => each.kind !== 'video'), track] });
  }

  async #backToCamera(call: WebCall): Promise<void> {
    const screen = this.#screen;
    if (screen === undefined) return;
    this.#screen = undefined;
    screen.stop();
    const sender = call.connection.getSenders().find((each) => each.track === screen);
    if (this.state.camera && sender !== undefined) {
      const camera = await this.source.video();
      await sender.replaceTrack(camera);
      this.#set({
        sharing: false,
        local: [...this.state.local.filter((each) => each.kind !== 'video'), camera],
      });
    } else {
      this.#set({ sharing: false });
      this.removeVideo();
    }
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

  restartIce(): void {
    this.#call?.restartIce();
  }

  /** Reads the figures once; the page does it each second, the automation when asked. */
  async measure(): Promise<{ figures: TransportFigures; raw: unknown } | undefined> {
    const connection = this.#call?.connection;
    if (connection === undefined) return undefined;
    const measured = await readFigures(connection);
    if (this.#call?.connection === connection) this.#set({ figures: measured.figures });
    return measured;
  }

  cutSignaling(): void {
    this.#client?.cut();
  }

  restoreSignaling(): void {
    this.#client?.reconnect();
  }

  /** Ends everything; may be registered again. */
  leave(): void {
    this.hangUp();
    this.#client?.leave();
    this.#client = undefined;
    this.#options.source.stop();
    this.#set({ ...IDLE });
  }
}
