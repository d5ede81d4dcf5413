/** Why a call, or one side of it, ended, in no protocol's words. One list for every leg. */
export const END_REASON_CODES = [
  'normal',
  'busy',
  'declined',
  'cancelled',
  'answered-elsewhere',
  'no-answer',
  'unavailable',
  'not-found',
  'gone',
  'incomplete-number',
  'not-acceptable',
  'transport-unsupported',
  'not-authorised',
  'identity-failed',
  'media-failed',
  'congestion',
  'protocol-error',
  'expired',
] as const;

export type EndReasonCode = (typeof END_REASON_CODES)[number];

/** What the protocol at the origin said, kept whole because the mapping cannot be one-to-one. */
export interface ReasonOrigin {
  readonly protocol: 'web' | 'sip' | 'jingle' | 'q850';
  /** The original code in its protocol's own writing: `486`, `decline`, `17`. */
  readonly code: string;
  readonly text?: string;
}

/** A refusal or an end is a result and not an error: it travels as a value. */
export interface EndReason {
  readonly code: EndReasonCode;
  /** Free text for a person, as the far side gave it. */
  readonly text?: string;
  readonly origin?: ReasonOrigin;
}

const WORDS: Readonly<Record<EndReasonCode, string>> = {
  normal: 'hung up',
  busy: 'busy',
  declined: 'declined',
  cancelled: 'cancelled by the caller',
  'answered-elsewhere': 'answered on another device',
  'no-answer': 'no answer',
  unavailable: 'not available',
  'not-found': 'no such user',
  gone: 'no longer there',
  'incomplete-number': 'incomplete number',
  'not-acceptable': 'the media offered cannot be used',
  'transport-unsupported': 'the transport offered cannot be used',
  'not-authorised': 'not allowed',
  'identity-failed': 'identity could not be verified',
  'media-failed': 'media failed',
  congestion: 'too busy to connect',
  'protocol-error': 'protocol error',
  expired: 'expired',
};

/** The reason in a person's words. */
export function describeEndReason(reason: EndReason): string {
  const words = WORDS[reason.code];
  return reason.text !== undefined && reason.text !== '' ? `${words} (${reason.text})` : words;
}
