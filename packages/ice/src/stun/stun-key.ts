import { type HmacSha1Key, hmacSha1Key } from './hmac-sha1.ts';
import { type HmacSha256Key, hmacSha256Key, sha256 } from './hmac-sha256.ts';

/**
 * A key for MESSAGE-INTEGRITY, prepared once and used for every message of its session: the hash states behind the
 * two padded key blocks (RFC 2104) do not depend on the message.
 */
export interface StunKey {
  readonly sha1: HmacSha1Key;
  readonly sha256: HmacSha256Key;
}

/** Prepares raw key bytes. Keep the result: preparing costs as much as signing a message. */
export function stunKey(bytes: Uint8Array): StunKey {
  return { sha1: hmacSha1Key(bytes), sha256: hmacSha256Key(bytes) };
}

/** The prepared key, or raw bytes prepared on the spot: for one hash, which is all that one message needs. */
export function sha1KeyOf(key: StunKey | Uint8Array): HmacSha1Key {
  return key instanceof Uint8Array ? hmacSha1Key(key) : key.sha1;
}

export function sha256KeyOf(key: StunKey | Uint8Array): HmacSha256Key {
  return key instanceof Uint8Array ? hmacSha256Key(key) : key.sha256;
}

/**
 * The key of the short-term mechanism, and of ICE with the `ice-pwd` of the side that checks it
 * (RFC 8489 section 9.1.1, RFC 8445 section 7.2.2). `password` is taken as already prepared (OpaqueString,
 * RFC 8265); an ice-pwd always is.
 */
export function shortTermKey(password: string): StunKey {
  return stunKey(new TextEncoder().encode(password));
}

export interface LongTermCredential {
  readonly username: string;
  readonly realm: string;
  /** Already prepared: OpaqueString (RFC 8265), SASLprep (RFC 4013) for RFC 5389 peers. */
  readonly password: string;
}

/** The long-term key of RFC 8489 section 18.5.1.1: MD5(username ":" realm ":" password). MD5 is handed in. */
export function longTermKey(credential: LongTermCredential, md5: (bytes: Uint8Array) => Uint8Array): StunKey {
  return stunKey(md5(credentialBytes(credential)));
}

/** The long-term key of RFC 8489 section 18.5.1.2, for peers that chose PASSWORD-ALGORITHM SHA-256. */
export function longTermKeySha256(credential: LongTermCredential): StunKey {
  return stunKey(sha256(credentialBytes(credential)));
}

/** USERHASH: SHA-256(username ":" realm), 32 bytes (RFC 8489 section 14.4). */
export function userHash(username: string, realm: string): Uint8Array {
  return sha256(new TextEncoder().encode(`${username}:${realm}`));
}

function credentialBytes({ username, realm, password }: LongTermCredential): Uint8Array {
  return new TextEncoder().encode(`${username}:${realm}:${password}`);
}
