import type { SipAddress, SipTransport } from './flow.ts';

/** One message as it was on the wire. */
export interface SipTapEvent {
  /** Milliseconds of the endpoint's clock. */
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly transport: SipTransport;
  readonly local: SipAddress;
  readonly remote: SipAddress;
  readonly bytes: Uint8Array;
}

export type SipTap = (event: SipTapEvent) => void;
