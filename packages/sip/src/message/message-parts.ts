import type { HeaderField } from './field.ts';
import type { FirstFields } from './head.ts';
import type { HeadEncoding } from './head-text.ts';

/** Everything of a message but its start line's meaning. */
export interface MessageParts {
  /** The start line with its ending, and the empty lines before it. */
  readonly startLine: string;
  readonly fields: readonly HeaderField[];
  /** The first fields of the headers that are asked for most, while nothing is changed. */
  readonly firsts?: FirstFields;
  readonly body: Uint8Array;
  readonly encoding: HeadEncoding;
  /** The bytes it was read from, while nothing is changed. */
  readonly bytes: Uint8Array | undefined;
}

/** The parts of a message with other fields and body. */
export function partsOf(
  { startLine, encoding }: MessageParts,
  fields: readonly HeaderField[],
  body: Uint8Array,
): MessageParts {
  return { startLine, fields, body, encoding, bytes: undefined };
}
