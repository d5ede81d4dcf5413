import type { CallPhase } from '@crosspoint/signaling/browser';
import type { TransportFigures } from './transport-figures.ts';

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
  /** Whether who calls wants to see and be seen. */
  readonly pictured: boolean;
  /** The last call's end, in words. */
  readonly ended: string;
  readonly muted: boolean;
  readonly holding: boolean;
  /** Who waits on hold while we ask somebody else; empty where nobody does. */
  readonly waiting: string;
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

/** A telephone that nobody has taken up. */
export const IDLE: PhoneState = {
  name: '',
  registered: false,
  signaling: 'closed',
  users: [],
  phase: 'idle',
  party: '',
  outgoing: false,
  pictured: false,
  ended: '',
  muted: false,
  holding: false,
  waiting: '',
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

/** What a call begins with, whatever the one before it left. */
export const NEW_CALL: Partial<PhoneState> = {
  ended: '',
  muted: false,
  holding: false,
  heldByParty: false,
  transport: 'new',
  remote: [],
  chat: [],
  figures: undefined,
  trouble: '',
};

/** What is left of a call when it is over. */
export const NO_CALL: Partial<PhoneState> = {
  phase: 'idle',
  transport: 'none',
  remote: [],
  local: [],
  camera: false,
  sharing: false,
  holding: false,
  heldByParty: false,
};
