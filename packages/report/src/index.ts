export { parseCell, parseRun, RunError, type RunProblem } from './parse-run.ts';
export {
  type AbsentPeer,
  type CallRecord,
  type Cell,
  type CheckResult,
  type DescriptionChange,
  type DescriptionFinding,
  type DescriptionRecord,
  type Diagnosis,
  type Host,
  type PeerRecord,
  RUN_SCHEMA_ID,
  type Run,
  type Totals,
  type TraceLine,
  VERDICTS,
  type Verdict,
} from './run.ts';
export { cellSchema, runSchema } from './run-schema.ts';
export { countVerdicts, exitStatus, totalsOf } from './totals.ts';
