import type { AttributeName, AttributeValues } from './attributes/grammar.ts';
import type { Direction } from './attributes/stream-attributes.ts';
import type { SessionDescription } from './description.ts';
import { type Codec, joinCodecs } from './lenses/codecs.ts';
import type { IceCredentials } from './lenses/ice.ts';
import { DEFAULT_LIMITS, type SdpLimits } from './limits.ts';
import { endingOf, type Line, type MediaLine } from './line.ts';
import { contentEnd, indexLines, type LineIndex } from './line-index.ts';
import { attributeLine } from './make-line.ts';
import { parseIndexed } from './parse.ts';
import { parseLineAt } from './parse-line.ts';

const LOWER_A = 97;
const COLON = 58;
const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/**
 * Checks the line structure of a text (RFC 8866 section 5) and reads nothing more: for paths that look at a few
 * attributes or change one line. Throws the SdpError that `parse` would throw for the structure; a value that cannot be
 * read shows when it is asked for. Takes linear time.
 */
export function open(text: string, limits: SdpLimits = DEFAULT_LIMITS): LazyDescription {
  return new LazyDescription(text, limits, indexLines(text, limits));
}

/**
 * A description read on demand. Immutable: an edit gives a new one, whose text is the old one's sliced. In every
 * method section -1 is the session part and 0 the first m-section.
 */
export class LazyDescription {
  readonly text: string;
  readonly #limits: SdpLimits;
  #index: LineIndex | undefined;
  #typed: SessionDescription | undefined;

  /** Use `open`; the index is left out after an edit, to be made when it is needed. */
  constructor(text: string, limits: SdpLimits, index?: LineIndex) {
    this.text = text;
    this.#limits = limits;
    this.#index = index;
  }

  /** Number of m-sections. */
  get mediaCount(): number {
    return this.#lineIndex().mediaLines.length;
  }

  /** The whole description, every line typed; read once. Throws SdpError. */
  typed(): SessionDescription {
    this.#typed ??= parseIndexed(this.text, this.#lineIndex());
    return this.#typed;
  }

