import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type DigestHash, digestAlgorithm, digestResponse, digestSecret } from './digest.ts';
import { answerChallenge, chooseChallenge, type DigestChallenge, withNextNonce } from './digest-client.ts';
import { challengeValues, type DigestCredentials, judgeCredentials } from './digest-server.ts';
import { NonceBook } from './nonce-book.ts';

const hash: DigestHash = (name, text) =>
  createHash(name === 'MD5' ? 'md5' : 'sha256')
    .update(text)
    .digest('hex');

describe('the digest of the RFCs', () => {
  it('RFC 2617 section 3.5', () => {
    const secret = digestSecret(hash, 'MD5', 'Mufasa', 'testrealm@host.com', 'Circle Of Life');
    const response = digestResponse(hash, {
      algorithm: 'MD5',
      secret,
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      method: 'GET',
      uri: '/dir/index.html',
      qop: 'auth',
      nc: '00000001',
      cnonce: '0a4f113b',
    });
    expect(response).toBe('6629fae49393a05397450978507c4ef1');
  });

  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('RFC 7616 section 3.9.1: %s', (algorithm, expected) => {
    const secret = digestSecret(hash, algorithm, 'Mufasa', 'http-auth@example.org', 'Circle of Life');
    const response = digestResponse(hash, {
      algorithm,
      secret,
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      method: 'GET',
      uri: '/dir/index.html',
      qop: 'auth',
      nc: '00000001',
      cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    });
    expect(response).toBe(expected);
  });

  it('knows algorithms in any case, and only its own', () => {
    expect(digestAlgorithm(undefined)).toBe('MD5');
    expect(digestAlgorithm('sha-256-SESS')).toBe('SHA-256-sess');
    expect(digestAlgorithm('SHA-512-256')).toBeUndefined();
  });
});

describe('client and server', () => {
  const nonces = new NonceBook({ hash, secret: 's', lifetime: 1000 });
  const server = {
    realm: 'lab',
    hash,
    nonces,
    algorithms: ['SHA-256', 'SHA-256-sess', 'MD5', 'MD5-sess'] as const,
    secretOf: (user: string, name: 'MD5' | 'SHA-256') =>
      user === 'alice' ? digestSecret(hash, name, 'alice', 'lab', 'right') : undefined,
  };
  const request = { method: 'INVITE', uri: 'sip:bob@lab' };
  const user = { user: 'alice', password: 'right' };

  function challenge(algorithm: string, now: number): DigestChallenge {
    return { realm: 'lab', nonce: nonces.make(now), algorithm, qop: 'auth' };
  }

  function read(value: string): DigestCredentials {
    const pairs = [...value.matchAll(/(\w+)=(?:"([^"]*)"|([^,\s]+))/g)];
    return Object.fromEntries(pairs.map(([, name, quoted, bare]) => [name, quoted ?? bare])) as never;
  }

  it.each(server.algorithms)('agree by %s, and a nonce count is used once', (algorithm) => {
    const session = chooseChallenge([challenge(algorithm, 0)])!;
    const first = answerChallenge(session, user, request, 'cn', hash);
    expect(judgeCredentials(server, read(first.value), 'INVITE', 10)).toEqual({
      type: 'good',
      user: 'alice',
    });
    expect(judgeCredentials(server, read(first.value), 'INVITE', 11)).toEqual({ type: 'stale' });
    const second = answerChallenge(first.session, user, request, 'cn', hash);
    expect(second.value).toContain('nc=00000002');
    expect(judgeCredentials(server, read(second.value), 'INVITE', 12).type).toBe('good');
  });

  it('refuses a wrong password, another method, an unknown user, an old nonce and one that was made up', () => {
    const session = chooseChallenge([challenge('MD5', 0)])!;
    const wrong = answerChallenge(session, { ...user, password: 'wrong' }, request, 'cn', hash);
    const right = answerChallenge(session, user, request, 'cn', hash);
    const nobody = answerChallenge(session, { user: 'eve', password: 'x' }, request, 'cn', hash);
    const judge = (value: string, method = 'INVITE', now = 1) =>
      judgeCredentials(server, read(value), method, now);
    expect(judge(wrong.value)).toEqual({ type: 'bad', why: 'wrong-response' });
    expect(judge(right.value, 'BYE')).toEqual({ type: 'bad', why: 'wrong-response' });
    expect(judge(nobody.value)).toEqual({ type: 'bad', why: 'no-user' });
    expect(judge(right.value, 'INVITE', 5000)).toEqual({ type: 'stale' });
    expect(judge(right.value.replace(/nonce="[^"]*"/, 'nonce="0-0-abc"'))).toEqual({ type: 'stale' });
    expect(judge(right.value.replace(/nc=\w+, /, ''))).toEqual({ type: 'bad', why: 'malformed' });
  });

  it('offers the best first, and takes the best whatever the order', () => {
    expect(challengeValues(server, 0, true)[0]).toMatch(/algorithm=SHA-256, qop="auth", stale=true$/);
    const chosen = chooseChallenge([challenge('MD5', 0), challenge('SHA-256', 0), challenge('X', 0)]);
    expect(chosen?.algorithm).toBe('SHA-256');
    expect(chooseChallenge([{ realm: 'r', nonce: 'n', qop: 'auth-int' }])).toBeUndefined();
    expect(withNextNonce({ ...chosen!, count: 7 }, 'next')).toMatchObject({
      count: 0,
      challenge: { nonce: 'next' },
    });
  });

  it('remembers a bounded number of nonces, and forgotten ones are not good again', () => {
    const book = new NonceBook({ hash, secret: 's', lifetime: 1000, capacity: 2 });
    const made = [book.make(1), book.make(2), book.make(3)];
    for (const nonce of made) book.use(nonce, 1, 4);
    expect(book.size).toBe(2);
    expect(book.judge(made[0]!, 1, 5)).toBe('stale');
    expect(book.judge(made[2]!, 1, 5)).toBe('replayed');
    expect(book.judge(made[2]!, 2, 5)).toBe('good');
  });
});
