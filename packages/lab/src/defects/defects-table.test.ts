import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFECTS } from './defects.ts';

const PAGE = readFileSync(new URL('../../../../docs/adding-a-defect.md', import.meta.url), 'utf8');

function rows(heading: string): string[][] {
  const from = PAGE.indexOf(`## ${heading}\n`);
  const to = PAGE.indexOf('\n## ', from + 1);
  return PAGE.slice(from, to < 0 ? undefined : to)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) => line.slice(2, -2).split(' | '));
}

describe('docs/adding-a-defect.md', () => {
  it('lists every defect as it is', () => {
    expect(rows('The defects')).toEqual(
      DEFECTS.map(({ id, title, clause, check }) => [`\`${id}\``, title, clause, `\`${check}\``]),
    );
  });

  it('gives a reason for every case that is left out, and seeds none of them', () => {
    const left = rows('Cases left out');
    expect(left.length).toBeGreaterThan(10);
    for (const [name, reason] of left) {
      expect(reason?.length, name).toBeGreaterThan(20);
      for (const id of name?.match(/`[^`]+`/g) ?? []) {
        // A case of which one kind is seeded and another is not says so.
        if (!name?.includes(`${id} by `))
          expect(
            DEFECTS.map((defect) => `\`${defect.id}\``),
            name,
          ).not.toContain(id);
      }
    }
  });
});
