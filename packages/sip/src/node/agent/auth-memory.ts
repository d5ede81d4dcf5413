import { createHash } from 'node:crypto';
import type { DigestHash } from '../../auth/digest.ts';
import {
  answerChallenge,
  chooseChallenge,
  type DigestChallenge,
  type DigestSession,
  type DigestUser,
  withNextNonce,
} from '../../auth/digest-client.ts';
import { parseChallenge } from '../../message/challenge.ts';
import type { SipRequest, SipResponse } from '../../message/message.ts';
import type { RandomHex } from '../endpoint/tokens.ts';

export const nodeHash: DigestHash = (name, text) =>
  createHash(name === 'MD5' ? 'md5' : 'sha256')
    .update(text, 'utf8')
    .digest('hex');

/** One user, or a choice by realm. */
export type Credentials = DigestUser | ((realm: string) => DigestUser | undefined);

type Door = 'www' | 'proxy';

const HEADERS = {
  www: { challenge: 'WWW-Authenticate', answer: 'Authorization', status: 401 },
  proxy: { challenge: 'Proxy-Authenticate', answer: 'Proxy-Authorization', status: 407 },
} as const;

/** Challenges that were answered before, so that the next request is not asked again. One for each line or call. */
export class AuthMemory {
  readonly #credentials: Credentials | undefined;
  readonly #random: RandomHex;
  readonly #sessions = new Map<string, DigestSession>();

  constructor(credentials: Credentials | undefined, random: RandomHex) {
    this.#credentials = credentials;
    this.#random = random;
  }

  /** The request with an answer to every realm that asked before. */
  withAnswers(request: SipRequest): SipRequest {
    let answered = request;
    for (const key of this.#sessions.keys()) answered = this.#withAnswer(answered, key);
    return answered;
  }

  /** Takes in a 401 or 407. False where it cannot be answered: no such user, or the answer was refused already. */
  learn(response: SipResponse, request: SipRequest): boolean {
    let learnt = false;
    for (const door of ['www', 'proxy'] as const) {
      for (const [realm, challenges] of challengesOf(response, door)) {
        const session = chooseChallenge(challenges);
        if (session === undefined || this.#userOf(realm) === undefined) continue;
        const wasAnswered = request
          .getAll(HEADERS[door].answer)
          .some((value) => value.includes(`realm="${realm}"`));
        // The same realm again without `stale`: the password is wrong, and more tries would lock the user out.
        if (wasAnswered && session.challenge.stale !== true) return false;
        this.#sessions.set(`${door} ${realm}`, session);
        if (this.#sessions.size > 16) this.#sessions.delete(this.#sessions.keys().next().value!);
        learnt = true;
      }
    }
    return learnt;
  }

  /** Takes the next nonce that a 2xx names (RFC 7616 section 3.5). */
  note(response: SipResponse): void {
    for (const door of ['www', 'proxy'] as const) {
      const info = response.get(door === 'www' ? 'Authentication-Info' : 'Proxy-Authentication-Info');
      const nonce = /(?:^|[\s,])nextnonce="([^"]*)"/i.exec(info ?? '')?.[1];
      if (nonce === undefined) continue;
      for (const [key, session] of this.#sessions) {
        if (key.startsWith(`${door} `)) this.#sessions.set(key, withNextNonce(session, nonce));
      }
    }
  }

  #withAnswer(request: SipRequest, key: string): SipRequest {
    const session = this.#sessions.get(key)!;
    const user = this.#userOf(session.challenge.realm);
    if (user === undefined) return request;
    const answer = answerChallenge(session, user, request, this.#random(8), nodeHash);
    this.#sessions.set(key, answer.session);
    return request.append(HEADERS[key.startsWith('www') ? 'www' : 'proxy'].answer, answer.value);
  }

  #userOf(realm: string): DigestUser | undefined {
    return typeof this.#credentials === 'function' ? this.#credentials(realm) : this.#credentials;
  }
}

function challengesOf(response: SipResponse, door: Door): Map<string, DigestChallenge[]> {
  const byRealm = new Map<string, DigestChallenge[]>();
  for (const value of response.getAll(HEADERS[door].challenge)) {
    try {
      const { scheme, params } = parseChallenge(value);
      const realm = params.get('realm');
      const nonce = params.get('nonce');
      if (scheme.toLowerCase() !== 'digest' || realm === undefined || nonce === undefined) continue;
      const [algorithm, qop, opaque] = [params.get('algorithm'), params.get('qop'), params.get('opaque')];
      const challenge: DigestChallenge = {
        realm,
        nonce,
        stale: params.get('stale')?.toLowerCase() === 'true',
        ...(algorithm === undefined ? {} : { algorithm }),
        ...(qop === undefined ? {} : { qop }),
        ...(opaque === undefined ? {} : { opaque }),
      };
      byRealm.set(realm, [...(byRealm.get(realm) ?? []), challenge]);
    } catch {
      // A challenge that cannot be read cannot be answered: another may stand beside it.
    }
  }
  return byRealm;
}
