import { describe, expect, it } from 'vitest';
import { recorded } from '../diagnosis/recorded-calls.ts';
import type { Evidence } from '../evidence.ts';
import type { Judged } from './check.ts';
import { CHECKS } from './checks.ts';
import { SIP_CHECKS } from './sip-checks.ts';
import { TAMPERED_RECORDINGS } from './tampered-recordings.ts';

function judge(check: string, evidence: Evidence): Judged {
  const found = CHECKS.find(({ id }) => id === check);
  if (found === undefined) expect.unreachable(`there is no check ${check}`);
  return found.judge(evidence);
}

const GOOD = [...new Set(TAMPERED_RECORDINGS.map(({ check, recording }) => `${check} ${recording}`))].map(
  (each) => each.split(' ') as [check: string, recording: string],
);

describe('a check of calls with phones', () => {
  it.each(GOOD)('%s passes on the good call %s', (check, recording) => {
    const { passed, reason } = judge(check, recorded(recording));
    expect({ passed, reason }).toMatchObject({ passed: true });
  });

  it.each(TAMPERED_RECORDINGS.map((each) => [each.check, each.how, each] as const))(
    '%s fails where %s',
    (check, _, { recording, tamper, reason }) => {
      const judged = judge(check, tamper(recorded(recording)));
      expect(judged.passed).toBe(false);
      expect(judged.reason).toContain(reason);
    },
  );

  it('is never left out here', () => {
    const tried = new Set(TAMPERED_RECORDINGS.map(({ check }) => check));
    expect(SIP_CHECKS.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
  });
});
