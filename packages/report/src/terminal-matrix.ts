import type { Matrix } from './matrix.ts';
import { VERDICTS } from './run.ts';
import { type Palette, plain } from './terminal-text.ts';
import { countVerdicts } from './totals.ts';
import { VERDICT_MARKS, writeCounts } from './verdict-marks.ts';

const GAP = 2;

/** One grid as lines. Where the columns do not fit the width, the grid goes on in a further block below. */
export function toMatrixLines(matrix: Matrix, paint: Palette, width: number): string[] {
  const callers = matrix.callers.map((caller) => plain(caller));
  const rowLabel = Math.max('calls →'.length, ...callers.map((caller) => caller.length));
  const columnWidth = Math.max(
    ...matrix.callees.map((callee) => plain(callee).length),
    ...matrix.callers.flatMap((caller) =>
      matrix.callees.map((callee) => plainCounts(matrix, caller, callee).length),
    ),
  );
  const perBlock = Math.max(1, Math.floor((width - rowLabel) / (columnWidth + GAP)));
  const lines = [paint.strong(`${plain(matrix.topology)} over ${plain(matrix.transport)}`)];
  for (let first = 0; first < matrix.callees.length; first += perBlock) {
    const callees = matrix.callees.slice(first, first + perBlock);
    const gap = ' '.repeat(GAP);
    lines.push(
      paint.faint(
        ['calls →'.padEnd(rowLabel), ...callees.map((callee) => plain(callee).padEnd(columnWidth))]
          .join(gap)
          .trimEnd(),
      ),
    );
    matrix.callers.forEach((caller, index) => {
      const fields = callees.map((callee, place) => {
        const counts = plainCounts(matrix, caller, callee);
        const padding = place === callees.length - 1 ? '' : ' '.repeat(columnWidth - counts.length);
        return paintedCounts(matrix, caller, callee, paint) + padding;
      });
      lines.push([callers[index]!.padEnd(rowLabel), ...fields].join(gap));
    });
  }
  return lines;
}

function plainCounts(matrix: Matrix, caller: string, callee: string): string {
  const cell = matrix.at(caller, callee);
  return cell === undefined ? '·' : writeCounts(countVerdicts(cell.results));
}

function paintedCounts(matrix: Matrix, caller: string, callee: string, paint: Palette): string {
  const cell = matrix.at(caller, callee);
  if (cell === undefined) return paint.faint('·');
  const totals = countVerdicts(cell.results);
  return VERDICTS.map((verdict) => {
    const text = `${totals[verdict]}${VERDICT_MARKS[verdict]}`;
    return totals[verdict] === 0 ? paint.faint(text) : paint[verdict](text);
  }).join(' ');
}
