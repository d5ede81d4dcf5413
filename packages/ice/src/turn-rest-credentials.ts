import { hmacSha1, hmacSha1Key } from './stun/hmac-sha1.ts';

export interface TurnRestRequest {
  /** Who asks; it follows the expiry time in the username. May be empty. */
  readonly user: string;
  /** Shared with the TURN server (coturn: `static-auth-secret`). */
  readonly secret: string;
  readonly ttlSeconds: number;
  /** Unix time in seconds. */
  readonly nowSeconds: number;
  /** A host's own HMAC-SHA1 in base64, where it is wanted; the package has one. */
  readonly hmacSha1Base64?: (secret: string, text: string) => string;
}

export interface TurnRestCredentials {
  readonly username: string;
  readonly password: string;
  readonly ttlSeconds: number;
}

/**
 * Time-limited TURN credentials (draft-uberti-behave-turn-rest-00 section 2.2): the username is the Unix time of
 * expiry, a colon and the user; the password is base64(HMAC-SHA1(secret, username)).
 */
export function turnRestCredentials(request: TurnRestRequest): TurnRestCredentials {
  const { user, secret, ttlSeconds, nowSeconds, hmacSha1Base64 = ownHmacSha1Base64 } = request;
  const expiry = Math.floor(nowSeconds) + ttlSeconds;
  const username = user === '' ? `${expiry}` : `${expiry}:${user}`;
  return { username, password: hmacSha1Base64(secret, username), ttlSeconds };
}

function ownHmacSha1Base64(secret: string, text: string): string {
  const utf8 = new TextEncoder();
  const bytes = utf8.encode(text);
  const words = hmacSha1(hmacSha1Key(utf8.encode(secret)), bytes, bytes.length);
  let binary = '';
  for (const word of words) {
    for (let shift = 24; shift >= 0; shift -= 8) binary += String.fromCharCode((word >>> shift) & 0xff);
  }
  return btoa(binary);
}
