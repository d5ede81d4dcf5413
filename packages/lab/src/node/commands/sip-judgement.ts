import { judgeSipBytes } from '@crosspoint/sip';
import { type FileJudgement, judgeUnread } from './file-judgement.ts';
import type { ReadFile } from './read-files.ts';
import { frameMessages } from './sip-framing.ts';

/** Judges every message of a file; lines are those of the file. */
export function judgeSipFile(read: ReadFile): FileJudgement {
  const { file } = read;
  if ('why' in read) return judgeUnread(file, read.why);
  const judged = frameMessages(read.bytes).map(({ bytes, linesBefore }) => {
    const { parsed, roundTrip, findings } = judgeSipBytes(bytes);
    return {
      parsed,
      roundTrip,
      findings: findings.map((each) => ({ ...each, line: each.line + linesBefore })),
    };
  });
  return {
    file,
    parsed: judged.every(({ parsed }) => parsed),
    roundTrip: judged.every(({ roundTrip }) => roundTrip === true),
    findings: judged.flatMap(({ findings }) => findings),
  };
}
