import { exitStatus } from '@crosspoint/report';
import type { Command } from 'commander';
import { LabError } from '../lab-error.ts';
import { evidenceFiles } from './evidence-files.ts';
import { type Explanation, resultsToExplain, writeExplanation } from './explanation.ts';
import { keptCell } from './kept-run.ts';

interface Options {
  readonly run?: string;
  readonly check?: string;
  readonly json?: boolean;
}

export function explainCommand(program: Command): void {
  program
    .command('explain')
    .description('why the checks of a cell did not pass, and where the evidence lies')
    .argument('<cell>', 'such as triangle/ws/chromium--firefox, or its end where that is clear')
    .option('--run <folder>', 'the folder of a run, or its id under runs (default: the newest)')
    .option('--check <id>', 'only this check, passed or not')
    .option('--json', 'print the explanation as JSON')
    .action(async (cell: string, options: Options) => {
      process.exitCode = await explain(cell, options);
    });
}

async function explain(asked: string, options: Options): Promise<number> {
  const { cell, cellFolder, run } = await keptCell(asked, options.run);
  const results = resultsToExplain(cell, options.check);
  if (options.check !== undefined && results.length === 0) {
    const known = cell.results.map(({ check }) => check).join(', ') || 'none';
    throw new LabError('usage', `there is no check ${options.check} in ${cell.id}; there is ${known}`);
  }
  const explanation: Explanation = {
    run: run.id,
    folder: cellFolder,
    cell,
    checks: results.map((result) => ({ result, evidence: evidenceFiles(cell, cellFolder, result) })),
    replay: `npm run lab -- replay ${cell.id}${options.run === undefined ? '' : ` --run ${options.run}`}`,
  };
  if (options.json === true) {
    const { id, topology, transport, caller, callee, rerun } = cell;
    const { folder, checks, replay } = explanation;
    process.stdout.write(
      `${JSON.stringify({ run: run.id, cell: id, topology, transport, caller, callee, folder, rerun, replay, checks }, null, 2)}\n`,
    );
  } else process.stdout.write(writeExplanation(explanation));
  // As the run itself would end with this cell alone, or with this check alone.
  return options.check === undefined ? exitStatus({ cells: [cell] }) : statusOfCheck(results[0]!.verdict);
}

function statusOfCheck(verdict: 'passed' | 'failed' | 'unsupported' | 'broken'): number {
  return verdict === 'broken' ? 3 : verdict === 'failed' ? 1 : 0;
}
