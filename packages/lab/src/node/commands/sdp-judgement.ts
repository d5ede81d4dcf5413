import { checkAnswer, type Finding, judge, type Profile, parseOrFinding } from '@crosspoint/sdp';
import { decodeBytes } from './sdp-bytes.ts';

/** One thing found in a file; line and column from 1, both 0 where no line is to blame. */
export interface FileFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly clause: string;
  readonly line: number;
  readonly column: number;
  /** The file of the offer, where this is wrong only as an answer to it. */
  readonly against?: string;
}

/** What was made of one file. */
export interface FileJudgement {
  readonly file: string;
  /** Whether it could be read as SDP. */
  readonly parsed: boolean;
  /** Whether writing what was read gives the same bytes. */
  readonly roundTrip: boolean;
  readonly findings: readonly FileFinding[];
}

/** A file as it was read, or why it was not. */
export type ReadFile =
  | { readonly file: string; readonly bytes: Uint8Array }
  | { readonly file: string; readonly why: string };

export function judgeFile(read: ReadFile, profile: Profile): FileJudgement {
  const { file } = read;
  if ('why' in read) return { file, parsed: false, roundTrip: false, findings: [unreadable(read.why)] };
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

/** 0 clean, 1 findings, 2 something could not be read. */
export function statusOf(judgements: readonly FileJudgement[]): 0 | 1 | 2 {
  if (judgements.some(({ parsed }) => !parsed)) return 2;
  return judgements.every(isClean) ? 0 : 1;
}

export function isClean({ parsed, roundTrip, findings }: FileJudgement): boolean {
  return parsed && roundTrip && findings.length === 0;
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

function unreadable(why: string): FileFinding {
  return { code: 'unreadable', severity: 'error', message: why, clause: '', line: 0, column: 0 };
}
