import { describe, expect, it } from 'vitest';
import { usableChallenges } from './usable-challenges.ts';

const sha =
  'WWW-Authenticate: Digest realm="a", nonce="algorithm=MD5",\r\n algorithm=SHA-256, qop="auth"\r\n';
const md5 = 'WWW-Authenticate: Digest realm="a", nonce="2", algorithm=MD5, qop="auth"\r\n';
const bare = 'proxy-authenticate : Digest realm="a", nonce="3"\r\n';
const message = (status: string, ...challenges: string[]): string =>
  `SIP/2.0 ${status}\r\nCSeq: 1 REGISTER\r\n${challenges.join('')}Content-Length: ${sha.length}\r\n\r\n${sha}`;

describe('the challenges that SIP.js is shown', () => {
  it('are those that it can answer', () => {
    expect(usableChallenges(message('401 Unauthorized', sha, md5))).toBe(message('401 Unauthorized', md5));
    expect(usableChallenges(message('407 Proxy Authentication Required', sha, bare))).toBe(
      message('407 Proxy Authentication Required', bare),
    );
  });

  it('are all of them where it can answer none, or none is asked', () => {
    for (const text of [
      message('401 Unauthorized', sha),
      message('200 OK', sha, md5),
      'INVITE sip:a SIP/2.0\r\n\r\n',
    ])
      expect(usableChallenges(text)).toBe(text);
  });
});
