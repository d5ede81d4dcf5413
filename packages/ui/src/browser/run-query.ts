import type { Cell, CheckResult } from '@crosspoint/report';

/** One condition of a search: a text, perhaps in one field, perhaps not to be there. */
export interface QueryTerm {
  readonly field: QueryField | undefined;
  readonly text: string;
  readonly not: boolean;
}

const FIELDS = ['verdict', 'check', 'cause', 'caller', 'callee', 'topology', 'transport'] as const;
export type QueryField = (typeof FIELDS)[number];

/**
 * Reads a search: words that must all be there, `verdict:failed` for a word in one field, `"two words"`, and
 * `-word` for one that must not be there. Case does not matter. An unknown field is taken as text.
 */
export function parseQuery(text: string): QueryTerm[] {
  return [...text.matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/gi)].flatMap(
    ([whole, minus, name, quoted, word]) => {
      const field = FIELDS.find((known) => known === name?.toLowerCase());
      const value = (quoted ?? word ?? '').toLowerCase();
      const wanted =
        name !== undefined && field === undefined ? whole.slice(minus!.length).toLowerCase() : value;
      return wanted === '' ? [] : [{ field, text: wanted, not: minus === '-' }];
    },
  );
}

/** Whether a check of a cell is what is searched for. No terms match everything. */
export function matchesQuery(terms: readonly QueryTerm[], cell: Cell, result: CheckResult): boolean {
  return terms.every(({ field, text, not }) => {
    const found =
      field === undefined
        ? everything(cell, result).some((value) => value.toLowerCase().includes(text))
        : valuesOf(field, cell, result).some((value) => value.toLowerCase().startsWith(text));
    return found !== not;
  });
}

function valuesOf(field: QueryField, cell: Cell, result: CheckResult): readonly string[] {
  switch (field) {
    case 'verdict':
      return [result.verdict];
    case 'check':
      return [result.check];
    case 'cause':
      return (result.diagnosis ?? []).map(({ cause }) => cause);
    case 'caller':
    case 'callee':
    case 'topology':
    case 'transport':
      return [cell[field]];
  }
}

function everything(cell: Cell, result: CheckResult): readonly string[] {
  return [
    cell.id,
    result.check,
    result.title,
    result.verdict,
    result.reason,
    result.clause ?? '',
    ...(result.diagnosis ?? []).flatMap(({ cause, words, clause }) => [cause, words, clause]),
  ];
}
