import {
  DIGEST_ALGORITHMS,
  type DigestAlgorithm,
  type DigestHash,
  digestAlgorithm,
  digestHashName,
  digestResponse,
  digestSecret,
} from './digest.ts';

/** A Digest challenge as it stood in WWW-Authenticate or Proxy-Authenticate, unquoted. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string;
  readonly algorithm?: string;
  /** As written: a list such as `auth,auth-int`. */
  readonly qop?: string;
  readonly stale?: boolean;
}

export interface DigestUser {
  readonly user: string;
  readonly password: string;
}

/** A challenge that is being answered, with the count of how often. Each answer is a new value. */
export interface DigestSession {
  readonly challenge: DigestChallenge;
  readonly algorithm: DigestAlgorithm;
  /** How many requests used the nonce. */
  readonly count: number;
}

/**
 * Of several challenges for one realm the strongest that can be answered (RFC 8760 section 2.4 asks for the first;
 * a downgrade by order is not taken); undefined where none can be.
 */
export function chooseChallenge(challenges: readonly DigestChallenge[]): DigestSession | undefined {
  let best: DigestSession | undefined;
  for (const challenge of challenges) {
    const algorithm = digestAlgorithm(challenge.algorithm);
    if (algorithm === undefined || !canQop(challenge.qop)) continue;
    if (best !== undefined && rank(algorithm) >= rank(best.algorithm)) continue;
    best = { challenge, algorithm, count: 0 };
  }
  return best;
}

/** The answer to a challenge: the value of Authorization or Proxy-Authorization, and the session counted on. */
export function answerChallenge(
  session: DigestSession,
  user: DigestUser,
  request: { readonly method: string; readonly uri: string },
  /** A fresh random text. */
  cnonce: string,
  hash: DigestHash,
): { readonly value: string; readonly session: DigestSession } {
  const { challenge, algorithm } = session;
  const count = session.count + 1;
  const nc = count.toString(16).padStart(8, '0');
  const withQop = challenge.qop !== undefined;
  const secret = digestSecret(hash, digestHashName(algorithm), user.user, challenge.realm, user.password);
  const { nonce, realm, opaque } = challenge;
  const response = digestResponse(hash, {
    algorithm,
    secret,
    nonce,
    cnonce,
    ...request,
    ...(withQop ? { qop: 'auth' as const, nc } : {}),
  });
  const parts = [
    `username=${quoted(user.user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(request.uri)}`,
    `response="${response}"`,
  ];
  if (challenge.algorithm !== undefined) parts.push(`algorithm=${challenge.algorithm}`);
  if (opaque !== undefined) parts.push(`opaque=${quoted(opaque)}`);
  if (withQop) parts.push('qop=auth', `nc=${nc}`);
  if (withQop || algorithm.endsWith('-sess')) parts.push(`cnonce="${cnonce}"`);
  return { value: `Digest ${parts.join(', ')}`, session: { ...session, count } };
}

/** The session after `nextnonce` of Authentication-Info (RFC 7616 section 3.5). */
export function withNextNonce(session: DigestSession, nonce: string): DigestSession {
  return { ...session, challenge: { ...session.challenge, nonce }, count: 0 };
}

function rank(algorithm: DigestAlgorithm): number {
  return DIGEST_ALGORITHMS.indexOf(algorithm);
}

function canQop(qop: string | undefined): boolean {
  return qop === undefined || qop.split(',').some((each) => each.trim().toLowerCase() === 'auth');
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
