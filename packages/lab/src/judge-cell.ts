import type { CheckResult } from '@crosspoint/report';
import type { Check } from './checks/check.ts';
import { diagnose } from './diagnosis/diagnose.ts';
import type { Evidence } from './evidence.ts';

/** Judges one check on the evidence of its call. Pure: the same evidence gives the same result, now and later. */
export function judgeCheck(check: Check, evidence: Evidence): CheckResult {
  const base = {
    check: check.id,
    title: check.title,
    call: evidence.call,
    durationMs: evidence.durationMs,
    clause: check.clause,
  };
  const fault = evidence.fault;
  // Our own fault is never laid to a peer, whatever the peers had done until then.
  if (fault !== undefined && (fault.kind === 'lab' || fault.kind === 'server-died')) {
    return { ...base, verdict: 'broken', reason: `in step ${fault.step}: ${fault.words}`, measured: {} };
  }
  const judged = check.judge(evidence);
  if (judged.passed) return { ...base, verdict: 'passed', reason: judged.reason, measured: judged.measured };
  const reason =
    fault === undefined ? judged.reason : `in step ${fault.step}: ${fault.words}; ${judged.reason}`;
  return {
    ...base,
    verdict: 'failed',
    reason,
    measured: judged.measured,
    diagnosis: diagnose(evidence, check.id),
  };
}

/** The verdict of a check that a side does not declare. */
export function unsupportedCheck(check: Check, reason: string, proof: string): CheckResult {
  return {
    check: check.id,
    title: check.title,
    verdict: 'unsupported',
    reason,
    proof,
    clause: check.clause,
    measured: {},
    durationMs: 0,
  };
}

/** The verdict of a check that the lab could not carry out. */
export function brokenCheck(check: Check, reason: string): CheckResult {
  return {
    check: check.id,
    title: check.title,
    verdict: 'broken',
    reason,
    clause: check.clause,
    measured: {},
    durationMs: 0,
  };
}
