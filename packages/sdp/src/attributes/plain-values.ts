import { numberAt, SPACE, spaceAt, tokensAt } from '../scan.ts';
import type { Sink } from '../sink.ts';
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
    writeText,
  );
}

/** Free text: `a=tool:baresip 1.0.0`. */
export function textRow(level: AttributeLevel, clause: string, sample: string): AttributeRow<string> {
  return valueRow(
    level,
    clause,
    sample,
    (source, from, end) => (from < end ? source.text.slice(from, end) : undefined),
    writeText,
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
    writeTokens,
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
    writeNumber,
  );
}

/** A decimal fraction: `a=framerate:29.97`. */
export function decimalRow(level: AttributeLevel, clause: string, sample: string): AttributeRow<number> {
  return valueRow(level, clause, sample, parseDecimal, writeNumber);
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

function writeText(out: Sink, value: string): void {
  out.text(value);
}

function writeNumber(out: Sink, value: number): void {
  out.number(value);
}

/** The tokens with a space between. */
export function writeTokens(out: Sink, tokens: readonly string[]): void {
  for (let at = 0; at < tokens.length; at++) {
    if (at > 0) out.code(SPACE);
    out.text(tokens[at]!);
  }
}
