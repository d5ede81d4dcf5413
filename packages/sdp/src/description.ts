import type { Line } from './line.ts';

/** Lines that belong together. `text` is always the lines' exact text joined. */
export interface Section {
  readonly lines: readonly Line[];
  readonly text: string;
}

/** Everything before the first m= line. */
export type SessionSection = Section;

/** One m= line with what follows it, up to the next. The fields repeat the m= line's value. */
export interface MediaDescription extends Section {
  /** `audio`, `video`, `application` ... */
  readonly media: string;
  /** 0 means rejected or disabled. */
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
}

/**
 * A parsed session description: immutable and plain. Change it through the lenses, which share what did not change;
 * unchanged lines keep their exact text, so that `write(parse(text)) === text`. Strings in it may be views into the
 * parsed text and keep it alive.
 */
export interface SessionDescription {
  readonly session: SessionSection;
  readonly media: readonly MediaDescription[];
}
