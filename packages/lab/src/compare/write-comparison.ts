import type { Comparison } from './comparison.ts';
import { comparisonDetails } from './comparison-details.ts';
import { comparisonRows } from './comparison-rows.ts';

/** What the figures mean and how exact they are, in sentences. */
function notesOf({ rounds, transport, network, absent, interrupted }: Comparison): string[] {
  return [
    `Pages signal over ${transport}, in ${network}. Medians of ${rounds} interleaved rounds, in parentheses the least and the most; a round before them warms up.`,
    'To ring: from the order to call until the caller rings. To answer, to first sound: from the order to accept.',
    "First sound is when the far side's pattern was decoded at the latest; ≤ where it may have been more than 40 ms earlier.",
    ...(interrupted === true ? ['It was interrupted: the calls after that were not made.'] : []),
    ...absent.map(({ topology, why }) => `${topology} was not played: ${why}.`),
  ];
}

/** The comparison for a terminal. Ends with a newline. */
export function toTerminalComparison(comparison: Comparison): string {
  const rows = comparisonRows(comparison);
  const table = [{ label: '', cells: comparison.topologies.map(({ topology }) => topology) }, ...rows].map(
    ({ label, cells }) => [label, ...cells],
  );
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => [...line[column]!].length)));
  const lines = table.map((line) =>
    line
      .map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
  const details = comparison.topologies
    .map(comparisonDetails)
    .flatMap(({ title, sections }) => [
      '',
      title,
      ...sections.flatMap((section) => [`  ${section.title}`, ...section.lines.map((line) => `    ${line}`)]),
    ]);
  return `${[...lines, ...details, '', ...notesOf(comparison)].join('\n')}\n`;
}

/** The comparison as Markdown, `compare.md`. Ends with a newline. */
export function toMarkdownComparison(comparison: Comparison): string {
  const cells = (words: readonly string[]): string => `| ${words.map(inCell).join(' | ')} |`;
  const { topologies } = comparison;
  const lines = [
    '# The same call, over each topology',
    '',
    ...notesOf(comparison).flatMap((note) => [escaped(note), '']),
    cells(['', ...topologies.map(({ topology }) => topology)]),
    `|---|${topologies.map(() => '---|').join('')}`,
    ...comparisonRows(comparison).map(({ label, cells: words }) => cells([label, ...words])),
    ...topologies
      .map(comparisonDetails)
      .flatMap(({ title, sections }) => [
        '',
        `## ${escaped(title)}`,
        ...sections.flatMap((section) => [
          '',
          `**${escaped(section.title)}**`,
          '',
          ...section.lines.map((line) => `- ${escaped(line)}`),
        ]),
      ]),
    '',
    `${escaped(comparison.id)}, ${comparison.startedAt}: \`${comparison.command.replaceAll('`', "'")}\``,
  ];
  return `${lines.join('\n')}\n`;
}

/** Words from a peer must not become markup. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#]/g, (char) => `\\${char}`);
}

function inCell(text: string): string {
  return escaped(text).replaceAll('|', '\\|');
}
