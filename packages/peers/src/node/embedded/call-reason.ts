/** Why a call ended, by the codes of the web protocol. */
export interface CallReason {
  readonly code: string;
  readonly text?: string;
}

/** Reads the reason of an `end`; what cannot be read is a normal end. */
export function readReason(value: unknown): CallReason {
  const { code, text } = (value ?? {}) as { code?: unknown; text?: unknown };
  return {
    code: typeof code === 'string' ? code : 'normal',
    ...(typeof text === 'string' ? { text } : {}),
  };
}

/** What went wrong, in words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
