import {
  type DigestAlgorithm,
  type DigestHash,
  type DigestHashName,
  digestAlgorithm,
  digestHashName,
  digestResponse,
} from './digest.ts';
import type { NonceBook } from './nonce-book.ts';

/** Credentials as they stood in Authorization or Proxy-Authorization, unquoted. */
export interface DigestCredentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly algorithm?: string;
  readonly qop?: string;
  readonly nc?: string;
  readonly cnonce?: string;
}

export type DigestVerdict =
  | { readonly type: 'good'; readonly user: string }
  /** The password may be right, the nonce is not fresh: challenge again with stale=true. */
  | { readonly type: 'stale' }
  | { readonly type: 'bad'; readonly why: 'no-user' | 'wrong-response' | 'malformed' | 'wrong-realm' };

export interface DigestServerOptions {
  readonly realm: string;
  readonly hash: DigestHash;
  readonly nonces: NonceBook;
  /** H(user:realm:password) with the hash asked for; undefined where there is no such user. */
  readonly secretOf: (user: string, hash: DigestHashName) => string | undefined;
  /** What is offered, the best first. */
  readonly algorithms: readonly DigestAlgorithm[];
}

/** The values of WWW-Authenticate or Proxy-Authenticate, one for each algorithm (RFC 8760 section 2.3). */
export function challengeValues(
  options: DigestServerOptions,
  now: number,
  stale: boolean,
): readonly string[] {
  const nonce = options.nonces.make(now);
  return options.algorithms.map(
    (algorithm) =>
      `Digest realm="${options.realm}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale ? ', stale=true' : ''}`,
  );
}

/** Judges credentials (RFC 7616 section 3.4.6). Good ones use up their count, so that the same again is refused. */
export function judgeCredentials(
  options: DigestServerOptions,
  credentials: DigestCredentials,
  method: string,
  now: number,
): DigestVerdict {
  const { realm, hash, nonces } = options;
  const algorithm = digestAlgorithm(credentials.algorithm);
  const withQop = credentials.qop !== undefined;
  const count =
    withQop && /^[0-9a-f]{8}$/i.test(credentials.nc ?? '') ? Number.parseInt(credentials.nc!, 16) : undefined;
  if (credentials.realm !== realm) return { type: 'bad', why: 'wrong-realm' };
  if (
    algorithm === undefined ||
    !options.algorithms.includes(algorithm) ||
    (withQop && (credentials.qop!.toLowerCase() !== 'auth' || count === undefined || count === 0)) ||
    ((withQop || algorithm.endsWith('-sess')) && credentials.cnonce === undefined)
  ) {
    return { type: 'bad', why: 'malformed' };
  }
  const verdict = nonces.judge(credentials.nonce, count, now);
  if (verdict === 'unknown' || verdict === 'stale' || verdict === 'replayed') return { type: 'stale' };
  const secret = options.secretOf(credentials.username, digestHashName(algorithm));
  if (secret === undefined) return { type: 'bad', why: 'no-user' };
  const { nonce, uri } = credentials;
  const expected = digestResponse(hash, {
    algorithm,
    secret,
    nonce,
    method,
    uri,
    ...(credentials.cnonce === undefined ? {} : { cnonce: credentials.cnonce }),
    ...(withQop ? { qop: 'auth' as const, nc: credentials.nc! } : {}),
  });
  if (!sameText(expected, credentials.response.toLowerCase())) return { type: 'bad', why: 'wrong-response' };
  nonces.use(nonce, count, now);
  return { type: 'good', user: credentials.username };
}

// In a time that does not depend on where the two differ.
function sameText(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let differing = 0;
  for (let at = 0; at < one.length; at += 1) differing |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return differing === 0;
}
