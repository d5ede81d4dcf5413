import { sourceOf } from '../source.ts';
import { CODEC_ATTRIBUTES } from './codec-attributes.ts';
import { nameKey, slotOf } from './name-key.ts';
import type { AttributeRow } from './row.ts';
import { STREAM_ATTRIBUTES } from './stream-attributes.ts';
import { TRANSPORT_ATTRIBUTES } from './transport-attributes.ts';

/** Every attribute the library reads typed: the one table behind the parser, the writer and the lint rules. */
export const ATTRIBUTES = { ...CODEC_ATTRIBUTES, ...STREAM_ATTRIBUTES, ...TRANSPORT_ATTRIBUTES } as const;

export type AttributeName = keyof typeof ATTRIBUTES;

/** The type of each attribute's value. */
export type AttributeValues = {
  readonly [K in AttributeName]: (typeof ATTRIBUTES)[K] extends AttributeRow<infer V> ? V : never;
};

/** A row as the parser sees it: name and type of value are not connected any more. */
export interface AnyAttributeRow extends AttributeRow<never> {
  readonly name: AttributeName;
  readonly nameCodes: Uint8Array;
  readonly key: number;
  readonly slot: number;
  /** `a=name:`, or all of the line for a property attribute. */
  readonly prefix: string;
  readonly prefixCodes: Uint8Array;
}

/** The rows in a fixed order; an attribute's number is its place here. */
export const ATTRIBUTE_ROWS: readonly AnyAttributeRow[] = Object.entries(ATTRIBUTES).map(([name, row]) => ({
  name: name as AttributeName,
  nameCodes: sourceOf(name).codes,
  key: keyOf(name),
  slot: slotOf(keyOf(name)),
  prefix: prefixOf(name, row.flag),
  prefixCodes: sourceOf(prefixOf(name, row.flag)).codes,
  level: row.level,
  clause: row.clause,
  sample: row.sample,
  flag: row.flag,
  parse: row.parse as AnyAttributeRow['parse'],
  write: row.write as AnyAttributeRow['write'],
}));

function keyOf(name: string): number {
  return nameKey(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2));
}

function prefixOf(name: string, flag: boolean): string {
  return flag ? `a=${name}` : `a=${name}:`;
}

const ROW_BY_NAME: ReadonlyMap<string, AnyAttributeRow> = new Map(
  ATTRIBUTE_ROWS.map((row) => [row.name, row]),
);

/** The row of an attribute, or undefined for a kind of line that is none. */
export function attributeRow(kind: string): AnyAttributeRow | undefined {
  return ROW_BY_NAME.get(kind);
}
