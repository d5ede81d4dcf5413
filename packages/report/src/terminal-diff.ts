import type { CheckChange, RunDiff } from './diff-runs.ts';
import { writeCount } from './duration.ts';
import type { CheckResult } from './run.ts';
import type { TerminalOptions } from './terminal-table.ts';
import { labelled, type Palette, paletteOf, plain } from './terminal-text.ts';
import { VERDICT_MARKS } from './verdict-marks.ts';

/** The difference of two runs for a terminal, the worse first. Ends with a newline. */
export function toTerminalDiff(diff: RunDiff, options: TerminalOptions): string {
  const paint = paletteOf(options.color);
  const width = Math.max(40, options.width);
  const blocks = [
    [paint.strong(`${plain(diff.before)} → ${plain(diff.after)}`)],
    diff.peers.map(
      ({ id, before, after }) => `  ${plain(id)}: ${plain(before ?? 'absent')} → ${plain(after ?? 'absent')}`,
    ),
    ...diff.changes.map((change) => changeLines(change, paint, width)),
    diff.removedCells.map((id) => `${paint.broken('-')} cell ${plain(id)} is gone`),
    diff.addedCells.map((id) => `${paint.strong('+')} cell ${plain(id)} is new`),
    [summary(diff)],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function changeLines(
  { cell, check, before, after, kind }: CheckChange,
  paint: Palette,
  width: number,
): string[] {
  const result = after ?? before!;
  return [
    `${marked(before, paint)} → ${marked(after, paint)}  ${paint.strong(plain(check))}  ${plain(cell)}  ${paint.faint(kind)}`,
    ...labelled(after === undefined ? 'was' : 'why', result.reason, width, 7),
    ...(after?.diagnosis ?? [])
      .slice(0, 1)
      .flatMap(({ cause, words }) => labelled('cause', `${cause}: ${words}`, width, 7)),
  ];
}

function marked(result: CheckResult | undefined, paint: Palette): string {
  return result === undefined ? paint.faint('·') : paint[result.verdict](VERDICT_MARKS[result.verdict]);
}

function summary(diff: RunDiff): string {
  const count = (kind: CheckChange['kind']): number =>
    diff.changes.filter((change) => change.kind === kind).length;
  return (
    `${count('worse')} worse, ${count('better')} better, ${count('other')} otherwise changed, ` +
    `${count('added')} added, ${count('removed')} removed; ${writeCount(diff.same, 'check')} the same`
  );
}
