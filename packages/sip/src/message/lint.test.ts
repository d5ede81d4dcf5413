import { describe, expect, it } from 'vitest';
import { recordedMessages, tortureMessages } from './fixture-corpus.ts';
import { judgeSipBytes } from './judge-bytes.ts';
import { lint } from './lint.ts';
import { parseMessage } from './parse-message.ts';
import { verifyMessage } from './verify-message.ts';
import { writeMessage } from './write-message.ts';

const RECORDED = recordedMessages();
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const codes = (text: string) =>
  judgeSipBytes(new TextEncoder().encode(text)).findings.map(({ code }) => code);
const INVITE = decode(RECORDED.find(({ name }) => name.startsWith('linphone') && /INVITE/.test(name))!.bytes);

describe('recorded messages', () => {
  it('there are some of every peer', () => {
    const names = RECORDED.map(({ name }) => name).join(' ');
    for (const peer of ['chrome', 'firefox', 'baresip', 'kamailio', 'linphone', 'sipp'])
      expect(names).toContain(peer);
    expect(RECORDED.length).toBeGreaterThan(35);
  });

  it.each(RECORDED)('$name comes back, is well-formed and has no error', ({ bytes }) => {
    const message = parseMessage(bytes);
    verifyMessage(message);
    expect(Array.from(writeMessage(message))).toEqual(Array.from(bytes));
    expect(lint(message).filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

describe('lint', () => {
  it.each([
    ['via-missing', INVITE.replace(/^Via:.*\r\n/gim, '')],
    ['max-forwards-missing', INVITE.replace(/^Max-Forwards:.*\r\n/im, '')],
    ['contact-missing', INVITE.replace(/^Contact:.*\r\n/im, '')],
    ['from-tag-missing', INVITE.replace(/^(From:.*);tag=.*\r/im, '$1\r')],
    ['to-tag-missing', INVITE.replaceAll('INVITE ', 'BYE ').replace(/ INVITE\r/, ' BYE\r')],
    ['method-mismatch', INVITE.replace(/^(CSeq: \d+) INVITE/im, '$1 BYE')],
    ['branch-cookie', INVITE.replaceAll('z9hG4bK', 'x')],
    ['branch-empty', INVITE.replace(/z9hG4bK[^\r\n;]*/, 'z9hG4bK')],
    ['content-length-missing', INVITE.replace(/^Content-Length:.*\r\n/im, '')],
    ['content-type-missing', INVITE.replace(/^Content-Type:.*\r\n/im, '')],
    ['body-truncated', INVITE.slice(0, -2)],
    ['bytes-behind', `${INVITE}x`],
    ['contact-invalid-host', INVITE.replace(/^Contact:.*/im, 'Contact: <sip:a@x.invalid;transport=ws>')],
    ['address-malformed', INVITE.replace(/^Contact:.*/im, 'Contact: "x" sip:a@b')],
    ['parameter-repeated', INVITE.replace(/^Contact:.*/im, 'Contact: <sip:a@b;transport=tcp;transport=udp>')],
    ['session-expires-short', INVITE.replace(/^Contact/im, 'Session-Expires: 30\r\nContact')],
  ])('finds %s', (code, text) => {
    expect(codes(INVITE)).not.toContain(code);
    expect(codes(text)).toContain(code);
  });

  it('says where', () => {
    const text = INVITE.replace(/^Contact:.*/im, 'Contact: "x" sip:a@b');
    const finding = judgeSipBytes(new TextEncoder().encode(text)).findings.find(
      ({ severity }) => severity === 'error',
    )!;
    expect(text.split('\r\n')[finding.line - 1]!.slice(finding.column - 1)).toBe('sip:a@b');
  });

  it('comes to an end with every torture message', () => {
    for (const { name, bytes } of tortureMessages()) {
      const { parsed, roundTrip, findings } = judgeSipBytes(bytes);
      expect(parsed ? roundTrip : findings.length === 1, name).toBe(true);
      for (const { clause, line, column } of findings) {
        expect(clause, name).toMatch(/^(RFC \d+ |local limit)/);
        expect(Math.min(line, column), name).toBeGreaterThan(0);
      }
    }
  });
});
