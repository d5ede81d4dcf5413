import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { statusOf } from './file-judgement.ts';
import { judgeSipFile } from './sip-judgement.ts';

const FIXTURES = new URL('../../../../sip/src/fixtures/', import.meta.url);
const RINGING = readFileSync(
  new URL('messages/baresip-chrome-out-opus-04-rx-SIP_2_0_180_Ringing.sip', FIXTURES),
);
const TORTURE = JSON.parse(readFileSync(new URL('rfc4475.json', FIXTURES), 'utf8')) as Record<string, string>;

const judge = (...parts: Uint8Array[]) => judgeSipFile({ file: 'a.sip', bytes: Buffer.concat(parts) });
const edited = (change: (text: string) => string) =>
  Buffer.from(change(RINGING.toString('latin1')), 'latin1');

describe('judgeSipFile', () => {
  it('finds nothing in a plain response', () => {
    const judged = judge(RINGING);
    expect(judged).toEqual({ file: 'a.sip', parsed: true, roundTrip: true, findings: [] });
    expect(statusOf([judged])).toBe(0);
  });

  it('finds what is wrong in any message of a stream, by the line of the file', () => {
    const broken = edited((text) =>
      text.replace(/^Call-ID:.*\r\n/im, '').replace(/;branch=z9hG4bK/, ';branch=old'),
    );
    const judged = judge(RINGING, broken);
    const lines = RINGING.toString('latin1').split('\n').length - 1;
    expect(judged).toMatchObject({ parsed: true, roundTrip: true });
    expect(judged.findings.map(({ code, line }) => [code, line])).toEqual([
      ['call-id-missing', lines + 1],
      ['branch-cookie', lines + 4],
    ]);
    expect(statusOf([judged])).toBe(1);
  });

  it('says where a message of a stream cannot be read', () => {
    const judged = judge(
      RINGING,
      edited((text) => text.replace('SIP/2.0 180', 'SIP/2.0 0180')),
      RINGING,
    );
    const lines = RINGING.toString('latin1').split('\n').length - 1;
    expect(judged).toMatchObject({ parsed: false, roundTrip: false });
    expect(judged.findings).toMatchObject([{ severity: 'error', line: lines + 1 }]);
    expect(statusOf([judged])).toBe(2);
  });

  it('finds bytes behind a message that are no message', () => {
    const judged = judge(RINGING, Buffer.from('v=0\r\n'));
    expect(judged.findings).toMatchObject([{ code: 'bytes-behind', severity: 'warning' }]);
    expect(statusOf([judged])).toBe(1);
  });

  it('does not blame a message for what is only worth knowing', () => {
    const folded = edited((text) => text.replace(/^Call-ID: /im, 'Call-ID:\r\n '));
    const judged = judge(folded);
    expect(judged.findings).toMatchObject([{ code: 'folded', severity: 'info' }]);
    expect(statusOf([judged])).toBe(0);
  });

  it('refuses nothing at all, and a file that was not read', () => {
    expect(judge()).toMatchObject({ parsed: false, findings: [{ code: 'empty' }] });
    const unread = judgeSipFile({ file: 'b.sip', why: 'it is a folder' });
    expect(unread.findings).toMatchObject([{ code: 'unreadable', message: 'it is a folder', line: 0 }]);
  });

  it.each(Object.entries(TORTURE))('judges %s of RFC 4475 and gives it back', (_, base64) => {
    const judged = judge(Buffer.from(base64, 'base64'));
    expect(judged.roundTrip).toBe(judged.parsed);
    if (!judged.parsed) expect(judged.findings.some(({ severity }) => severity === 'error')).toBe(true);
  });
});
