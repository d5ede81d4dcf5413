import { writeCount, writeDuration } from './duration.ts';
import { type Finding, findingsOf, unsupportedByReason } from './findings.ts';
import { type Matrix, matricesOf } from './matrix.ts';
import type { Run } from './run.ts';
import { countVerdicts, totalsOf } from './totals.ts';
import { VERDICT_MARKS, writeCounts } from './verdict-marks.ts';

/** The run as GitHub Flavored Markdown. Text that comes from a peer cannot become markup. */
export function toMarkdown(run: Run): string {
  const totals = totalsOf(run);
  const all = totals.passed + totals.failed + totals.unsupported + totals.broken;
  const blocks = [
    `# Crosspoint run ${escapeMarkdown(run.id)}`,
    `**${totals.passed} passed, ${totals.failed} failed, ${totals.unsupported} unsupported, ` +
      `${totals.broken} broken** of ${writeCount(all, 'check')} in ${writeCount(run.cells.length, 'cell')}, ` +
      `${writeDuration(run.durationMs)}, ${escapeMarkdown(run.startedAt)}.`,
    run.interrupted === true ? '**The run was interrupted: cells are missing.**' : '',
    code(run.command),
    ...matricesOf(run.cells).map(toTable),
    section('Failed', findingsOf(run, 'failed').map(toItem)),
    section('Broken (a fault of the lab, not of a peer)', findingsOf(run, 'broken').map(toItem)),
    section(
      'Unsupported, by reason',
      unsupportedByReason(run).map(
        ({ count, reason, checks }) =>
          `- ${count}${VERDICT_MARKS.unsupported} ${escapeMarkdown(reason)} (${checks.map(code).join(', ')})`,
      ),
      totals.unsupported,
    ),
    section(
      'Peers',
      run.peers.map(
        ({ id, name, version }) => `- ${code(id)}: ${escapeMarkdown(name)} ${escapeMarkdown(version)}`,
      ),
    ),
    section(
      'Not there',
      run.absent.map(
        ({ id, why, install }) =>
          `- ${code(id)}: ${escapeMarkdown(why)}${install === undefined ? '' : `; get it with ${code(install)}`}`,
      ),
    ),
    `Node ${escapeMarkdown(run.host.node)} on ${escapeMarkdown(run.host.platform)}, ${writeCount(run.host.cores, 'core')}; ` +
      `${escapeMarkdown(run.host.network.words)}. Crosspoint ${escapeMarkdown(run.crosspoint)}.`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function toTable(matrix: Matrix): string {
  const rows = matrix.callers.map((caller) => {
    const fields = matrix.callees.map((callee) => {
      const cell = matrix.at(caller, callee);
      return cell === undefined ? '·' : writeCounts(countVerdicts(cell.results));
    });
    return `| **${escapeMarkdown(caller)}** | ${fields.join(' | ')} |`;
  });
  return [
    `## ${escapeMarkdown(matrix.topology)} over ${escapeMarkdown(matrix.transport)}`,
    '',
    `| calls → | ${matrix.callees.map(escapeMarkdown).join(' | ')} |`,
    `|---|${matrix.callees.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n');
}

function section(title: string, items: readonly string[], count = items.length): string {
  return items.length === 0 ? '' : `## ${title}: ${count}\n\n${items.join('\n')}`;
}

function toItem({ cell, result }: Finding): string {
  const causes = (result.diagnosis ?? []).flatMap(({ cause, words, clause, hop, seen }) => [
    `  - ${code(cause)}${hop === undefined ? '' : ` at ${escapeMarkdown(hop)}`}: ${escapeMarkdown(words)}${clause === '' ? '' : ` (${escapeMarkdown(clause)})`}`,
    ...seen.map((evidence) => `    - seen: ${escapeMarkdown(evidence)}`),
  ]);
  return [
    `- ${VERDICT_MARKS[result.verdict]} ${code(result.check)} in ${code(cell.id)}: ${escapeMarkdown(result.title)} ${escapeMarkdown(result.reason)}`,
    ...causes,
    `  - again: ${code(cell.rerun)}`,
  ].join('\n');
}

/** One line of text in which nothing is markup (CommonMark section 2.4: any ASCII punctuation can be escaped). */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>#|~&!@]/g, '\\$&')
    .replace(/^([-+=]|\d+[.)])/, '\\$1');
}

/** A code span that holds whatever it is given (CommonMark section 6.1); `|` still parts table fields. */
function code(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return line === '' ? '' : `${fence}${pad}${line}${pad}${fence}`;
}
