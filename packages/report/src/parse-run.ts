import type { z } from 'zod';
import { type Cell, RUN_SCHEMA_ID, type Run } from './run.ts';
import { cellSchema, runSchema } from './run-schema.ts';

/** One place in the JSON where it is not what the schema says. */
export interface RunProblem {
  /** `cells[2].results[0].verdict`; empty for the whole. */
  readonly path: string;
  readonly words: string;
}

/** The text is not JSON, is another schema's, or does not follow the schema. */
export class RunError extends Error {
  override readonly name = 'RunError';
  readonly code: 'not-json' | 'other-schema' | 'invalid';
  readonly clause = 'docs/run-schema.md';
  readonly problems: readonly RunProblem[];

  constructor(code: RunError['code'], message: string, problems: readonly RunProblem[] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}

/**
 * Reads a `run.json`: its text, or the value already parsed. What is returned is the value as it was given,
 * with every field a newer writer may have added.
 * @throws RunError with the places that violate the schema
 */
export function parseRun(json: unknown): Run {
  const value = fromText(json);
  const schema = isRecord(value) ? value.schema : undefined;
  if (typeof schema === 'string' && schema !== RUN_SCHEMA_ID) {
    throw new RunError('other-schema', `This is "${schema}"; "${RUN_SCHEMA_ID}" is what can be read.`);
  }
  return checked(runSchema, value, 'run') as Run;
}

/**
 * Reads a `cell.json`: its text, or the value already parsed.
 * @throws RunError with the places that violate the schema
 */
export function parseCell(json: unknown): Cell {
  return checked(cellSchema, fromText(json), 'cell') as Cell;
}

function fromText(json: unknown): unknown {
  if (typeof json !== 'string') return json;
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new RunError('not-json', `Not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function checked(schema: z.ZodType, value: unknown, noun: string): unknown {
  const outcome = schema.safeParse(value);
  if (outcome.success) return value;
  const problems = outcome.error.issues.map((issue) => ({ path: toPath(issue.path), words: issue.message }));
  const first = problems[0]!;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new RunError(
    'invalid',
    `Not a valid ${noun}: ${first.path || 'it'}: ${first.words}${more}`,
    problems,
  );
}

function toPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) =>
      typeof key === 'number' ? `[${key}]` : index === 0 ? String(key) : `.${String(key)}`,
    )
    .join('');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
