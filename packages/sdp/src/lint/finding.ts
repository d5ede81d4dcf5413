import type { SdpError } from '../sdp-error.ts';

/** `error` breaks a rule of the clause; `warning` is allowed, or tolerated by everyone, and known to hurt. */
export type Severity = 'error' | 'warning';

/** One thing wrong with a description. */
export interface Finding {
  /** Stable word for the rule; equal to the id of the known interop case where there is one. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence for a person. */
  readonly message: string;
  /** The violated clause: `RFC 8866 section 5.14`. */
  readonly clause: string;
  /** Line in the judged description, from 1; 0 where something is missing altogether. */
  readonly line: number;
  /** Column, from 1; 0 with line 0. */
  readonly column: number;
  /** The m-section it concerns, from 0. */
  readonly mediaIndex?: number;
}

/**
 * Who is to understand the description. `webrtc`: a browser (RFC 9429, 8827, 8834: DTLS, ICE, rtcp-mux demanded).
 * `sip`: a SIP endpoint, plain RTP allowed. `any`: only what holds for everyone.
 */
export type Profile = 'webrtc' | 'sip' | 'any';

/** A text that could not be read, as a finding. */
export function findingFromError(error: SdpError): Finding {
  const { code, clause, line, column, message } = error;
  return { code, severity: 'error', message, clause, line, column };
}
