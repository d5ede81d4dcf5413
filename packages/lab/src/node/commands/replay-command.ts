import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { CHECKS } from '../../checks/checks.ts';
import type { Evidence } from '../../evidence.ts';
import { readEvidence } from '../evidence-file.ts';
import { LabError } from '../lab-error.ts';
import { keptCell } from './kept-run.ts';
import { replayCell } from './replay-cell.ts';
import { writeReplay } from './replay-words.ts';

interface Options {
  readonly run?: string;
  readonly json?: boolean;
}

export function replayCommand(program: Command): void {
  program
    .command('replay')
    .description('judge a cell again from its evidence, starting nothing: 0 the same verdicts, 1 not')
    .argument('<cell>', 'such as triangle/ws/chromium--firefox, or its end where that is clear')
    .option('--run <folder>', 'the folder of a run, or its id under runs (default: the newest)')
    .option('--json', 'print what was judged as JSON')
    .action(async (cell: string, options: Options) => {
      process.exitCode = await replay(cell, options);
    });
}

async function replay(asked: string, options: Options): Promise<number> {
  const { cell, cellFolder, folder, run } = await keptCell(asked, options.run);
  if (!existsSync(join(cellFolder, 'cell.json')))
    throw new LabError('usage', `the evidence of ${cell.id} is not here: ${cellFolder} holds no cell.json`);
  const outcome = replayCell(cell, CHECKS, evidenceReader(cellFolder));
  const same = outcome.differences.length === 0;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ run: run.id, folder, cell: cell.id, same, ...outcome }, null, 2)}\n`
      : writeReplay(cell.id, outcome),
  );
  return same ? 0 : 1;
}

/** Reads each scenario's evidence once: it serves several checks, and its sound is large. */
function evidenceReader(cellFolder: string): (scenario: string) => Evidence {
  const read = new Map<string, Evidence>();
  return (scenario) => {
    const known = read.get(scenario);
    if (known !== undefined) return known;
    try {
      const evidence = readEvidence(cellFolder, scenario);
      read.set(scenario, evidence);
      return evidence;
    } catch (error) {
      const { code, path, message } = error as NodeJS.ErrnoException;
      throw code === 'ENOENT' && path !== undefined
        ? new Error(`${relative(cellFolder, path)} is not here`)
        : new Error(`the evidence of ${scenario} cannot be read: ${message}`);
    }
  };
}
