import { checkAnswer, type Finding, judge, type Profile, parseOrFinding } from '@crosspoint/sdp';
import { decodeBytes } from './file-bytes.ts';
import { type FileFinding, type FileJudgement, judgeUnread } from './file-judgement.ts';
import type { ReadFile } from './read-files.ts';

export function judgeFile(read: ReadFile, profile: Profile): FileJudgement {
  const { file } = read;
  if ('why' in read) return judgeUnread(file, read.why);
  const { text, encode } = decodeBytes(read.bytes);
  const { parsed, roundTrip, findings } = judge(text, { profile });
  // The judgement has compared the text; what is on the disk are bytes.
  const same = roundTrip && encode(text).equals(read.bytes);
  return { file, parsed, roundTrip: same, findings: findings.map(toFileFinding) };
}

/** An offer and its answer, each judged alone; what is wrong with the two together stands in the answer. */
export function judgePair(
  offer: ReadFile,
  answer: ReadFile,
  profile: Profile,
): [FileJudgement, FileJudgement] {
  const alone = [judgeFile(offer, profile), judgeFile(answer, profile)] as const;
  const offered = describe(offer);
  const answered = describe(answer);
  if (offered === undefined || answered === undefined) return [...alone];
  const together = checkAnswer(offered, answered, { profile }).map((finding) => ({
    ...toFileFinding(finding),
    against: offer.file,
  }));
  const findings = [...alone[1].findings, ...together].sort((a, b) => a.line - b.line || a.column - b.column);
  return [alone[0], { ...alone[1], findings }];
}

function describe(read: ReadFile) {
  if ('why' in read) return undefined;
  const parsed = parseOrFinding(decodeBytes(read.bytes).text);
  return 'description' in parsed ? parsed.description : undefined;
}

function toFileFinding({ code, severity, message, clause, line, column }: Finding): FileFinding {
  // A parse error carries its place and clause in its words too; here they have fields of their own.
  const tail = ` (${clause}, line ${line}, column ${column})`;
  const words = message.endsWith(tail) ? message.slice(0, -tail.length) : message;
  return { code, severity, message: words, clause, line, column };
}
