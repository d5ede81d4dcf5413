import { describe, expect, it } from 'vitest';
import { statusOf } from './file-judgement.ts';
import type { ReadFile } from './read-files.ts';
import { judgeFile, judgePair } from './sdp-judgement.ts';

const PLAIN = ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0'];
const AUDIO = 'm=audio 4000 RTP/AVP 0';

function read(lines: readonly string[], file = 'a.sdp'): ReadFile {
  return { file, bytes: Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1') };
}

describe('judgeFile', () => {
  it('finds nothing in a plain offer', () => {
    const judged = judgeFile(read([...PLAIN, AUDIO]), 'any');
    expect(judged).toEqual({ file: 'a.sdp', parsed: true, roundTrip: true, findings: [] });
    expect(statusOf([judged])).toBe(0);
  });

  it('holds the same offer to the rules of a browser when told', () => {
    const judged = judgeFile(read([...PLAIN, AUDIO]), 'webrtc');
    expect(judged.findings.map(({ code }) => code)).toContain('ice-missing');
    expect(statusOf([judged])).toBe(1);
  });

  it('gives back bytes that are not UTF-8', () => {
    const lines = PLAIN.with(2, 's=caf\u00e9');
    expect(judgeFile(read(lines), 'any')).toMatchObject({ parsed: true, roundTrip: true });
  });

  it('says where a text stops being SDP, its place not twice', () => {
    const judged = judgeFile(read(PLAIN.with(1, 'o=nobody')), 'any');
    expect(judged).toMatchObject({ parsed: false, roundTrip: false });
    expect(judged.findings).toMatchObject([{ code: 'origin-malformed', severity: 'error', line: 2 }]);
    expect(judged.findings[0]!.message).not.toContain('line 2');
    expect(statusOf([judged])).toBe(2);
  });

  it('says why a file was not read', () => {
    const judged = judgeFile({ file: 'b.sdp', why: 'it is a folder' }, 'any');
    expect(judged.findings).toMatchObject([{ code: 'unreadable', message: 'it is a folder', line: 0 }]);
    expect(statusOf([judgeFile(read([...PLAIN, AUDIO]), 'any'), judged])).toBe(2);
  });
});

describe('judgePair', () => {
  it('lets a fitting pair be', () => {
    const pair = judgePair(read([...PLAIN, AUDIO], 'o'), read([...PLAIN, AUDIO], 'a'), 'any');
    expect(pair.map(({ findings }) => findings)).toEqual([[], []]);
  });

  it('finds in the answer what is wrong with it as an answer', () => {
    const offer = read([...PLAIN, AUDIO, 'm=video 4002 RTP/AVP 31'], 'o');
    const [, answer] = judgePair(offer, read([...PLAIN, AUDIO], 'a'), 'any');
    expect(answer.findings).toMatchObject([{ code: 'm-line-count', against: 'o' }]);
  });

  it('judges each alone where one cannot be read', () => {
    const pair = judgePair({ file: 'o', why: 'there is no such file' }, read([...PLAIN, AUDIO]), 'any');
    expect(pair.map(({ parsed }) => parsed)).toEqual([false, true]);
    expect(statusOf(pair)).toBe(2);
  });
});
