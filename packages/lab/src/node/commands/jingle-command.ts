import type { JingleRole } from '@crosspoint/jingle';
import { type Command, Option } from 'commander';
import { LabError } from '../lab-error.ts';
import { conversionStatus, convertFile, writeConversion } from './jingle-conversion.ts';
import { printable } from './printable.ts';
import { readFiles } from './read-files.ts';

interface Options {
  readonly role: JingleRole;
  readonly json?: boolean;
}

export function jingleCommand(program: Command): void {
  program
    .command('jingle')
    .description(
      'convert SDP to Jingle and stanzas to SDP, naming what is lost: 0 clean, 1 something dropped or found, 2 unreadable',
    )
    .argument('[file...]', 'files with one description or one stanza each; - is standard input')
    .addOption(
      new Option('--role <side>', 'the side that wrote the descriptions: who sends depends on it')
        .choices(['initiator', 'responder'])
        .default('initiator'),
    )
    .option('--json', 'print an array with the conversion of each file')
    .action(async (files: string[], { role, json }: Options) => {
      if (files.length === 0) throw new LabError('usage', 'no file given; - reads standard input');
      const conversions = (await readFiles(files)).map((read) => convertFile(read, role));
      if (json === true) process.stdout.write(`${JSON.stringify(conversions, null, 2)}\n`);
      else process.stdout.write(conversions.map(writeConversion).map(lineByLine).join(''));
      for (const { file, kind, findings } of conversions) {
        if (kind !== undefined) continue;
        const { line, message } = findings[0]!;
        const place = line === 0 ? '' : `, line ${line}`;
        process.stderr.write(`error: ${printable(file)} cannot be read${place}: ${printable(message)}\n`);
      }
      process.exitCode = conversionStatus(conversions);
    });
}

/** What a stanza says may hold what a terminal would obey. */
function lineByLine(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
