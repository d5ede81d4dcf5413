import {
  END_REASON_CODES,
  type EndReason,
  type EndReasonCode,
  type ReasonOrigin,
} from '@crosspoint/signaling';
import { NS } from '../namespaces.ts';
import type { IqError } from '../stanza/iq-error.ts';
import { isCondition, type JingleCondition, type JingleReason } from '../stanza/reason.ts';
import { element, type XmlElement } from '../xml/element.ts';

/** Docs: the table of end reasons. */
const CONDITION: Readonly<Record<EndReasonCode, JingleCondition>> = {
  normal: 'success',
  busy: 'busy',
  declined: 'decline',
  cancelled: 'cancel',
  'answered-elsewhere': 'cancel',
  'no-answer': 'timeout',
  unavailable: 'gone',
  'not-found': 'gone',
  gone: 'gone',
  'incomplete-number': 'general-error',
  'not-acceptable': 'incompatible-parameters',
  'transport-unsupported': 'unsupported-transports',
  'not-authorised': 'security-error',
  'identity-failed': 'security-error',
  'media-failed': 'failed-transport',
  congestion: 'general-error',
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
  conflict: 'busy',
  'feature-not-implemented': 'not-acceptable',
  forbidden: 'not-authorised',
  gone: 'gone',
  'item-not-found': 'not-found',
  'not-acceptable': 'not-authorised',
  'not-allowed': 'not-authorised',
  'not-authorized': 'not-authorised',
  'policy-violation': 'not-authorised',
  'recipient-unavailable': 'unavailable',
  'registration-required': 'not-authorised',
  'remote-server-not-found': 'not-found',
  'remote-server-timeout': 'unavailable',
  'resource-constraint': 'congestion',
  'service-unavailable': 'unavailable',
  'subscription-required': 'not-authorised',
};

/**
 * Why a call ends, as Jingle says it. Where the condition says less than we know, an element of our own stands beside it
 * (XEP-0166 section 7.4 leaves a place for one); a reason that Jingle itself gave goes back as it came.
 */
export function toReason(reason: EndReason): JingleReason {
  const { origin, code } = reason;
  const own = origin?.protocol === 'jingle' && isCondition(origin.code) && CODE[origin.code] === code;
  const condition = own ? (origin.code as JingleCondition) : CONDITION[code];
  const text = reason.text ?? origin?.text;
  const isForeign = origin?.protocol === 'sip' || origin?.protocol === 'q850';
  const details =
    CODE[condition] === code && !isForeign ? [] : [detail(code, isForeign ? origin : undefined)];
  return { condition, ...(text === undefined ? {} : { text }), details };
}

function detail(code: EndReasonCode, origin: ReasonOrigin | undefined): XmlElement {
  const attrs: Record<string, string> = { code };
  if (origin !== undefined) {
    attrs.protocol = origin.protocol;
    attrs.origin = origin.code;
    if (origin.text !== undefined) attrs.words = origin.text;
  }
  return element(NS.crosspointEnd, 'end', attrs);
}

/** What a Jingle reason means; `otherwise` where none was given. */
export function fromReason(reason: JingleReason | undefined, otherwise: EndReasonCode): EndReason {
  if (reason === undefined) return { code: otherwise };
  const { condition, text } = reason;
  const words = text === undefined ? {} : { text };
  const own = reason.details.find(({ xmlns, name }) => xmlns === NS.crosspointEnd && name === 'end')?.attrs;
  const code = END_REASON_CODES.find((each) => each === own?.code) ?? CODE[condition];
  const origin = originOf(own) ?? ({ protocol: 'jingle', code: condition, ...words } as const);
  return { code, ...words, origin };
}

function originOf(own: Readonly<Record<string, string>> | undefined): ReasonOrigin | undefined {
  const protocol = own?.protocol;
  if (own?.origin === undefined || (protocol !== 'sip' && protocol !== 'q850')) return undefined;
  return { protocol, code: own.origin, ...(own.words === undefined ? {} : { text: own.words }) };
}

/** What the error means that answered our session-initiate or a message of ours. */
export function fromIqError({ condition, jingle, text }: IqError): EndReason {
  const code = jingle === 'unknown-session' ? 'gone' : (ERROR_CODE[condition] ?? 'protocol-error');
  const words = text ?? jingle;
  const origin = {
    protocol: 'jingle',
    code: condition,
    ...(words === undefined ? {} : { text: words }),
  } as const;
  return { code, ...(words === undefined ? {} : { text: words }), origin };
}
