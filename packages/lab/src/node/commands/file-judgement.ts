/** One thing found in a file; line and column from 1, both 0 where no line is to blame. */
export interface FileFinding {
  readonly code: string;
  /** `info` is worth knowing and nothing wrong. */
  readonly severity: 'error' | 'warning' | 'info';
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
  /** Whether all of it could be read as what it should be. */
  readonly parsed: boolean;
  /** Whether writing what was read gives the same bytes. */
  readonly roundTrip: boolean;
  readonly findings: readonly FileFinding[];
}

/** 0 clean, 1 findings, 2 something could not be read. */
export function statusOf(judgements: readonly FileJudgement[]): 0 | 1 | 2 {
  if (judgements.some(({ parsed }) => !parsed)) return 2;
  return judgements.every(isClean) ? 0 : 1;
}

export function isClean({ parsed, roundTrip, findings }: FileJudgement): boolean {
  return parsed && roundTrip && findings.every(({ severity }) => severity === 'info');
}

/** The judgement of a file that could not be opened. */
export function judgeUnread(file: string, why: string): FileJudgement {
  const severity = 'error';
  const finding = { code: 'unreadable', severity, message: why, clause: '', line: 0, column: 0 } as const;
  return { file, parsed: false, roundTrip: false, findings: [finding] };
}
