import { decodeBytes } from './file-bytes.ts';
import { type FileFinding, type FileJudgement, isClean, statusOf } from './file-judgement.ts';
import { printable } from './printable.ts';
import type { ReadFile } from './read-files.ts';

const INDENT = '    ';
/** Longer lines are shown in part: a candidate fits, a hostile line does not fill the screen. */
const SHOWN = 160;

/** One file for a terminal: `file:line:column severity code message (clause)`, the line itself, and a mark below it. */
export function writeJudgement(judgement: FileJudgement, read: ReadFile): string {
  const lines = 'bytes' in read ? decodeBytes(read.bytes).text.split('\n') : [];
  const said = judgement.findings.flatMap((finding) => writeFinding(judgement.file, finding, lines));
  if (judgement.parsed && !judgement.roundTrip)
    said.push(
      `${printable(judgement.file)} error round-trip what was read does not give the same bytes again`,
    );
  if (isClean(judgement)) said.push(`${printable(judgement.file)}: clean`);
  return `${said.join('\n')}\n`;
}

function writeFinding(file: string, finding: FileFinding, lines: readonly string[]): string[] {
  const { line, column, severity, code, message, clause, against } = finding;
  const place = line === 0 ? printable(file) : `${printable(file)}:${line}:${column}`;
  const rule = clause === '' ? '' : ` (${clause})`;
  const pair = against === undefined ? '' : ` [as an answer to ${printable(against)}]`;
  const head = `${place} ${severity} ${code} ${printable(message)}${rule}${pair}`;
  const text = lines[line - 1]?.replace(/\r$/, '');
  if (text === undefined || text === '') return [head];
  return [head, ...excerpt(text, column)];
}

function excerpt(text: string, column: number): string[] {
  const from = column > SHOWN - 20 ? column - 1 - SHOWN / 2 : 0;
  const cut = text.slice(from, from + SHOWN);
  const before = from > 0 ? '…' : '';
  const shown = `${INDENT}${before}${printable(cut)}${from + SHOWN < text.length ? '…' : ''}`;
  if (column <= 1) return [shown];
  return [
    shown,
    `${INDENT}${' '.repeat(before.length + printable(cut.slice(0, column - 1 - from)).length)}^`,
  ];
}

/** How many files came out how, in one line; `noun` says what one file should be. */
export function writeSummary(judgements: readonly FileJudgement[], noun: string): string {
  const clean = judgements.filter(isClean).length;
  const refused = judgements.filter(({ parsed }) => !parsed).length;
  const parts = [
    `${clean} clean`,
    `${judgements.length - clean - refused} with findings`,
    `${refused} unreadable`,
  ];
  return `${judgements.length} ${judgements.length === 1 ? noun : `${noun}s`}: ${parts.join(', ')}\n`;
}

/** The line for standard error where something could not be read. */
export function writeRefusal(judgements: readonly FileJudgement[]): string | undefined {
  if (statusOf(judgements) !== 2) return undefined;
  const refused = judgements.filter(({ parsed }) => !parsed);
  const { file, findings } = refused[0]!;
  const first = findings[0]!;
  const place = first.line === 0 ? '' : `, line ${first.line}`;
  const more = refused.length === 1 ? '' : ` (and ${refused.length - 1} more)`;
  return `error: ${printable(file)} cannot be read${place}: ${printable(first.message)}${more}\n`;
}
