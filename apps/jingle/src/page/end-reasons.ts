import type { EndReason, EndReasonCode } from '@crosspoint/signaling';
import type { Stanzas } from 'stanza';

type JingleReason = Stanzas.JingleReason;
export type JingleCondition = JingleReason['condition'];

/** What this page says when it ends a call (XEP-0166 section 7.4). */
const CONDITION: Readonly<Partial<Record<EndReasonCode, JingleCondition>>> = {
  normal: 'success',
  busy: 'busy',
  declined: 'decline',
  cancelled: 'cancel',
  'no-answer': 'timeout',
  gone: 'gone',
  'not-acceptable': 'incompatible-parameters',
  'transport-unsupported': 'unsupported-transports',
  'not-authorised': 'security-error',
  'media-failed': 'failed-transport',
  'protocol-error': 'failed-application',
  expired: 'expired',
};

const CODE: Readonly<Record<JingleCondition, EndReasonCode>> = {
  'alternative-session': 'normal',
  busy: 'busy',
  cancel: 'cancelled',
  'connectivity-error': 'media-failed',
  decline: 'declined',
  expired: 'expired',
  'failed-application': 'protocol-error',
  'failed-transport': 'media-failed',
  'general-error': 'protocol-error',
  gone: 'gone',
  'incompatible-parameters': 'not-acceptable',
  'media-error': 'media-failed',
  'security-error': 'not-authorised',
  success: 'normal',
  timeout: 'no-answer',
  'unsupported-applications': 'not-acceptable',
  'unsupported-transports': 'transport-unsupported',
};

/** What the errors of RFC 6120 section 8.3.3 mean to a call that could not be placed. */
const ERROR_CODE: Readonly<Record<string, EndReasonCode>> = {
  forbidden: 'not-authorised',
  gone: 'gone',
  'item-not-found': 'not-found',
  'not-allowed': 'not-authorised',
  'not-authorized': 'not-authorised',
  'recipient-unavailable': 'unavailable',
  'remote-server-not-found': 'not-found',
  'remote-server-timeout': 'unavailable',
  'resource-constraint': 'congestion',
  'service-unavailable': 'unavailable',
};

export function toJingleReason({ code, text }: EndReason): JingleReason {
  return { condition: CONDITION[code] ?? 'general-error', ...(text === undefined ? {} : { text }) };
}

/** Why the far side ended the call; a session-terminate may come without a reason. */
export function fromJingleReason(reason: Partial<JingleReason> | undefined): EndReason {
  const { condition, text } = reason ?? {};
  if (condition === undefined) return { code: 'normal' };
  const words = text === undefined ? {} : { text };
  return { code: CODE[condition], ...words, origin: { protocol: 'jingle', code: condition, ...words } };
}

/** Why a call could not be placed: the error that answered its session-initiate. */
export function fromStanzaError(error: Stanzas.StanzaError | undefined): EndReason {
  const condition = error?.condition ?? 'undefined-condition';
  const words = error?.text === undefined ? {} : { text: error.text };
  const code = ERROR_CODE[condition] ?? 'protocol-error';
  return { code, ...words, origin: { protocol: 'jingle', code: condition, ...words } };
}
