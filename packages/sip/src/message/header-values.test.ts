import { describe, expect, it } from 'vitest';
import torture from '../fixtures/rfc4475.json' with { type: 'json' };
import { parseChallenge, parseCredentials, writeAuth } from './challenge.ts';
import { makeRequest } from './make-message.ts';
import { bodyOfType } from './multipart.ts';
import { parseMessage } from './parse-message.ts';
import { readReason, writeReason } from './reason.ts';
import { SipSyntaxError } from './sip-error.ts';
import { parseSipfrag, writeSipfrag } from './sipfrag.ts';
import { minSeOf, rackOf, retryAfterOf, sessionExpiresOf } from './timing-headers.ts';
import { referToOf, replacesInUri, replacesOf, writeReplaces } from './transfer-headers.ts';
import { readWarning, writeWarning } from './warning.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

function withHeaders(...headers: [string, string][]) {
  return makeRequest({ method: 'BYE', uri: 'sip:a@b', headers });
}

describe('header values', () => {
  it('Reason goes through', () => {
    const message = withHeaders(['Reason', `${writeReason('Q.850', 16, 'Say "bye"')}, SIP;cause=200`]);
    expect(message.readAll('Reason', readReason)).toMatchObject([
      { protocol: 'Q.850', cause: 16, text: 'Say "bye"' },
      { protocol: 'SIP', cause: 200, text: undefined },
    ]);
    expect(() => withHeaders(['Reason', 'SIP;cause=x']).readAll('reason', readReason)).toThrow(
      SipSyntaxError,
    );
  });

  it('Warning goes through', () => {
    const warning = { code: 307, agent: 'isi.edu:5060', text: 'Session "foo", not understood' };
    expect(withHeaders(['Warning', writeWarning(warning)]).readAll('Warning', readWarning)).toEqual([
      warning,
    ]);
  });

  it('session timers, PRACK and Retry-After', () => {
    const message = withHeaders(
      ['x', '1800;refresher=UAS'],
      ['Min-SE', '90'],
      ['RAck', '776656 1 INVITE'],
      ['Retry-After', '120 (I\'m in a "(meeting") ;duration=3600'],
    );
    expect(sessionExpiresOf(message)).toMatchObject({ seconds: 1800, refresher: 'uas' });
    expect(minSeOf(message)).toBe(90);
    expect(rackOf(message)).toEqual({ responseNumber: 776656, cseqNumber: 1, method: 'INVITE' });
    expect(retryAfterOf(message)?.seconds).toBe(120);
    expect(retryAfterOf(message)?.params.get('duration')).toBe('3600');
    expect(retryAfterOf(withHeaders())).toBeUndefined();
  });

  it('transfer: Replaces in a header and in Refer-To', () => {
    const replaces = { callId: '98asjd8@x', toTag: '12', fromTag: 'ab' };
    expect(replacesOf(withHeaders(['Replaces', `${writeReplaces(replaces)};early-only`]))).toMatchObject({
      ...replaces,
      earlyOnly: true,
    });
    const target = 'sip:bob@h?Replaces=98asjd8%40x%3Bto-tag%3D12%3Bfrom-tag%3Dab';
    const uri = referToOf(withHeaders(['r', `<${target}>`]))!.uri;
    expect(replacesInUri(uri)).toMatchObject(replaces);
    expect(replacesInUri('sip:bob@h')).toBeUndefined();
  });

  it('digest challenge and credentials', () => {
    const text = 'Digest realm="a, \\"b\\"", nonce="n", algorithm=SHA-256 , qop="auth,auth-int", stale=TRUE';
    const { scheme, params } = parseChallenge(text);
    expect(scheme).toBe('Digest');
    expect(['realm', 'qop', 'STALE', 'opaque'].map((name) => params.get(name))).toEqual([
      'a, "b"',
      'auth,auth-int',
      'TRUE',
      undefined,
    ]);
    const written = writeAuth('Digest', [
      ['username', 'x"y'],
      ['qop', 'auth'],
      ['nc', '00000001'],
    ]);
    expect(written).toBe('Digest username="x\\"y", qop=auth, nc=00000001');
    expect(parseCredentials(written).params.get('username')).toBe('x"y');
    expect(() => parseCredentials('Digest realm="x')).toThrow(SipSyntaxError);
  });
});

describe('parseSipfrag', () => {
  it.each([
    'SIP/2.0 180 Ringing',
    'SIP/2.0 180 Ringing\r\n',
    '\nSIP/2.0 180 Ringing\nReason: SIP;cause=1\n\n',
  ])('%j', (text) => {
    expect(parseSipfrag(encode(text)).start).toMatchObject({
      kind: 'response',
      status: 180,
      reason: 'Ringing',
    });
  });

  it('reads headers without a start line, and what it wrote', () => {
    const fragment = parseSipfrag(encode('From: <sip:a@b>\r\nReason: Q.850;cause=17\r\n'));
    expect(fragment.start).toBeUndefined();
    expect(fragment.get('reason')).toBe('Q.850;cause=17');
    expect(parseSipfrag(writeSipfrag(603, 'Decline')).start).toMatchObject({ status: 603 });
    expect(() => parseSipfrag(encode('hello'))).toThrow(SipSyntaxError);
  });
});

describe('bodyOfType', () => {
  it('finds the part of a type', () => {
    const body = '--x\r\n\r\nplain\r\n--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--x--\r\n';
    const message = withHeaders(['Content-Type', 'multipart/mixed;boundary="x"']).withBody(encode(body));
    expect(decode(bodyOfType(message, 'application/sdp'))).toBe('v=0\r\n');
    expect(decode(bodyOfType(message, 'text/plain'))).toBe('plain');
    expect(bodyOfType(message, 'application/isup')).toBeUndefined();
    expect(() => bodyOfType(message.withBody(encode(body.slice(0, -8))), 'a/b')).toThrow(SipSyntaxError);
  });

  it("finds the signature in RFC 4475's multipart message", () => {
    const message = parseMessage(Uint8Array.from(atob(torture.mpart01), (char) => char.charCodeAt(0)));
    expect(decode(bodyOfType(message, 'text/plain'))).toMatch(/^Hello/);
    expect(bodyOfType(message, 'application/octet-stream')!.length).toBeGreaterThan(100);
  });
});
