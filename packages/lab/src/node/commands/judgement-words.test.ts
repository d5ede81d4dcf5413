import { describe, expect, it } from 'vitest';
import type { FileJudgement } from './file-judgement.ts';
import { writeJudgement, writeRefusal, writeSummary } from './judgement-words.ts';

const FINDING = {
  code: 'some-rule',
  severity: 'error' as const,
  message: 'it is wrong',
  clause: 'RFC 8866 section 5.14',
  line: 2,
  column: 3,
};
const JUDGED: FileJudgement = { file: 'a.sdp', parsed: true, roundTrip: true, findings: [FINDING] };
const CLEAN: FileJudgement = { ...JUDGED, findings: [] };
const REFUSED: FileJudgement = { ...JUDGED, parsed: false, roundTrip: false };

function read(text: string) {
  return { file: 'a.sdp', bytes: Buffer.from(text) };
}

describe('writeJudgement', () => {
  it('gives the place as editors take it, the line, and a mark below', () => {
    expect(writeJudgement(JUDGED, read('v=0\r\nm=audio\r\n'))).toBe(
      'a.sdp:2:3 error some-rule it is wrong (RFC 8866 section 5.14)\n    m=audio\n      ^\n',
    );
  });

  it('says that a file is clean', () => {
    expect(writeJudgement(CLEAN, read('v=0\n'))).toBe('a.sdp: clean\n');
  });

  it('tells what is only worth knowing, and calls the file clean all the same', () => {
    const said = writeJudgement({ ...CLEAN, findings: [{ ...FINDING, severity: 'info' }] }, read('v=0\n'));
    expect(said).toMatch(/^a\.sdp:2:3 info some-rule .*\na\.sdp: clean\n$/);
  });

  it('says that a file did not survive, which is never clean', () => {
    expect(writeJudgement({ ...CLEAN, roundTrip: false }, read('v=0\n'))).toContain('round-trip');
  });

  it('gives no place where none is to blame', () => {
    const judged = { ...REFUSED, findings: [{ ...FINDING, line: 0, column: 0, clause: '' }] };
    expect(writeJudgement(judged, { file: 'a.sdp', why: 'x' })).toBe('a.sdp error some-rule it is wrong\n');
  });

  it('shows the part of a long line that matters, and lets nothing reach the terminal', () => {
    const line = `${'x'.repeat(400)}\u001b[31m${'y'.repeat(400)}`;
    const said = writeJudgement(
      { ...JUDGED, findings: [{ ...FINDING, column: 401 }] },
      read(`v=0\n${line}\n`),
    );
    const [, shown, mark] = said.split('\n');
    expect(shown!.length).toBeLessThan(200);
    expect(shown!.slice(mark!.indexOf('^'))).toMatch(/^\\u\{1b\}\[31my/);
    expect(said).not.toContain('\u001b');
  });
});

describe('writeSummary', () => {
  it('counts every file once', () => {
    expect(writeSummary([CLEAN, CLEAN, JUDGED, REFUSED], 'description')).toBe(
      '4 descriptions: 2 clean, 1 with findings, 1 unreadable\n',
    );
  });
});

describe('writeRefusal', () => {
  it('says nothing where all could be read', () => {
    expect(writeRefusal([CLEAN, JUDGED])).toBeUndefined();
  });

  it('is one line, however many files', () => {
    expect(writeRefusal([CLEAN, REFUSED, REFUSED])).toBe(
      'error: a.sdp cannot be read, line 2: it is wrong (and 1 more)\n',
    );
  });
});
