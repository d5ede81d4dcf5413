import { z } from 'zod';
import { runSchema } from './run-schema.ts';

/** The schema of `run.json` as JSON Schema (draft 2020-12), the text of `run.schema.json`. */
export function writeRunJsonSchema(): string {
  const schema = z.toJSONSchema(runSchema, { io: 'input', target: 'draft-2020-12' });
  const { $schema, ...rest } = schema;
  const named = { $schema, $id: 'urn:crosspoint:run:1', title: 'A run of the Crosspoint matrix', ...rest };
  return `${JSON.stringify(named, null, 2)}\n`;
}
