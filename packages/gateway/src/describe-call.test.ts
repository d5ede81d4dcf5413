import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeCall } from './describe-call.ts';

describe('docs/call-states.md', () => {
  it('has the tables that the code has', () => {
    const page = readFileSync(new URL('../../../docs/call-states.md', import.meta.url), 'utf8');
    const tables = page
      .split('<!-- tables: written from the code -->')[1]
      ?.split('<!-- end of tables -->')[0];
    expect(tables?.trim()).toBe(describeCall());
  });
});
