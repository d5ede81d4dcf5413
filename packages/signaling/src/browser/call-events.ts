import type { EndReason } from '../end-reason.ts';

/** What a call in a page is doing, in one word. */
export type CallPhase = 'calling' | 'ringing' | 'incoming' | 'early' | 'connected' | 'ended';

export interface CallEvents {
  phase(phase: CallPhase, reason?: EndReason): void;
  /** A track of the far side began or went. */
  tracks(tracks: readonly MediaStreamTrack[]): void;
  /** The far side opened a data channel, or ours is open. */
  channel(channel: RTCDataChannel): void;
  /** The state of the media transport: `new`, `connecting`, `connected`, `failed` ... */
  transport(state: RTCPeerConnectionState): void;
  /** Held by the far side, or no longer. */
  held(held: boolean): void;
  /** Something in the negotiation went wrong that did not end the call. */
  trouble(words: string): void;
}

/** How a page wants its calls. */
export interface CallOptions {
  readonly iceServers: readonly RTCIceServer[];
  /** `relay`: only through TURN. */
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  /** `false`: descriptions are sent once gathering is complete, and no candidate by itself. */
  readonly trickle: boolean;
  /** Names of the codecs to offer and accept, alone and in this order (`opus`, `PCMU`, `VP8` ...); empty: all. */
  readonly audioCodecs: readonly string[];
  readonly videoCodecs: readonly string[];
  /** Whether to open a data channel for chat with the call. */
  readonly data: boolean;
}
