import type { EndReason } from '@crosspoint/signaling';
import {
  type CallEvents,
  type CallOptions,
  type CallPhase,
  offersPicture,
  preferOffered,
  remoteTracks,
  sendDigits,
} from '@crosspoint/signaling/browser';
import { type PageCall, UnsupportedError } from '@crosspoint/web-phone/browser';
import type { Jingle } from 'stanza';
import { toJingleReason } from './end-reasons.ts';
import { RefusedError } from './refused-error.ts';

export interface StanzaCallPlan {
  readonly id: string;
  /** Who is at the other end, as the page shows it. */
  readonly party: string;
  readonly connection: RTCPeerConnection;
  /** stanza's session: the one that came in, or one with the far side that the page wants, once it is found. */
  readonly session: Jingle.MediaSession | (() => Promise<Jingle.MediaSession>);
  readonly options: CallOptions;
  readonly events: CallEvents;
}

/** One call of a page that is a Jingle client: a session of stanza's, and what the telephone does with it. */
export class StanzaCall implements PageCall {
  readonly id: string;
  readonly party: string;
  readonly outgoing: boolean;
  readonly connection: RTCPeerConnection;
  readonly pictured: boolean;
  phase: CallPhase;
  readonly #options: CallOptions;
  readonly #events: CallEvents;
  readonly #find: () => Promise<Jingle.MediaSession>;
  readonly #channels = new Map<string, RTCDataChannel>();
  #session: Jingle.MediaSession | undefined;
  /** What is not sent as long as the far side holds. */
  readonly #paused = new Map<RTCRtpSender, MediaStreamTrack>();
  #isHolding = false;

  constructor({ id, party, connection, session, options, events }: StanzaCallPlan) {
    this.id = id;
    this.party = party;
    this.connection = connection;
    this.outgoing = typeof session === 'function';
    this.#session = typeof session === 'function' ? undefined : session;
    this.#find = typeof session === 'function' ? session : async () => session;
    this.phase = this.outgoing ? 'calling' : 'incoming';
    this.pictured = offersPicture(connection.remoteDescription?.sdp ?? '');
    this.#options = options;
    this.#events = events;
    connection.addEventListener('datachannel', ({ channel }) => this.#adopt(channel));
    connection.addEventListener('track', () => events.tracks(this.remoteTracks()));
    connection.addEventListener('connectionstatechange', () => {
      if (this.phase !== 'ended') events.transport(connection.connectionState);
    });
  }

  /** A data channel by its label. @throws Error where the session has none: stanza cannot add one to it */
  channel(label: string): RTCDataChannel {
    const known = this.#channels.get(label);
    if (known !== undefined && known.readyState !== 'closed') return known;
    if (this.phase === 'connected' && this.connection.sctp === null)
      throw new Error('the call began without data channels, and stanza adds none to it');
    const made = this.connection.createDataChannel(label);
    this.#adopt(made);
    return made;
  }

  #adopt(channel: RTCDataChannel): void {
    this.#channels.set(channel.label, channel);
    channel.binaryType = 'arraybuffer';
    this.#events.channel(channel);
  }

  remoteTracks(): MediaStreamTrack[] {
    return remoteTracks(this.connection);
  }

  /** Places the call with these tracks. */
  async start(tracks: readonly MediaStreamTrack[]): Promise<void> {
    try {
      const session = await this.#find();
      // The person may have given up while the far side was looked for.
      if (this.phase === 'ended') return session.end(toJingleReason({ code: 'cancelled' }), true);
      this.#session = session;
      await this.#add(session, tracks);
      if (this.#options.data) this.channel('chat');
      await session.start();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.over(error.reason);
    }
  }

  /** The far side learns that it rings here. */
  async ring(): Promise<void> {
    await this.#session?.ring();
  }

  /** Answers with these tracks. */
  async accept(tracks: readonly MediaStreamTrack[]): Promise<void> {
    const session = this.#session!;
    await this.#add(session, tracks);
    await session.accept();
    this.connected();
  }

  async #add(session: Jingle.MediaSession, tracks: readonly MediaStreamTrack[]): Promise<void> {
    for (const track of tracks) await session.addTrack(track, new MediaStream([track]));
    preferOffered(this.connection, this.#options);
  }

  /** The far side rings, as it says. */
  ringing(): void {
    if (this.phase === 'calling') this.#enter('ringing');
  }

  /** Both sides have accepted. */
  connected(): void {
    if (this.phase === 'ended' || this.phase === 'connected') return;
    this.#enter('connected');
    this.#events.tracks(this.remoteTracks());
  }

  /** Hold is an information and no offer (XEP-0167 section 8.2): who hears of it stops sending by themselves. */
  heldByFarSide(held: boolean): void {
    if (this.phase === 'ended') return;
    this.#sending(!held).catch((error: unknown) => this.#events.trouble(String(error)));
    this.#events.held(held);
  }

  async #sending(active: boolean): Promise<void> {
    if (active) {
      const paused = [...this.#paused];
      this.#paused.clear();
      for (const [sender, track] of paused) if (sender.track === null) await sender.replaceTrack(track);
      return;
    }
    // Not by the encodings: Firefox ESR 153 went on sending sound with all of them inactive.
    for (const sender of this.connection.getSenders()) {
      if (sender.track === null) continue;
      this.#paused.set(sender, sender.track);
      await sender.replaceTrack(null);
    }
  }

  /** Puts the far side on hold: we go on sending nothing but silence, and say that we do not listen. */
  hold(on: boolean): void {
    if (on === this.#isHolding) return;
    this.#isHolding = on;
    const tracks = [...this.connection.getSenders().map(({ track }) => track), ...this.#paused.values()];
    for (const track of tracks) if (track !== null) track.enabled = !on;
    const said = on ? this.#session?.hold() : this.#session?.resume();
    said?.catch((error: unknown) => this.#events.trouble(String(error)));
  }

  /** What the page changed at its connection stays its own: stanza has no action that would tell of it. */
  changed(): void {}

  add(): void {
    throw new UnsupportedError(NO_CHANGES);
  }

  remove(): void {
    throw new UnsupportedError(NO_CHANGES);
  }

  restartIce(): void {
    if (!this.outgoing)
      throw new UnsupportedError('stanza restarts ICE where it has initiated the session, and there alone');
    this.#session?.restartIce().catch((error: unknown) => this.#events.trouble(String(error)));
  }

  dtmf(digits: string, durationMs: number): Promise<void> {
    return sendDigits(this.connection, digits, durationMs);
  }

  transfer(): void {
    throw new UnsupportedError(NO_TRANSFER);
  }

  /** Ends, cancels or refuses the call, whichever it is now. */
  end(reason: EndReason): void {
    if (this.phase === 'ended') return;
    this.over(reason);
    this.#session?.end(toJingleReason(reason));
  }

  /** The call is over, for a fault of the page's own. */
  close(reason: EndReason): void {
    this.end(reason);
  }

  /** The session-initiate was answered by an error, which stanza takes no notice of. */
  refused(reason: EndReason): void {
    if (this.phase === 'ended') return;
    this.over(reason);
    this.#session?.end(toJingleReason(reason), true);
  }

  /** The session is over. */
  over(reason: EndReason): void {
    if (this.phase === 'ended') return;
    this.#enter('ended', reason);
    this.connection.close();
  }

  #enter(phase: CallPhase, reason?: EndReason): void {
    this.phase = phase;
    this.#events.phase(phase, reason);
  }
}

export const NO_CHANGES =
  'stanza 12 changes nothing in a running session: it answers content-add by content-reject';
export const NO_TRANSFER = 'stanza 12 transfers no session';
