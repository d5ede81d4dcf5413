import { writeCount, writeDuration } from './duration.ts';
import { type Finding, findingsOf, unsupportedByReason } from './findings.ts';
import { matricesOf } from './matrix.ts';
import { type Run, VERDICTS } from './run.ts';
import { toMatrixLines } from './terminal-matrix.ts';
import { labelled, type Palette, paletteOf, plain } from './terminal-text.ts';
import { totalsOf } from './totals.ts';
import { VERDICT_MARKS } from './verdict-marks.ts';

export interface TerminalOptions {
  /** Whether the terminal shows colours. Nothing is told by colour alone. */
  readonly color: boolean;
  /** Columns of the terminal; under 40 is taken as 40. */
  readonly width: number;
}

/**
 * A run for a terminal: one grid per topology and transport, then every failed and broken check with its
 * reason, diagnosis and the command that runs its cell again, then what was unsupported, counted by reason.
 * Ends with a newline.
 */
export function toTerminalTable(run: Run, options: TerminalOptions): string {
  const paint = paletteOf(options.color);
  const width = Math.max(40, options.width);
  const blocks = [
    heading(run, paint),
    ...matricesOf(run.cells).map((matrix) => toMatrixLines(matrix, paint, width)),
    ...findingBlocks(run, 'failed', paint, width),
    ...findingBlocks(run, 'broken', paint, width),
    unsupported(run, paint, width),
    absent(run, paint, width),
    summary(run, paint),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function heading(run: Run, paint: Palette): string[] {
  return [
    `${paint.strong(`Crosspoint ${plain(run.crosspoint)}`)}  run ${plain(run.id)}`,
    paint.faint(
      `${writeCount(run.cells.length, 'cell')} in ${writeDuration(run.durationMs)}, ${plain(run.startedAt)}`,
    ),
  ];
}

function findingBlocks(run: Run, verdict: 'failed' | 'broken', paint: Palette, width: number): string[][] {
  const findings = findingsOf(run, verdict);
  if (findings.length === 0) return [];
  const title = `${verdict === 'failed' ? 'Failed' : 'Broken (a fault of the lab, not of a peer)'}: ${findings.length}`;
  return [[paint.strong(title)], ...findings.map((finding) => findingLines(finding, paint, width))];
}

function findingLines({ cell, result }: Finding, paint: Palette, width: number): string[] {
  const mark = paint[result.verdict](VERDICT_MARKS[result.verdict]);
  const lines = [
    `${mark} ${paint.strong(plain(result.check))}  ${plain(cell.id)}`,
    ...labelled('', result.title, width, 2, 0),
    ...labelled('why', result.reason, width),
  ];
  for (const { cause, words, clause, hop, seen } of result.diagnosis ?? []) {
    lines.push(...labelled('cause', `${cause}${hop === undefined ? '' : ` at ${hop}`}: ${words}`, width));
    if (clause !== '') lines.push(...labelled('', clause, width));
    for (const evidence of seen) lines.push(...labelled('seen', evidence, width));
  }
  if (result.clause !== undefined && !result.diagnosis?.some(({ clause }) => clause === result.clause)) {
    lines.push(...labelled('clause', result.clause, width));
  }
  // One line however long: a wrapped command cannot be copied.
  lines.push(`  ${'again'.padEnd(7)}${plain(cell.rerun)}`);
  return lines;
}

function unsupported(run: Run, paint: Palette, width: number): string[] {
  const reasons = unsupportedByReason(run);
  if (reasons.length === 0) return [];
  const total = reasons.reduce((sum, { count }) => sum + count, 0);
  return [
    paint.strong(`Unsupported, by reason: ${total}`),
    ...reasons.flatMap(({ count, reason, checks }) =>
      labelled(
        `${String(count).padStart(3)}${VERDICT_MARKS.unsupported}`,
        `${reason} (${checks.join(', ')})`,
        width,
        2,
        6,
      ),
    ),
  ];
}

function absent(run: Run, paint: Palette, width: number): string[] {
  if (run.absent.length === 0) return [];
  return [
    paint.strong('Not there'),
    ...run.absent.flatMap(({ id, why, install }) => [
      ...labelled('', `${id}: ${why}`, width, 2, 0),
      ...(install === undefined ? [] : [`  ${'get it'.padEnd(7)}${plain(install)}`]),
    ]),
  ];
}

function summary(run: Run, paint: Palette): string[] {
  const totals = totalsOf(run);
  const all = VERDICTS.reduce((sum, verdict) => sum + totals[verdict], 0);
  const words = VERDICTS.map((verdict) => {
    const text = `${totals[verdict]} ${verdict}`;
    return totals[verdict] === 0 ? paint.faint(text) : paint[verdict](text);
  });
  return [
    ...(run.interrupted === true ? [paint.broken('! The run was interrupted: cells are missing.')] : []),
    ...(all === 0 ? [paint.broken('! Nothing was checked.')] : []),
    `${words.join(', ')} of ${writeCount(all, 'check')}`,
  ];
}
