import {
  type Cell,
  type CheckResult,
  countVerdicts,
  type Diagnosis,
  VERDICT_MARKS,
  writeCounts,
} from '@crosspoint/report';
import { printable } from './printable.ts';

/** Checks that need explaining, or the one that is asked for. */
export function resultsToExplain(
  cell: Pick<Cell, 'results'>,
  check: string | undefined,
): readonly CheckResult[] {
  return cell.results.filter((result) =>
    check === undefined ? result.verdict !== 'passed' : result.check === check,
  );
}

/** What a check's explanation points at. */
export interface Explained {
  readonly result: CheckResult;
  /** Files, relative to the cell's folder. */
  readonly evidence: readonly string[];
}

export interface Explanation {
  readonly run: string;
  /** Where the evidence of the cell lies. */
  readonly folder: string;
  readonly cell: Cell;
  readonly checks: readonly Explained[];
  /** The command that judges the cell again from its evidence. */
  readonly replay: string;
}

/** An explanation for a terminal. */
export function writeExplanation({ run, folder, cell, checks, replay }: Explanation): string {
  const lines = [
    `${cell.id}  ${writeCounts(countVerdicts(cell.results))}  (run ${run})`,
    `evidence in ${folder}`,
    '',
  ];
  for (const explained of checks) lines.push(...writeCheck(explained), '');
  if (cell.results.length === 0) lines.push('Nothing was checked in this cell.', '');
  else if (cell.results.every(({ verdict }) => verdict === 'passed'))
    lines.push(
      `Healthy: ${cell.results.length === 1 ? 'its one check' : `all ${cell.results.length} checks`} passed.`,
      '',
    );
  lines.push(`judge it again  ${replay}`, `run it again    ${cell.rerun}`);
  return `${lines.join('\n')}\n`;
}

function writeCheck({ result, evidence }: Explained): string[] {
  const line = (label: string, text: string): string => `    ${label.padEnd(9)} ${printable(text)}`;
  return [
    `${VERDICT_MARKS[result.verdict]} ${result.check} ${result.verdict}: ${printable(result.title)}`,
    line('why', result.reason),
    ...(result.proof === undefined ? [] : [line('proof', result.proof)]),
    ...(result.clause === undefined ? [] : [line('rule', result.clause)]),
    ...(result.diagnosis ?? []).flatMap((cause, at) => writeCause(cause, at + 1, line)),
    ...(result.verdict === 'failed' && (result.diagnosis ?? []).length === 0
      ? [line('cause', 'none that the lab knows fits the evidence')]
      : []),
    ...evidence.map((file, at) => line(at === 0 ? 'evidence' : '', file)),
  ];
}

function writeCause(
  { cause, words, clause, hop, seen }: Diagnosis,
  rank: number,
  line: (label: string, text: string) => string,
): string[] {
  return [
    line(`cause ${rank}`, `${cause}: ${words}`),
    line('', `clause: ${clause}`),
    ...(hop === undefined ? [] : [line('', `hop: ${hop}`)]),
    ...seen.map((each) => line('', `seen: ${each}`)),
  ];
}
