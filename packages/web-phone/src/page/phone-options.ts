import type { EndReason } from '@crosspoint/signaling';
import type { CallPhase } from '@crosspoint/signaling/browser';
import type { MediaSource } from './media-source.ts';
import type { PhoneState } from './phone-state.ts';

export interface PhoneEvents {
  changed(state: PhoneState): void;
  incoming?(from: string): void;
  phase?(phase: CallPhase, reason?: EndReason): void;
  transport?(state: RTCPeerConnectionState): void;
  held?(held: boolean): void;
  signaling?(state: 'open' | 'lost' | 'over', why: string): void;
  registered?(name: string): void;
  refused?(code: string, text: string, status?: number): void;
  /** The far side handed the call over: we call this address now. */
  handedOver?(to: string): void;
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
