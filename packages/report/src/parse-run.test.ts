import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { sampleCell, sampleRun } from './fixtures/sample-run.ts';
import { parseCell, parseRun, type Run, RunError, runSchema } from './index.ts';

type Frozen<T> = T extends string | number | boolean | undefined
  ? T
  : T extends readonly (infer E)[]
    ? readonly Frozen<E>[]
    : { readonly [K in keyof T]: Frozen<T[K]> };

function errorOf(json: unknown): RunError {
  try {
    parseRun(json);
  } catch (error) {
    if (error instanceof RunError) return error;
  }
  throw new Error('expected a RunError');
}

describe('parseRun', () => {
  it('reads text and value alike, and keeps what it does not know', () => {
    expect(parseRun(JSON.stringify(sampleRun))).toEqual(sampleRun);
    const newer = { ...sampleRun, weather: 'fine' };
    expect(parseRun(newer)).toBe(newer);
  });

  it('declares in types exactly what the schema checks', () => {
    const fromSchema = (value: Frozen<z.infer<typeof runSchema>>): Run => value;
    const toSchema = (value: Run): Frozen<z.infer<typeof runSchema>> => value;
    expect(runSchema.parse(toSchema(fromSchema(sampleRun)))).toEqual(sampleRun);
  });

  it('names the place that violates the schema', () => {
    const cell = sampleCell('a', 'b');
    const bad = {
      ...sampleRun,
      cells: [cell, { ...cell, results: [{ ...cell.results[0], verdict: 'green' }] }],
    };
    const error = errorOf(bad);
    expect(error.code).toBe('invalid');
    expect(error.problems.map((problem) => problem.path)).toEqual(['cells[1].results[0].verdict']);
    expect(error.message).toContain('cells[1].results[0].verdict');
  });

  it.each([
    [
      'an empty reason',
      { results: [{ ...sampleCell('a', 'b').results[0], reason: '' }] },
      'cells[0].results[0].reason',
    ],
    [
      'an optional field set to undefined',
      { results: [{ ...sampleCell('a', 'b').results[0], proof: undefined }] },
      'cells[0].results[0].proof',
    ],
    ['an unknown transport', { transport: 'pigeon' }, 'cells[0].transport'],
    ['a negative duration', { durationMs: -1 }, 'cells[0].durationMs'],
    ['a start that is no time', { startedAt: 'yesterday' }, 'cells[0].startedAt'],
  ])('refuses %s', (_, changes, path) => {
    const error = errorOf({ ...sampleRun, cells: [{ ...sampleCell('a', 'b'), ...changes }] });
    expect(error.problems[0]?.path).toBe(path);
  });

  it('tells bad JSON and another schema from an invalid run', () => {
    expect(errorOf('{').code).toBe('not-json');
    expect(errorOf({ ...sampleRun, schema: 'crosspoint.run/2' }).code).toBe('other-schema');
    expect(errorOf(null).code).toBe('invalid');
    expect(errorOf({}).problems.length).toBeGreaterThan(5);
  });
});

describe('parseCell', () => {
  it('reads a cell and refuses what is none', () => {
    const cell = sampleCell('a', 'b');
    expect(parseCell(JSON.stringify(cell))).toEqual(cell);
    expect(() => parseCell({ ...cell, id: '' })).toThrow(/Not a valid cell: id/);
  });
});
