import { NS } from '../namespaces.ts';
import { hex, utf8, type XmppCrypto } from '../sasl/crypto.ts';
import { type XmlElement, xml } from '../xml/element.ts';

/** Who dialback is about (XEP-0220 section 1.2): one server that wants to send, one that is to receive. */
export interface DialbackPair {
  readonly originating: string;
  readonly receiving: string;
}

/** The key of a stream (XEP-0185 section 4): nothing needs to be kept to know it again. */
export function dialbackKey(
  crypto: XmppCrypto,
  secret: string,
  { originating, receiving }: DialbackPair,
  streamId: string,
): string {
  const key = utf8(hex(crypto.hash('SHA-256', utf8(secret))));
  return hex(crypto.hmac('SHA-256', key, utf8(`${receiving} ${originating} ${streamId}`)));
}

/** The originating server's key to the receiving one (XEP-0220 section 2.1.1). */
export function dialbackResult({ originating, receiving }: DialbackPair, key: string): XmlElement {
  return xml('result', { xmlns: NS.dialback, from: originating, to: receiving }, key);
}

/** The receiving server's answer to it (section 2.1.2). */
export function dialbackVerdict(
  { originating, receiving }: DialbackPair,
  type: 'valid' | 'invalid',
): XmlElement {
  return xml('result', { xmlns: NS.dialback, from: receiving, to: originating, type });
}

/** The receiving server cannot say (section 2.4). */
export function dialbackError({ originating, receiving }: DialbackPair, condition: string): XmlElement {
  const error = xml('error', { type: 'cancel' }, xml(condition, { xmlns: NS.stanzaErrors }));
  return xml('result', { xmlns: NS.dialback, from: receiving, to: originating, type: 'error' }, error);
}

/** The receiving server's question to the authoritative one (section 2.1.3). */
export function dialbackVerify(
  { originating, receiving }: DialbackPair,
  id: string,
  key: string,
): XmlElement {
  return xml('verify', { xmlns: NS.dialback, from: receiving, to: originating, id }, key);
}
