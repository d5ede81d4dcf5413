import { afterSpace, beforeSpace, unfold } from './scan.ts';
import { type Source, sourceOf } from './source.ts';

/**
 * One header field as it stands in its text: name, colon, value with folds, line ending. Immutable, so that edited
 * messages share it; what has been read of it is kept with it.
 */
export class HeaderField {
  /** Long name in lower case. */
  readonly key: string;
  /** What it stands in. */
  readonly source: Source;
  readonly start: number;
  readonly nameEnd: number;
  /** Behind the colon. */
  readonly valueStart: number;
  /** Behind its last line ending. */
  readonly next: number;
  /** Its value as the typed reader of its header gave it. */
  typed: unknown = undefined;

  constructor(key: string, source: Source, start: number, nameEnd: number, valueStart: number, next: number) {
    this.key = key;
    this.source = source;
    this.start = start;
    this.nameEnd = nameEnd;
    this.valueStart = valueStart;
    this.next = next;
  }

  /** The text it stands in. */
  get text(): string {
    return this.source.text;
  }

  /** Name as written. */
  get name(): string {
    return this.text.slice(this.start, this.nameEnd);
  }

  /** The field with its line ending, as written. */
  get raw(): string {
    return this.text.slice(this.start, this.next);
  }

  /** Its value on one line, without the white space around it. */
  get value(): string {
    return unfold(this.text.slice(this.from, this.end));
  }

  /** First character of the value. */
  get from(): number {
    return afterSpace(this.source.codes, this.valueStart, this.next);
  }

  /** Behind the last character of the value. */
  get end(): number {
    return beforeSpace(this.source.codes, this.valueStart, this.next);
  }
}

/** A field made of a name and a value. */
export function makeField(key: string, name: string, value: string): HeaderField {
  const text = `${name}: ${value}\r\n`;
  return new HeaderField(key, sourceOf(text), 0, name.length, name.length + 1, text.length);
}
