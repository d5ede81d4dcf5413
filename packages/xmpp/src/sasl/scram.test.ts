import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '../node/node-crypto.ts';
import { base64, fromBase64, fromUtf8, utf8 } from './crypto.ts';
import { finishScram, startScram } from './scram.ts';
import { deriveCredentials } from './scram-credentials.ts';
import { Users } from './users.ts';

/** The server's side with the salt and the nonce of a published example. */
function side(user: string, password: string, salt: string, nonce: string, hash: 'SHA-1' | 'SHA-256') {
  const crypto = {
    ...nodeCrypto,
    random: (size: number) => fromBase64(nonce)?.slice(0, size) ?? new Uint8Array(size),
  };
  const users = new Users(crypto);
  users.add(user, password);
  users.credentials = () => deriveCredentials(nodeCrypto, hash, password, fromBase64(salt)!, 4096);
  return { domain: 'd', users, crypto };
}

describe('SCRAM', () => {
  it('follows the example of RFC 7677 section 3', () => {
    const nonce = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    const own = side('user', 'pencil', 'W22ZaJ0SNY7soEsUEjb6gQ==', '', 'SHA-256');
    const start = startScram('SHA-256', utf8('n,,n=user,r=rOprNGfwEbeRWgbNEkqO'), own);
    if (start.kind !== 'challenge') throw new Error(start.condition);
    // The example's nonce is not base64, which ours always is: put in afterwards.
    const first = `r=rOprNGfwEbeRWgbNEkqO${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
    const exchange = {
      ...start.exchange,
      nonce: `rOprNGfwEbeRWgbNEkqO${nonce}`,
      messages: `n=user,r=rOprNGfwEbeRWgbNEkqO,${first}`,
    };
    const last = utf8(
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    );
    const done = finishScram(exchange, last, own);
    if (done.kind !== 'success') throw new Error(done.condition);
    expect(fromUtf8(done.data)).toBe('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  });

  it('follows the example of RFC 5802 section 5', () => {
    const own = side('user', 'pencil', 'QSXCR+Q6sek8bf92', '', 'SHA-1');
    const start = startScram('SHA-1', utf8('n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL'), own);
    if (start.kind !== 'challenge') throw new Error(start.condition);
    const nonce = 'fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j';
    const messages = `n=user,r=fyko+d2lbbFgONRv9qkxdawL,r=${nonce},s=QSXCR+Q6sek8bf92,i=4096`;
    const last = utf8(`c=biws,r=${nonce},p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=`);
    const done = finishScram({ ...start.exchange, nonce, messages }, last, own);
    if (done.kind !== 'success') throw new Error(done.condition);
    expect(base64(done.data)).toBe(base64(utf8('v=rmF9pqV8S7suAoZWja4dJRkFsKQ=')));
  });

  it.each([
    ['nonsense', 'malformed-request'],
    ['p=tls-unique,,n=user,r=abc', 'malformed-request'],
    ['n,,m=x,n=user,r=abc', 'malformed-request'],
    ['n,,n=us=2er,r=abc', 'malformed-request'],
    ['n,a=other@d,n=user,r=abc', 'invalid-authzid'],
  ])('refuses %s', (message, condition) => {
    const own = side('user', 'pencil', 'QSXCR+Q6sek8bf92', '', 'SHA-1');
    expect(startScram('SHA-1', utf8(message), own)).toEqual({ kind: 'refused', condition });
  });

  it('tells nobody who exists: a stranger gets a salt that stays', () => {
    const users = new Users(nodeCrypto);
    users.add('alice', 'x');
    expect(users.credentials('nobody', 'SHA-256').salt).toEqual(users.credentials('nobody', 'SHA-256').salt);
    expect(users.credentials('nobody', 'SHA-256').salt).not.toEqual(
      users.credentials('other', 'SHA-256').salt,
    );
    expect(users.proves('nobody', '')).toBe(false);
    expect([users.proves('alice', 'x'), users.proves('alice', 'y')]).toEqual([true, false]);
  });
});
