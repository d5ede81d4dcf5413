import type { CheckResult } from '@crosspoint/report';
import { describe, expect, it } from 'vitest';
import { both, type Check, failed, passed } from '../../checks/check.ts';
import type { Evidence } from '../../evidence.ts';
import { judgeCheck } from '../../judge-cell.ts';
import { replayCell } from './replay-cell.ts';
import { writeReplay } from './replay-words.ts';

const side = { peer: 'embedded', name: 'x', pattern: 1, events: [] };
const EVIDENCE: Evidence = {
  call: 'call',
  scenario: 'call',
  transport: 'ws',
  startedAtMs: 0,
  durationMs: 5,
  caller: side,
  callee: side,
  trace: [],
  observations: [],
};
const LEVEL: Check = {
  id: 'audio',
  title: 'It took five milliseconds.',
  scenario: 'call',
  clause: 'RFC 3550 section 6',
  needs: both(),
  judge: ({ durationMs }) =>
    durationMs === 5 ? passed('five', { durationMs }) : failed('not five', { durationMs }),
};
const KEPT = JSON.parse(JSON.stringify(judgeCheck(LEVEL, EVIDENCE))) as CheckResult;
const UNDECLARED: CheckResult = {
  check: 'video',
  title: 'Pictures.',
  verdict: 'unsupported',
  reason: 'not declared',
  measured: {},
  durationMs: 0,
};

describe('replayCell', () => {
  it('finds the same in the same evidence', () => {
    const replay = replayCell({ results: [KEPT, UNDECLARED] }, [LEVEL], () => EVIDENCE);
    expect(replay).toEqual({ judged: ['audio'], differences: [], kept: ['video'] });
    expect(writeReplay('a--b', replay)).toBe(
      "1 check of a--b judged again from its evidence: all the same.\nNot judged from a call's evidence: video.\n",
    );
  });

  it('says what other evidence changes', () => {
    const replay = replayCell({ results: [KEPT] }, [LEVEL], () => ({ ...EVIDENCE, durationMs: 6 }));
    expect(replay.differences).toMatchObject([{ check: 'audio', after: { verdict: 'failed' } }]);
    const words = writeReplay('a--b', replay);
    expect(words).toContain('✓ → ✗  audio');
    expect(words).toContain('was  passed: five\n    now  failed: not five');
    expect(words).toContain('durationMs  5 → 6');
    expect(words).toContain('1 not the same.');
  });

  it('sees a measure that changed under the same verdict', () => {
    const before = { ...KEPT, measured: { durationMs: 4 } };
    const replay = replayCell({ results: [before] }, [LEVEL], () => EVIDENCE);
    expect(replay.differences.map(({ fields }) => fields)).toEqual([['measured']]);
  });

  it('counts evidence that is gone as a difference, and goes on', () => {
    const other = { ...LEVEL, id: 'other', scenario: 'other' };
    const results = [KEPT, { ...KEPT, check: 'other' }, { ...KEPT, check: 'forgotten' }];
    const replay = replayCell({ results }, [LEVEL, other], (scenario) => {
      if (scenario === 'call') throw new Error('evidence/call.json is not here');
      return EVIDENCE;
    });
    expect(replay.judged).toEqual(['other']);
    expect(replay.differences.map(({ check, why }) => [check, why])).toEqual([
      ['audio', 'evidence/call.json is not here'],
      ['forgotten', 'the lab no longer has this check'],
    ]);
    expect(writeReplay('a--b', replay)).toContain('now  cannot be judged: evidence/call.json is not here');
  });
});
