import type { Cell, CheckResult, Run } from './run.ts';
import { countVerdicts, totalsOf } from './totals.ts';

/**
 * The run as JUnit XML: a suite per cell, a case per check. Failed is `<failure>`, broken is `<error>`,
 * unsupported is `<skipped>`, each with its reason.
 */
export function toJUnit(run: Run): string {
  const totals = totalsOf(run);
  const all = run.cells.reduce((sum, cell) => sum + cell.results.length, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="crosspoint" tests="${all}" failures="${totals.failed}" errors="${totals.broken}"` +
      ` skipped="${totals.unsupported}" time="${seconds(run.durationMs)}">`,
    ...run.cells.flatMap(suite),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(cell: Cell): string[] {
  const totals = countVerdicts(cell.results);
  return [
    `  <testsuite name="${escapeXml(cell.id)}" tests="${cell.results.length}" failures="${totals.failed}"` +
      ` errors="${totals.broken}" skipped="${totals.unsupported}" time="${seconds(cell.durationMs)}"` +
      ` timestamp="${escapeXml(cell.startedAt)}">`,
    ...cell.results.flatMap((result) => testcase(cell, result)),
    '  </testsuite>',
  ];
}

function testcase(cell: Cell, result: CheckResult): string[] {
  const attributes =
    `classname="${escapeXml(cell.id.replaceAll('/', '.'))}" name="${escapeXml(result.check)}"` +
    ` time="${seconds(result.durationMs)}"`;
  if (result.verdict === 'passed') return [`    <testcase ${attributes}/>`];
  return [`    <testcase ${attributes}>`, outcome(cell, result), '    </testcase>'];
}

function outcome(cell: Cell, result: CheckResult): string {
  const message = `message="${escapeXml(result.reason)}"`;
  if (result.verdict === 'unsupported') {
    return `      <skipped ${message}>${escapeXml(result.proof ?? '')}</skipped>`;
  }
  const details = [
    result.title,
    ...(result.diagnosis ?? []).flatMap(({ cause, words, clause, hop, seen }) => [
      `cause: ${cause}${hop === undefined ? '' : ` at ${hop}`}: ${words}`,
      ...(clause === '' ? [] : [`clause: ${clause}`]),
      ...seen.map((evidence) => `seen: ${evidence}`),
    ]),
    `again: ${cell.rerun}`,
  ].join('\n');
  if (result.verdict === 'broken')
    return `      <error ${message} type="broken">${escapeXml(details)}</error>`;
  const type = escapeXml(result.diagnosis?.[0]?.cause ?? result.check);
  return `      <failure ${message} type="${type}">${escapeXml(details)}</failure>`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Escapes markup, and replaces what XML 1.0 section 2.2 forbids even as a reference. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (char) => ENTITIES[char]!);
}