  /** Value of the first attribute of this name in the section, or undefined. */
  first<K extends AttributeName>(section: number, name: K): AttributeValues[K] | undefined {
    const { starts } = this.#lineIndex();
    const last = this.#sectionEnd(section);
    for (let line = this.#sectionStart(section); line < last; line++) {
      if (!this.#isNamed(starts[line]!, starts[line + 1]!, name)) continue;
      const read = this.#line(line);
      if (read.kind === name) return read.value as AttributeValues[K];
    }
    return undefined;
  }

  /** Values of all attributes of this name in the section, in order. */
  all<K extends AttributeName>(section: number, name: K): AttributeValues[K][] {
    const values: AttributeValues[K][] = [];
    const { starts } = this.#lineIndex();
    const last = this.#sectionEnd(section);
    for (let line = this.#sectionStart(section); line < last; line++) {
      if (!this.#isNamed(starts[line]!, starts[line + 1]!, name)) continue;
      const read = this.#line(line);
      if (read.kind === name) values.push(read.value as AttributeValues[K]);
    }
    return values;
  }

  /** How many lines of the section are attributes of this name; their values are not read. */
  count(section: number, name: AttributeName): number {
    let found = 0;
    const { starts } = this.#lineIndex();
    const last = this.#sectionEnd(section);
    for (let line = this.#sectionStart(section); line < last; line++) {
      if (this.#isNamed(starts[line]!, starts[line + 1]!, name)) found++;
    }
    return found;
  }

  /** Direction of an m-section: its own, else the session's, else sendrecv (RFC 8866 section 6.7). */
  direction(section: number): Direction {
    return this.#ownDirection(section) ?? this.#ownDirection(-1) ?? 'sendrecv';
  }

  /** Credentials of an m-section, each its own or else the session's; undefined without both. */
  iceCredentials(section: number): IceCredentials | undefined {
    const ufrag = this.first(section, 'ice-ufrag') ?? this.first(-1, 'ice-ufrag');
    const pwd = this.first(section, 'ice-pwd') ?? this.first(-1, 'ice-pwd');
    return ufrag === undefined || pwd === undefined ? undefined : { ufrag, pwd };
  }

  /** Value of an m= line. Throws SdpError when it cannot be read, RangeError when there is none. */
  mediaLine(section: number): MediaLine {
    const line = this.#line(this.#sectionStart(section));
    if (line.kind !== 'm') throw new RangeError(`no m-section ${section}`);
    return line.value;
  }

  /** The codecs of an m-section, as `codecs` joins them; only their lines are read. */
  codecs(section: number): Codec[] {
    const lines: Line[] = [];
    const { starts } = this.#lineIndex();
    const last = this.#sectionEnd(section);
    for (let line = this.#sectionStart(section) + 1; line < last; line++) {
      const start = starts[line]!;
      const next = starts[line + 1]!;
      const named =
        this.#isNamed(start, next, 'rtpmap') ||
        this.#isNamed(start, next, 'fmtp') ||
        this.#isNamed(start, next, 'rtcp-fb');
      if (named) lines.push(this.#line(line));
    }
    return joinCodecs(this.mediaLine(section), lines);
  }

  /** Exact text of a section. */
  sectionText(section: number): string {
    const { starts } = this.#lineIndex();
    return this.text.slice(starts[this.#sectionStart(section)]!, starts[this.#sectionEnd(section)]!);
  }

  /** With the first attribute of this name in the section set to value, or added at the section's end. */
  replaceAttribute<K extends AttributeName>(
    section: number,
    name: K,
    value: AttributeValues[K],
  ): LazyDescription {
    const { starts } = this.#lineIndex();
    const last = this.#sectionEnd(section);
    for (let line = this.#sectionStart(section); line < last; line++) {
      const start = starts[line]!;
      const next = starts[line + 1]!;
      if (!this.#isNamed(start, next, name) || this.#line(line).kind !== name) continue;
      const ending = this.text.slice(contentEnd(this.text, start, next), next);
      return this.#splice(start, next, attributeLine(name, value, ending).raw);
    }
    return this.addAttribute(section, name, value);
  }

  /** With one more attribute at the section's end. */
  addAttribute<K extends AttributeName>(
    section: number,
    name: K,
    value: AttributeValues[K],
  ): LazyDescription {
    const { starts } = this.#lineIndex();
    let last = this.#sectionEnd(section);
    while (contentEnd(this.text, starts[last - 1]!, starts[last]!) === starts[last - 1]!) last--;
    const start = starts[this.#sectionStart(section)]!;
    const ending = endingOf(this.text.slice(start, starts[this.#sectionStart(section) + 1]!)) || '\r\n';
    const at = starts[last]!;
    const { raw } = attributeLine(name, value, ending);
    const open = at === this.text.length && !this.text.endsWith('\n');
    return this.#splice(at, at, open ? ending + raw : raw);
  }

  /** Without the attributes of this name in the section. */
  withoutAttribute(section: number, name: AttributeName): LazyDescription {
    const { starts } = this.#lineIndex();
    const last = this.#sectionEnd(section);
    let text = '';
    let copied = 0;
    for (let line = this.#sectionStart(section); line < last; line++) {
      const start = starts[line]!;
      if (!this.#isNamed(start, starts[line + 1]!, name) || this.#line(line).kind !== name) continue;
      text += this.text.slice(copied, start);
      copied = starts[line + 1]!;
    }
    return copied === 0 ? this : new LazyDescription(text + this.text.slice(copied), this.#limits);
  }

  #ownDirection(section: number): Direction | undefined {
    const { starts } = this.#lineIndex();
    const last = this.#sectionEnd(section);
    for (let line = this.#sectionStart(section); line < last; line++) {
      const start = starts[line]!;
      const next = starts[line + 1]!;
      for (const name of DIRECTIONS) {
        if (this.#isNamed(start, next, name) && this.#line(line).kind === name) return name;
      }
    }
    return undefined;
  }

  #lineIndex(): LineIndex {
    this.#index ??= indexLines(this.text, this.#limits);
    return this.#index;
  }

  #sectionStart(section: number): number {
    if (section < 0) return 0;
    const first = this.#lineIndex().mediaLines[section];
    if (first === undefined) throw new RangeError(`no m-section ${section}`);
    return first;
  }

  #sectionEnd(section: number): number {
    const { mediaLines, starts } = this.#lineIndex();
    return mediaLines[section < 0 ? 0 : section + 1] ?? starts.length - 1;
  }

  #line(line: number): Line {
    const { starts } = this.#lineIndex();
    const start = starts[line]!;
    const next = starts[line + 1]!;
    return parseLineAt(this.text, start, contentEnd(this.text, start, next), next, line);
  }

  // Whether the line is `a=name`, followed by a colon, a space or its end.
  #isNamed(start: number, next: number, name: string): boolean {
    const { text } = this;
    if (text.charCodeAt(start) !== LOWER_A || text.charCodeAt(start + 2) !== name.charCodeAt(0)) return false;
    const end = start + 2 + name.length;
    if (end > next || !text.startsWith(name, start + 2)) return false;
    return end === next || text.charCodeAt(end) <= 32 || text.charCodeAt(end) === COLON;
  }

  #splice(from: number, to: number, raw: string): LazyDescription {
    return new LazyDescription(this.text.slice(0, from) + raw + this.text.slice(to), this.#limits);
  }
}
