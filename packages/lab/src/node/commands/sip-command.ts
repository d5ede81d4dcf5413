import type { Command } from 'commander';
import { LabError } from '../lab-error.ts';
import { printJudgements } from './judgement-output.ts';
import { readFiles } from './read-files.ts';
import { judgeSipFile } from './sip-judgement.ts';

export function sipCommand(program: Command): void {
  program
    .command('sip')
    .description('read, write back and judge SIP messages: 0 clean, 1 findings, 2 unreadable')
    .argument(
      '[file...]',
      'files with one message each, or several framed by Content-Length; - is standard input',
    )
    .option('--json', 'print an array with the judgement of each file')
    .action(async (files: string[], options: { readonly json?: boolean }) => {
      if (files.length === 0) throw new LabError('usage', 'no file given; - reads standard input');
      const read = await readFiles(files);
      process.exitCode = printJudgements(read.map(judgeSipFile), read, 'file', options.json === true);
    });
}
