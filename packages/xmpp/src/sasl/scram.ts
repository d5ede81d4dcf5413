import { parseLocal } from '../address/jid.ts';
import { base64, fromBase64, fromUtf8, type HashName, utf8, type XmppCrypto } from './crypto.ts';
import { actsAsSelf, refused, type SaslRefusal } from './sasl.ts';
import type { ScramCredentials } from './scram-credentials.ts';
import type { Users } from './users.ts';

/** The server's side between its challenge and the client's proof. */
export interface ScramExchange {
  readonly hash: HashName;
  readonly user: string;
  readonly credentials: ScramCredentials;
  readonly gs2Header: string;
  readonly nonce: string;
  /** `client-first-message-bare,server-first-message` */
  readonly messages: string;
}

export interface ScramSide {
  readonly domain: string;
  readonly users: Users;
  readonly crypto: XmppCrypto;
}

/** Takes the client's first message (RFC 5802 section 7) and gives the challenge. */
export function startScram(
  hash: HashName,
  message: Uint8Array,
  { domain, users, crypto }: ScramSide,
): SaslRefusal | { readonly kind: 'challenge'; readonly data: Uint8Array; readonly exchange: ScramExchange } {
  const text = fromUtf8(message);
  // No channel binding is offered, so "p=" asks for what is not there; "m=" would be an extension that must be known.
  const match = /^(([ny]),(?:a=([^,]*))?,)(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/su.exec(text ?? '');
  if (match === null) return refused('malformed-request');
  const [, gs2Header = '', , authzid = '', bare = '', name = '', clientNonce = ''] = match;
  const user = parseSaslName(name);
  const asked = parseSaslName(authzid);
  if (user === undefined || asked === undefined || clientNonce.length > 512)
    return refused('malformed-request');
  const local = parseLocal(user);
  if (local === undefined) return refused('not-authorized');
  if (!actsAsSelf(asked, local, domain)) return refused('invalid-authzid');
  const credentials = users.credentials(local, hash);
  const nonce = clientNonce + base64(crypto.random(18));
  const first = `r=${nonce},s=${base64(credentials.salt)},i=${credentials.iterations}`;
  const exchange = { hash, user: local, credentials, gs2Header, nonce, messages: `${bare},${first}` };
  return { kind: 'challenge', data: utf8(first), exchange };
}

/** Takes the client's proof and gives the server's. */
export function finishScram(
  exchange: ScramExchange,
  message: Uint8Array,
  { users, crypto }: ScramSide,
): SaslRefusal | { readonly kind: 'success'; readonly data: Uint8Array; readonly user: string } {
  const { hash, credentials, user } = exchange;
  const match = /^(c=([A-Za-z0-9+/=]+),r=([^,]+)(?:,.*)?),p=([A-Za-z0-9+/=]+)$/su.exec(
    fromUtf8(message) ?? '',
  );
  if (match === null) return refused('malformed-request');
  const [, withoutProof = '', binding = '', nonce = '', proofText = ''] = match;
  const proof = fromBase64(proofText);
  if (proof === undefined) return refused('malformed-request');
  if (binding !== base64(utf8(exchange.gs2Header)) || nonce !== exchange.nonce)
    return refused('not-authorized');
  if (proof.length !== credentials.storedKey.length) return refused('not-authorized');
  const signed = utf8(`${exchange.messages},${withoutProof}`);
  const signature = crypto.hmac(hash, credentials.storedKey, signed);
  const clientKey = proof.map((byte, at) => byte ^ signature[at]!);
  if (!crypto.equal(crypto.hash(hash, clientKey), credentials.storedKey) || !users.has(user))
    return refused('not-authorized');
  const serverSignature = crypto.hmac(hash, credentials.serverKey, signed);
  return { kind: 'success', data: utf8(`v=${base64(serverSignature)}`), user };
}

/** `=2C` is a comma, `=3D` an equals sign, and no other may stand there (RFC 5802 section 5.1). */
function parseSaslName(text: string): string | undefined {
  if (/=(?!2C|3D)/.test(text)) return undefined;
  return text.replaceAll('=2C', ',').replaceAll('=3D', '=');
}
