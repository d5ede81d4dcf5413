import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeRunJsonSchema } from './json-schema.ts';

const published = readFileSync(new URL('../run.schema.json', import.meta.url), 'utf8');
const guide = readFileSync(new URL('../../../docs/run-schema.md', import.meta.url), 'utf8');

describe('run.schema.json', () => {
  it('is what the schema says now (npx tsx packages/report/scripts/write-schema.ts writes it)', () => {
    expect(published).toBe(writeRunJsonSchema());
  });

  it('requires what is always there and allows what it does not know', () => {
    const schema = JSON.parse(published) as { required: string[]; additionalProperties?: unknown };
    expect(schema.required).toContain('totals');
    expect(schema.required).not.toContain('interrupted');
    expect(schema.additionalProperties).toBeUndefined();
  });
});

describe('docs/run-schema.md', () => {
  it('names every field there is', () => {
    const names = new Set(fieldNames(JSON.parse(published)));
    expect(names.size).toBeGreaterThan(50);
    expect([...names].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });
});

function fieldNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(fieldNames)];
}
