import type { StunAttribute, StunAttributeName, StunAttributeValues } from './stun-attribute.ts';

/** RFC 8489 section 5: the two class bits. */
export type StunClass = 'request' | 'indication' | 'success' | 'error';

/** The methods registered by RFC 8489, RFC 8656 and RFC 6062. A message may carry any of 12 bits. */
export const stunMethods = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
  connect: 0x00a,
  connectionBind: 0x00b,
  connectionAttempt: 0x00c,
} as const;

export type StunMethodName = keyof typeof stunMethods;

export interface StunMessage {
  readonly class: StunClass;
  /** 12 bits; `stunMethods` names them. */
  readonly method: number;
  /** 12 bytes. */
  readonly transactionId: Uint8Array;
  /** In the order of the wire. */
  readonly attributes: readonly StunAttribute[];
}

export const STUN_MAGIC_COOKIE = 0x2112a442;
export const STUN_HEADER_BYTES = 20;
export const STUN_TRANSACTION_ID_BYTES = 12;

/** The registered name of a method, or undefined. */
export function stunMethodName(method: number): StunMethodName | undefined {
  return (Object.keys(stunMethods) as StunMethodName[]).find((name) => stunMethods[name] === method);
}

/**
 * The value of the first attribute of that name. Attributes behind the integrity are not protected by it and are
 * not seen here, except the second integrity and the fingerprint (RFC 8489 sections 14.5 and 14.6).
 */
export function stunAttribute<Name extends StunAttributeName>(
  message: StunMessage,
  name: Name,
): StunAttributeValues[Name] | undefined {
  let signed = false;
  for (const attribute of message.attributes) {
    const type = attribute.type;
    const trailer =
      type === 'MESSAGE-INTEGRITY' || type === 'MESSAGE-INTEGRITY-SHA256' || type === 'FINGERPRINT';
    if (signed && !trailer) continue;
    if (type === name) return attribute.value as StunAttributeValues[Name];
    signed ||= trailer;
  }
  return undefined;
}

/** The types a receiver has to answer with 420 when it does not know them (RFC 8489 sections 6.3.1 and 14). */
export function unknownRequiredAttributes(message: StunMessage): number[] {
  const codes: number[] = [];
  for (const attribute of message.attributes) {
    if (attribute.type === 'unknown' && attribute.code < 0x8000) codes.push(attribute.code);
  }
  return codes;
}
