import { numberAt, spaceAt, tokensAt } from '../scan.ts';
import type { Source } from '../source.ts';
import { type AttributeLevel, type AttributeRow, valueRow } from './row.ts';

/** One token without spaces: `a=mid:0`. */
export function tokenRow(level: AttributeLevel, clause: string, sample: string): AttributeRow<string> {
  return valueRow(
    level,
    clause,
    sample,
    (source, from, end) =>
      from < end && spaceAt(source, from, end) === end ? source.text.slice(from, end) : undefined,
    (value) => value,
  );
}

/** Free text: `a=tool:baresip 1.0.0`. */
export function textRow(level: AttributeLevel, clause: string, sample: string): AttributeRow<string> {
  return valueRow(
    level,
    clause,
    sample,
    (source, from, end) => (from < end ? source.text.slice(from, end) : undefined),
    (value) => value,
  );
}

/** A list of tokens between spaces: `a=ice-options:trickle ice2`. */
export function tokensRow(
  level: AttributeLevel,
  clause: string,
  sample: string,
): AttributeRow<readonly string[]> {
  return valueRow<readonly string[]>(
    level,
    clause,
    sample,
    (source, from, end) => (from < end ? tokensAt(source, from, end) : undefined),
    (value) => value.join(' '),
  );
}

/** An unsigned integer: `a=ptime:20`. */
export function integerRow(level: AttributeLevel, clause: string, sample: string): AttributeRow<number> {
  return valueRow(
    level,
    clause,
    sample,
    (source, from, end) => {
      const value = numberAt(source, from, end);
      return value < 0 ? undefined : value;
    },
    String,
  );
}

/** A decimal fraction: `a=framerate:29.97`. */
export function decimalRow(level: AttributeLevel, clause: string, sample: string): AttributeRow<number> {
  return valueRow(level, clause, sample, parseDecimal, String);
}

function parseDecimal(source: Source, from: number, end: number): number | undefined {
  let points = 0;
  for (let at = from; at < end; at++) {
    const code = source.codes[at]!;
    if (code === 46) points++;
    else if (code < 48 || code > 57) return undefined;
  }
  if (from >= end || points > 1 || end - from > 15) return undefined;
  const value = Number(source.text.slice(from, end));
  return Number.isNaN(value) ? undefined : value;
}
