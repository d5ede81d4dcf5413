import type { Daemon } from '../sip-phone/daemon.ts';
import type { OwnRtp, RtpAgreement } from '../sip-phone/rtp-description.ts';
import type { RtpVoice } from '../sip-phone/rtp-voice.ts';
import type { SippControl } from './sipp-control.ts';

/** One call of a phone that is made of SIPp. */
export interface SippCall {
  readonly id: string;
  readonly direction: 'incoming' | 'outgoing';
  /** It was placed without an offer. */
  readonly isLate?: boolean;
  /** Through which SIPp its orders go. */
  readonly control: SippControl;
  readonly voice: RtpVoice;
  readonly own: OwnRtp;
  /** The caller's own process. */
  readonly daemon?: Daemon;
  /** The far side's last offer, not yet answered; an empty one is for us to make. */
  offer: string;
  /** Of the session's description. */
  version: number;
  established: boolean;
  /** Whether this side, and the far one, holds. */
  holding: boolean;
  held: boolean;
  agreed: RtpAgreement | undefined;
  /** To be told that the caller was told that it rings. */
  rung?: () => void;
}

/** What a call begins with. */
export const BEGINNING = {
  version: 1,
  established: false,
  holding: false,
  held: false,
  agreed: undefined,
} as const;
