import { type CheckResult, VERDICT_MARKS } from '@crosspoint/report';
import { printable } from './printable.ts';
import type { Replay, ReplayDifference } from './replay-cell.ts';

/** What judging again has shown, for a terminal. */
export function writeReplay(cell: string, replay: Replay): string {
  const { judged, differences, kept } = replay;
  const lines = differences.flatMap(writeDifference);
  const count = `${judged.length} ${judged.length === 1 ? 'check' : 'checks'} of ${cell} judged again from its evidence`;
  lines.push(
    differences.length === 0 ? `${count}: all the same.` : `${count}: ${differences.length} not the same.`,
  );
  if (kept.length > 0) lines.push(`Not judged from a call's evidence: ${kept.join(', ')}.`);
  return `${lines.join('\n')}\n`;
}

function writeDifference({ check, before, after, why, fields }: ReplayDifference): string[] {
  if (after === undefined) {
    return [
      `${VERDICT_MARKS[before.verdict]} → ?  ${check}`,
      `    was  ${before.verdict}: ${printable(before.reason)}`,
      `    now  cannot be judged: ${printable(why ?? 'unknown')}`,
    ];
  }
  const said = [
    `${VERDICT_MARKS[before.verdict]} → ${VERDICT_MARKS[after.verdict]}  ${check} (${fields.join(', ')})`,
  ];
  if (fields.includes('verdict') || fields.includes('reason')) {
    said.push(`    was  ${before.verdict}: ${printable(before.reason)}`);
    said.push(`    now  ${after.verdict}: ${printable(after.reason)}`);
  }
  if (fields.includes('diagnosis')) said.push(`    causes  ${causes(before)} → ${causes(after)}`);
  if (fields.includes('measured')) said.push(...measuredLines(before, after));
  return said;
}

function causes(result: CheckResult): string {
  return result.diagnosis?.map(({ cause }) => cause).join(', ') || 'none';
}

function measuredLines(before: CheckResult, after: CheckResult): string[] {
  const names = [...new Set([...Object.keys(before.measured), ...Object.keys(after.measured)])];
  return names
    .filter((name) => before.measured[name] !== after.measured[name])
    .map((name) => `    ${name}  ${before.measured[name] ?? '–'} → ${after.measured[name] ?? '–'}`);
}
