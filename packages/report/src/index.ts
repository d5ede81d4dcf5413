export { type CheckChange, diffRuns, type RunDiff } from './diff-runs.ts';
export { writeCount, writeDuration } from './duration.ts';
export { type Finding, findingsOf, type ReasonCount, unsupportedByReason } from './findings.ts';
export { type HtmlOptions, RUN_ELEMENT_ID, toHtml } from './html.ts';
export { toJUnit } from './junit.ts';
export { toMarkdown } from './markdown.ts';
export { type Matrix, matricesOf } from './matrix.ts';
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
export { toTerminalDiff } from './terminal-diff.ts';
export { type TerminalOptions, toTerminalTable } from './terminal-table.ts';
export { countVerdicts, exitStatus, totalsOf } from './totals.ts';
export { VERDICT_MARKS, worstVerdict, writeCounts } from './verdict-marks.ts';
