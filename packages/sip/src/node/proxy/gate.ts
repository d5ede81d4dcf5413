import type { DigestHashName } from '../../auth/digest.ts';
import { type DigestAlgorithm, digestSecret } from '../../auth/digest.ts';
import {
  challengeValues,
  type DigestCredentials,
  type DigestServerOptions,
  judgeCredentials,
} from '../../auth/digest-server.ts';
import { NonceBook } from '../../auth/nonce-book.ts';
import { parseCredentials } from '../../message/challenge.ts';
import type { SipRequest } from '../../message/message.ts';
import { nodeHash } from '../agent/auth-memory.ts';
import type { SipClock } from '../clock.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import type { RandomHex } from '../endpoint/tokens.ts';
import type { SipFinding } from '../finding.ts';
import { writeAddress } from '../transport/flow.ts';

/** Passwords of the users by name; undefined where there is no such user. */
export type PasswordOf = (user: string) => string | undefined;

export interface GateOptions {
  readonly realm: string;
  readonly passwordOf: PasswordOf;
  readonly algorithms?: readonly DigestAlgorithm[];
  /** How long a nonce is good, in milliseconds. */
  readonly nonceLifetime?: number;
}

/** Asks users for their password (RFC 3261 section 22, RFC 7616, RFC 8760). */
export class Gate {
  readonly #options: GateOptions;
  readonly #clock: SipClock;
  readonly #server: DigestServerOptions;
  readonly #found: (finding: SipFinding) => void;

  constructor(
    options: GateOptions,
    clock: SipClock,
    random: RandomHex,
    found: (finding: SipFinding) => void,
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#found = found;
    this.#server = {
      realm: options.realm,
      hash: nodeHash,
      nonces: new NonceBook({
        hash: nodeHash,
        secret: random(32),
        lifetime: options.nonceLifetime ?? 300_000,
      }),
      secretOf: (user, name) => this.#secretOf(user, name),
      algorithms: options.algorithms ?? ['SHA-256', 'MD5'],
    };
  }

  knows(user: string): boolean {
    return this.#options.passwordOf(user) !== undefined;
  }

  /**
   * The user who sent the request; undefined where it was answered with a challenge or a refusal. `door` says whether
   * a registrar (401) or a proxy (407) asks.
   */
  userOf(transaction: ServerTransaction, door: 'www' | 'proxy'): string | undefined {
    const { request } = transaction;
    const header = door === 'www' ? 'Authorization' : 'Proxy-Authorization';
    let stale = false;
    for (const value of request.getAll(header)) {
      const credentials = readCredentials(value);
      if (credentials === undefined || credentials.realm !== this.#options.realm) continue;
      const verdict = judgeCredentials(this.#server, credentials, request.method, this.#clock.now());
      if (verdict.type === 'good') return verdict.user;
      if (verdict.type === 'stale') {
        stale = true;
        continue;
      }
      this.#found({
        code: 'authentication-failed',
        text: `${credentials.username}: ${verdict.why}`,
        remote: writeAddress(transaction.flow.remote),
        clause: 'RFC 3261 section 22',
      });
    }
    const [status, name] = door === 'www' ? [401, 'WWW-Authenticate'] : [407, 'Proxy-Authenticate'];
    const values = challengeValues(this.#server, this.#clock.now(), stale);
    transaction.respond(status as number, undefined, {
      headers: values.map((value) => [name as string, value] as const),
    });
    return undefined;
  }

  /** The request without what was meant for this realm (RFC 3261 section 22.3). */
  without(request: SipRequest): SipRequest {
    const values = request.getAll('Proxy-Authorization');
    if (values.length === 0) return request;
    let left = request.remove('Proxy-Authorization');
    for (const value of values) {
      if (readCredentials(value)?.realm !== this.#options.realm)
        left = left.append('Proxy-Authorization', value);
    }
    return left;
  }

  #secretOf(user: string, name: DigestHashName): string | undefined {
    const password = this.#options.passwordOf(user);
    return password === undefined
      ? undefined
      : digestSecret(nodeHash, name, user, this.#options.realm, password);
  }
}

function readCredentials(value: string): DigestCredentials | undefined {
  try {
    const { scheme, params } = parseCredentials(value);
    const take = (name: string) => params.get(name);
    const [username, realm, nonce] = [take('username'), take('realm'), take('nonce')];
    const [uri, response] = [take('uri'), take('response')];
    if (
      scheme.toLowerCase() !== 'digest' ||
      username === undefined ||
      realm === undefined ||
      nonce === undefined ||
      uri === undefined ||
      response === undefined
    ) {
      return undefined;
    }
    const [algorithm, qop, nc, cnonce] = [take('algorithm'), take('qop'), take('nc'), take('cnonce')];
    return {
      username,
      realm,
      nonce,
      uri,
      response,
      ...(algorithm === undefined ? {} : { algorithm }),
      ...(qop === undefined ? {} : { qop }),
      ...(nc === undefined ? {} : { nc }),
      ...(cnonce === undefined ? {} : { cnonce }),
    };
  } catch {
    return undefined;
  }
}
