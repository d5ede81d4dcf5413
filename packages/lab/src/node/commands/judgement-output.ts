import { type FileJudgement, statusOf } from './file-judgement.ts';
import { writeJudgement, writeRefusal, writeSummary } from './judgement-words.ts';
import type { ReadFile } from './read-files.ts';

/** Prints judgements, `read[i]` the file of `judgements[i]`, as JSON or in words. Gives the command's exit status. */
export function printJudgements(
  judgements: readonly FileJudgement[],
  read: readonly ReadFile[],
  noun: string,
  json: boolean,
): 0 | 1 | 2 {
  if (json) process.stdout.write(`${JSON.stringify(judgements, null, 2)}\n`);
  else {
    process.stdout.write(judgements.map((each, at) => writeJudgement(each, read[at]!)).join(''));
    if (judgements.length > 1) process.stdout.write(writeSummary(judgements, noun));
  }
  const refusal = writeRefusal(judgements);
  if (refusal !== undefined) process.stderr.write(refusal);
  return statusOf(judgements);
}
