import { diffRuns, type RunDiff, toTerminalDiff } from '@crosspoint/report';
import type { Command } from 'commander';
import { keptRun } from './kept-run.ts';

export function diffCommand(program: Command): void {
  program
    .command('diff')
    .description('what changed from one run to another: 0 nothing, 1 something')
    .argument('<before>', 'the folder of the earlier run, or its id under runs')
    .argument('<after>', 'the folder of the later run, or its id under runs')
    .option('--json', 'print the differences as JSON')
    .action(async (before: string, after: string, options: { readonly json?: boolean }) => {
      process.exitCode = await compare(before, after, options.json === true);
    });
}

async function compare(before: string, after: string, json: boolean): Promise<number> {
  const [earlier, later] = await Promise.all([keptRun(before), keptRun(after)]);
  const diff = diffRuns(earlier.run, later.run);
  process.stdout.write(
    json
      ? `${JSON.stringify(diff, null, 2)}\n`
      : toTerminalDiff(diff, { color: process.stdout.isTTY === true, width: process.stdout.columns ?? 100 }),
  );
  return isSame(diff) ? 0 : 1;
}

/** Whether nothing changed: no verdict, no first cause, no cell, no peer's version. */
export function isSame(diff: Pick<RunDiff, 'changes' | 'addedCells' | 'removedCells' | 'peers'>): boolean {
  return [diff.changes, diff.addedCells, diff.removedCells, diff.peers].every((each) => each.length === 0);
}
