import type { EndReason, EndReasonCode } from '@crosspoint/signaling';
import { type Reason, writeReason } from '../message/reason.ts';
import { REASON_PHRASES } from '../message/reason-phrases.ts';
import { quote } from '../message/scan.ts';

/** Which final response refuses an INVITE for a reason of ours (docs: the table of end reasons). */
const STATUS: Readonly<Record<EndReasonCode, number>> = {
  normal: 480,
  busy: 486,
  declined: 603,
  cancelled: 487,
  'answered-elsewhere': 487,
  'no-answer': 480,
  unavailable: 480,
  'not-found': 404,
  gone: 410,
  'incomplete-number': 484,
  'not-acceptable': 488,
  'transport-unsupported': 488,
  'not-authorised': 403,
  'identity-failed': 438,
  'media-failed': 488,
  congestion: 503,
  'protocol-error': 500,
  expired: 408,
};

/** The cause that says what the status alone cannot (docs: the table of end reasons). */
const CAUSE: Readonly<Partial<Record<EndReasonCode, number>>> = {
  busy: 17,
  'no-answer': 19,
  unavailable: 20,
  declined: 21,
  'not-found': 1,
  gone: 22,
  'incomplete-number': 28,
  congestion: 34,
  'media-failed': 47,
};

const CODE: Readonly<Record<number, EndReasonCode>> = {
  400: 'protocol-error',
  401: 'not-authorised',
  403: 'not-authorised',
  404: 'not-found',
  407: 'not-authorised',
  408: 'no-answer',
  410: 'gone',
  415: 'not-acceptable',
  420: 'not-acceptable',
  428: 'identity-failed',
  436: 'identity-failed',
  437: 'identity-failed',
  438: 'identity-failed',
  480: 'unavailable',
  482: 'protocol-error',
  483: 'protocol-error',
  484: 'incomplete-number',
  486: 'busy',
  487: 'cancelled',
  488: 'not-acceptable',
  503: 'congestion',
  504: 'no-answer',
  600: 'busy',
  603: 'declined',
  604: 'not-found',
  606: 'not-acceptable',
  607: 'declined',
  608: 'declined',
};

/** Q.850 causes that a Reason header may carry (RFC 8606, RFC 3398 section 7.2.4.1). */
const Q850: Readonly<Record<number, EndReasonCode>> = {
  1: 'not-found',
  16: 'normal',
  17: 'busy',
  18: 'no-answer',
  19: 'no-answer',
  20: 'unavailable',
  21: 'declined',
  22: 'gone',
  26: 'answered-elsewhere',
  28: 'incomplete-number',
  34: 'congestion',
  42: 'congestion',
  47: 'media-failed',
  65: 'not-acceptable',
  88: 'not-acceptable',
};

/** Our own reasons cross a second hop of ours whole: `X-` protocols are for private use between consenting parties. */
const OWN = 'X-Crosspoint';

/** The response that refuses an INVITE, and the Reason headers that keep what the status cannot say (RFC 3326, 8606). */
export function toRefusal(reason: EndReason): {
  readonly status: number;
  readonly phrase: string;
  readonly reasons: readonly string[];
} {
  const origin = reason.origin;
  const original = origin?.protocol === 'sip' ? Number(origin.code) : Number.NaN;
  const status = original >= 300 && original <= 699 ? original : STATUS[reason.code];
  const phrase = REASON_PHRASES[status] ?? 'Refused';
  return { status, phrase, reasons: toReasons(reason) };
}

/** Reason headers for a CANCEL or BYE, or beside a refusal. */
export function toReasons(reason: EndReason): readonly string[] {
  const { origin } = reason;
  const values: string[] = [];
  if (origin?.protocol === 'q850' && /^\d{1,3}$/.test(origin.code)) {
    values.push(writeReason('Q.850', Number(origin.code), origin.text));
  } else if (CAUSE[reason.code] !== undefined) {
    values.push(writeReason('Q.850', CAUSE[reason.code]!));
  }
  if (reason.code === 'answered-elsewhere') values.push(writeReason('SIP', 200, 'Call completed elsewhere'));
  else if (origin?.protocol === 'sip' && /^\d{3}$/.test(origin.code)) {
    values.push(writeReason('SIP', Number(origin.code), origin.text));
  }
  const words = reason.text === undefined ? '' : `;words=${quote(reason.text)}`;
  values.push(`${OWN};text="${reason.code}"${words}`);
  return values;
}

function ownReason(reasons: readonly Reason[]): EndReason | undefined {
  const own = reasons.find(({ protocol }) => protocol.toLowerCase() === OWN.toLowerCase());
  const code = own?.text;
  if (own === undefined || code === undefined || !isCode(code)) return undefined;
  const words = own.params.get('words');
  return words === undefined ? { code } : { code, text: words };
}

/** What a refusal of an INVITE means. The status and its phrase stay with it as its origin. */
export function fromRefusal(status: number, phrase: string, reasons: readonly Reason[]): EndReason {
  const origin = { protocol: 'sip', code: String(status), text: phrase } as const;
  const own = ownReason(reasons);
  if (own !== undefined) return { ...own, origin };
  const q850 = reasons.find(({ protocol }) => protocol.toUpperCase() === 'Q.850')?.cause;
  // 480 says too little by itself: the far exchange's cause, where one comes with it, says why.
  const known = q850 === undefined ? undefined : Q850[q850];
  const code = (status === 480 ? known : undefined) ?? CODE[status] ?? classOf(status);
  return { code, text: phrase, origin };
}

/** What a CANCEL or BYE with these Reason headers means; `otherwise` where they say nothing. */
export function fromReasons(reasons: readonly Reason[], otherwise: EndReasonCode): EndReason {
  const own = ownReason(reasons);
  if (own !== undefined) return own;
  const sip = reasons.find(({ protocol }) => protocol.toUpperCase() === 'SIP');
  if (sip?.cause !== undefined) {
    const text = sip.text === undefined ? {} : { text: sip.text };
    const origin = { protocol: 'sip', code: String(sip.cause), ...text } as const;
    if (sip.cause === 200) return { code: 'answered-elsewhere', ...text, origin };
    if (otherwise !== 'cancelled') return { code: CODE[sip.cause] ?? otherwise, ...text, origin };
    return { code: otherwise, ...text, origin };
  }
  const q850 = reasons.find(({ protocol }) => protocol.toUpperCase() === 'Q.850');
  if (q850?.cause === undefined) return { code: otherwise };
  const text = q850.text === undefined ? {} : { text: q850.text };
  const origin = { protocol: 'q850', code: String(q850.cause), ...text } as const;
  const code = otherwise === 'cancelled' && q850.cause === 16 ? otherwise : (Q850[q850.cause] ?? otherwise);
  return { code, ...text, origin };
}

function isCode(code: string): code is EndReasonCode {
  return Object.hasOwn(STATUS, code);
}

function classOf(status: number): EndReasonCode {
  if (status >= 600) return 'declined';
  return status >= 400 && status < 500 ? 'unavailable' : 'protocol-error';
}
