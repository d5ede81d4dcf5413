import type { SipAddress, SipTransport } from './flow.ts';

/** One message as it was on the wire. */
export interface SipTapEvent {
  /** Milliseconds of the endpoint's clock. */
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly transport: SipTransport;
  readonly local: SipAddress;
  readonly remote: SipAddress;
  /** The domains for which the far side is certified. */
  readonly certifiedNames: readonly string[];
  readonly bytes: Uint8Array;
}

export type SipTap = (event: SipTapEvent) => void;
