import { readFile } from 'node:fs/promises';
import type { Profile } from '@crosspoint/sdp';
import { type Command, Option } from 'commander';
import { LabError } from '../lab-error.ts';
import { judgeFile, judgePair, type ReadFile, statusOf } from './sdp-judgement.ts';
import { writeJudgement, writeRefusal, writeSummary } from './sdp-words.ts';

interface Options {
  readonly profile: Profile;
  readonly offer?: string;
  readonly answer?: string;
  readonly json?: boolean;
}

const PROFILES: readonly Profile[] = ['webrtc', 'sip', 'any'];
const STANDARD_INPUT = '-';

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
  const read = await readAll([...files, ...pair]);
  const judgements = files.map((_, at) => judgeFile(read[at]!, profile));
  if (pair.length > 0) judgements.push(...judgePair(read.at(-2)!, read.at(-1)!, profile));
  if (options.json === true) process.stdout.write(`${JSON.stringify(judgements, null, 2)}\n`);
  else {
    process.stdout.write(judgements.map((each, at) => writeJudgement(each, read[at]!)).join(''));
    if (judgements.length > 1) process.stdout.write(writeSummary(judgements));
  }
  const refusal = writeRefusal(judgements);
  if (refusal !== undefined) process.stderr.write(refusal);
  return statusOf(judgements);
}

async function readAll(files: readonly string[]): Promise<ReadFile[]> {
  // Standard input can be read once; named twice it is the same description twice.
  const input = files.includes(STANDARD_INPUT) ? await standardInput() : undefined;
  return Promise.all(
    files.map(async (file): Promise<ReadFile> => {
      if (file === STANDARD_INPUT) return { file, bytes: input! };
      try {
        return { file, bytes: await readFile(file) };
      } catch (error) {
        return { file, why: whyNot(error) };
      }
    }),
  );
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'reading it is not allowed',
};

function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}
