/** Why a call ended, by the codes of the contract, with what the phone said. */
export interface PhoneReason {
  readonly code: string;
  readonly text?: string;
}

const CODES: Readonly<Record<number, string>> = {
  401: 'not-authorised',
  403: 'not-authorised',
  404: 'not-found',
  407: 'not-authorised',
  408: 'no-answer',
  410: 'gone',
  415: 'not-acceptable',
  428: 'identity-failed',
  438: 'identity-failed',
  480: 'unavailable',
  484: 'incomplete-number',
  486: 'busy',
  487: 'cancelled',
  488: 'not-acceptable',
  503: 'congestion',
  600: 'busy',
  603: 'declined',
  604: 'not-found',
  606: 'not-acceptable',
  607: 'declined',
  608: 'declined',
};

/** A call that rang out is 480 like one to who is not there: Q.850 tells them apart (RFC 3326 section 2). */
const RANG_OUT = /\bQ\.850\s*;[^,]*\bcause\s*=\s*1[89]\b/i;

/** The reason that a final status tells (RFC 3261 section 21), with its Reason headers; the words are kept. */
export function toPhoneReason(status: number, phrase: string, reason = ''): PhoneReason {
  const text = `${status} ${phrase}`.trim();
  if (status === 480 && RANG_OUT.test(reason)) return { code: 'no-answer', text };
  return { code: CODES[status] ?? 'protocol-error', text };
}
