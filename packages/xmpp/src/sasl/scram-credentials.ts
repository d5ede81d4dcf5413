import { type HashName, utf8, type XmppCrypto } from './crypto.ts';

/** What a server keeps of a password for one hash (RFC 5802 section 3): nobody can log in with it. */
export interface ScramCredentials {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** RFC 7677 section 4 wants at least 4096. */
export const SCRAM_ITERATIONS = 4096;

export function deriveCredentials(
  crypto: XmppCrypto,
  name: HashName,
  password: string,
  salt: Uint8Array,
  iterations = SCRAM_ITERATIONS,
): ScramCredentials {
  const salted = crypto.pbkdf2(name, utf8(password.normalize('NFKC')), salt, iterations);
  const clientKey = crypto.hmac(name, salted, utf8('Client Key'));
  return {
    salt,
    iterations,
    storedKey: crypto.hash(name, clientKey),
    serverKey: crypto.hmac(name, salted, utf8('Server Key')),
  };
}
