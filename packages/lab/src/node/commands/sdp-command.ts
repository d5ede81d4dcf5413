import type { Profile } from '@crosspoint/sdp';
import { type Command, Option } from 'commander';
import { LabError } from '../lab-error.ts';
import { printJudgements } from './judgement-output.ts';
import { readFiles } from './read-files.ts';
import { judgeFile, judgePair } from './sdp-judgement.ts';

interface Options {
  readonly profile: Profile;
  readonly offer?: string;
  readonly answer?: string;
  readonly json?: boolean;
}

const PROFILES: readonly Profile[] = ['webrtc', 'sip', 'any'];

export function sdpCommand(program: Command): void {
  program
    .command('sdp')
    .description('read, write back and judge session descriptions: 0 clean, 1 findings, 2 unreadable')
    .argument('[file...]', 'files with one description each; - is standard input')
    .addOption(
      new Option('--profile <profile>', 'who is to understand them').choices(PROFILES).default('any'),
    )
    .option('--offer <file>', 'an offer, to judge the answer against; goes with --answer')
    .option('--answer <file>', 'the answer to the offer')
    .option('--json', 'print an array with the judgement of each file')
    .action(async (files: string[], options: Options) => {
      process.exitCode = await judgeAll(files, options);
    });
}

async function judgeAll(files: readonly string[], options: Options): Promise<number> {
  const { offer, answer, profile } = options;
  if ((offer === undefined) !== (answer === undefined))
    throw new LabError('usage', '--offer and --answer go together');
  if (files.length === 0 && offer === undefined)
    throw new LabError('usage', 'no file given; - reads standard input');
  const pair = offer === undefined ? [] : [offer, answer!];
  const read = await readFiles([...files, ...pair]);
  const judgements = files.map((_, at) => judgeFile(read[at]!, profile));
  if (pair.length > 0) judgements.push(...judgePair(read.at(-2)!, read.at(-1)!, profile));
  return printJudgements(judgements, read, 'description', options.json === true);
}
