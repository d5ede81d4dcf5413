import { type HeaderName, headerNamed } from './header-names.ts';
import { afterSpace, beforeSpace, unfold } from './scan.ts';
import { type Source, sourceOf } from './source.ts';

const CR = 13;
const SPACE = 32;

/**
 * One header field as it stands in its text: name, colon, value with folds, line ending. Immutable, so that edited
 * messages share it; what has been read of it is kept with it.
 */
export class HeaderField {
  /** What it stands in. */
  readonly source: Source;
  readonly start: number;
  readonly nameEnd: number;
  /** Behind the colon. */
  readonly valueStart: number;
  /** Behind its last line ending. */
  readonly next: number;
  readonly isFolded: boolean;
  /** Its value as the typed reader of its header gave it. */
  typed: unknown = undefined;
  // Undefined until it is asked for where the name is not one this library knows.
  private named: HeaderName | undefined;

  constructor(
    named: HeaderName | undefined,
    source: Source,
    start: number,
    nameEnd: number,
    valueStart: number,
    next: number,
    isFolded: boolean,
  ) {
    this.named = named;
    this.source = source;
    this.start = start;
    this.nameEnd = nameEnd;
    this.valueStart = valueStart;
    this.next = next;
    this.isFolded = isFolded;
  }

  get header(): HeaderName {
    this.named ??= headerNamed(this.name);
    return this.named;
  }

  /** Long name in lower case. */
  get key(): string {
    return this.header.key;
  }

  isOf(header: HeaderName): boolean {
    return header.isKnown ? this.named === header : this.key === header.key;
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
    return this.lineOf(this.from, this.end);
  }

  /** A piece of its text on one line. */
  lineOf(from: number, end: number): string {
    const text = this.source.text.slice(from, end);
    return this.isFolded ? unfold(text) : text;
  }

  /** First character of the value. */
  get from(): number {
    const { valueStart } = this;
    const { codes } = this.source;
    // One space stands behind nearly every colon.
    return codes[valueStart] === SPACE && codes[valueStart + 1]! > SPACE
      ? valueStart + 1
      : afterSpace(codes, valueStart, this.next);
  }

  /** Behind the last character of the value. */
  get end(): number {
    const { next } = this;
    const { codes } = this.source;
    // Behind the value stand CR and LF, mostly nothing else.
    return next - 2 > this.valueStart && codes[next - 2] === CR && codes[next - 3]! > SPACE
      ? next - 2
      : beforeSpace(codes, this.valueStart, next);
  }
}

/** A field made of a name and a value. */
export function makeField(header: HeaderName, name: string, value: string): HeaderField {
  const text = `${name}: ${value}\r\n`;
  const { length } = name;
  return new HeaderField(header, sourceOf(text), 0, length, length + 1, text.length, value.includes('\n'));
}
