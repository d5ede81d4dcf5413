import type { Sink } from '../sink.ts';
import type { Source } from '../source.ts';

/** Where an attribute may stand. */
export type AttributeLevel = 'session' | 'media' | 'both';

/**
 * One attribute of the grammar. `parse` reads source[from, end), the value after the colon without trailing
 * spaces, and gives undefined when it is malformed; `write` puts that value's text into the sink.
 */
export interface AttributeRow<V> {
  readonly level: AttributeLevel;
  /** The clause that defines it. */
  readonly clause: string;
  /** A real line, without its ending; parse and write are tested on it. */
  readonly sample: string;
  /** True for a property attribute (`a=rtcp-mux`): no colon, no value. */
  readonly flag: boolean;
  readonly parse: (source: Source, from: number, end: number) => V | undefined;
  readonly write: (out: Sink, value: V) => void;
}

/** A property attribute: its value is that it is there. */
export function flagRow(level: AttributeLevel, clause: string, sample: string): AttributeRow<true> {
  return { level, clause, sample, flag: true, parse: () => true, write: () => undefined };
}

/** An attribute whose value is read by parse and written by write. */
export function valueRow<V>(
  level: AttributeLevel,
  clause: string,
  sample: string,
  parse: (source: Source, from: number, end: number) => V | undefined,
  write: (out: Sink, value: V) => void,
): AttributeRow<V> {
  return { level, clause, sample, flag: false, parse, write };
}
