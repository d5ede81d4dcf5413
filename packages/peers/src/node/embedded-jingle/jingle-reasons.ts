import type { CallReason } from '../embedded/call-reason.ts';
import { NS } from './namespaces.ts';
import { type XmlElement, xml } from './xml.ts';

/** What a reason of XEP-0166 section 7.4 means, in the codes of the contract. */
const CODES: Readonly<Record<string, string>> = {
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

/** With which reason this client ends. */
const CONDITIONS: Readonly<Record<string, string>> = {
  normal: 'success',
  busy: 'busy',
  declined: 'decline',
  cancelled: 'cancel',
  'no-answer': 'timeout',
  unavailable: 'gone',
  expired: 'expired',
  insecure: 'security-error',
  'not-acceptable': 'unsupported-applications',
  'transport-unsupported': 'unsupported-transports',
  'media-failed': 'connectivity-error',
  'protocol-error': 'failed-application',
};

/** What the errors of RFC 6120 section 8.3.3 mean to a call that could not be placed. */
const ERRORS: Readonly<Record<string, string>> = {
  'feature-not-implemented': 'not-acceptable',
  forbidden: 'not-authorised',
  gone: 'gone',
  'item-not-found': 'not-found',
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

/** Reads the reason in an action or a message; `otherwise` where there is none. */
export function readReason(parent: XmlElement, otherwise: string): CallReason {
  const reason = parent.getChild('reason', NS.jingle);
  const condition = reason?.getChildElements().find((child) => Object.hasOwn(CODES, child.name))?.name;
  const text = reason?.getChildText('text') ?? '';
  const code =
    condition !== undefined ? CODES[condition]! : reason === undefined ? otherwise : 'protocol-error';
  return { code, ...(text !== '' ? { text } : {}) };
}

/** Writes why it ends. */
export function writeReason({ code, text }: CallReason): XmlElement {
  return xml(
    'reason',
    { xmlns: NS.jingle },
    xml(CONDITIONS[code] ?? 'general-error'),
    ...(text === undefined ? [] : [xml('text', {}, text)]),
  );
}

/** What an error means that answered a session-initiate or a proposal. */
export function fromError(condition: string, text: string | undefined): CallReason {
  return { code: ERRORS[condition] ?? 'protocol-error', text: text || condition };
}

/** An error that answers an IQ (RFC 6120 section 8.3), with what Jingle adds (XEP-0166 section 10). */
export function writeError(
  type: 'cancel' | 'modify' | 'wait',
  condition: string,
  jingle?: string,
): XmlElement {
  return xml(
    'error',
    { type },
    xml(condition, { xmlns: NS.stanzas }),
    ...(jingle === undefined ? [] : [xml(jingle, { xmlns: NS.jingleErrors })]),
  );
}
