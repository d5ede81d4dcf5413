import {
  type AnyAttributeRow,
  type AttributeName,
  type AttributeValues,
  attributeRow,
} from './attributes/grammar.ts';
import type { Direction } from './attributes/stream-attributes.ts';
import type { SessionDescription } from './description.ts';
import { type Codec, type CodecLine, joinCodecs } from './lenses/codecs.ts';
import type { IceCredentials } from './lenses/ice.ts';
import { DEFAULT_LIMITS, type SdpLimits } from './limits.ts';
import { endingOf, type Line, type MediaLine } from './line.ts';
import { indexLines, type LineIndex } from './line-index.ts';
import { attributeLine } from './make-line.ts';
import { parseIndexed } from './parse.ts';
import { attributeValueAt, parseLine } from './parse-line.ts';
import { type Source, scratchSource } from './source.ts';

const LOWER_A = 97;
const COLON = 58;

/** The first three characters of a name in one number; every attribute of the grammar has three. */
function nameKey(name: string): number {
  return (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2);
}

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
const SEND_KEY = nameKey('sendrecv');
const RECEIVE_KEY = nameKey('recvonly');
const INACTIVE_KEY = nameKey('inactive');
const RTPMAP_KEY = nameKey('rtpmap');
const FMTP_KEY = nameKey('fmtp');
const FEEDBACK_KEY = nameKey('rtcp-fb');

const RTPMAP = attributeRow('rtpmap')!;
const FMTP = attributeRow('fmtp')!;
const FEEDBACK = attributeRow('rtcp-fb')!;

function codecRow(key: number): AnyAttributeRow | undefined {
  if (key === RTPMAP_KEY) return RTPMAP;
  if (key === FMTP_KEY) return FMTP;
  return key === FEEDBACK_KEY ? FEEDBACK : undefined;
}

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
  readonly #keys: (readonly number[] | undefined)[] = [];
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
    this.#typed ??= parseIndexed(this.#codes(), this.#lineIndex());
    return this.#typed;
  }

  /** Value of the first attribute of this name in the section, or undefined. */
  first<K extends AttributeName>(section: number, name: K): AttributeValues[K] | undefined {
    const key = nameKey(name);
    let line = this.#find(section, this.#sectionStart(section), name, key);
    while (line >= 0) {
      const value = this.#value(line, name);
      if (value !== undefined) return value;
      line = this.#find(section, line + 1, name, key);
    }
    return undefined;
  }

  /** Values of all attributes of this name in the section, in order. */
  all<K extends AttributeName>(section: number, name: K): AttributeValues[K][] {
    const values: AttributeValues[K][] = [];
    const key = nameKey(name);
    let line = this.#find(section, this.#sectionStart(section), name, key);
    while (line >= 0) {
      const value = this.#value(line, name);
      if (value !== undefined) values.push(value);
      line = this.#find(section, line + 1, name, key);
    }
    return values;
  }

  /** How many lines of the section are attributes of this name; their values are not read. */
  count(section: number, name: AttributeName): number {
    let found = 0;
    const key = nameKey(name);
    let line = this.#find(section, this.#sectionStart(section), name, key);
    while (line >= 0) {
      found++;
      line = this.#find(section, line + 1, name, key);
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

  /** What an m-section is of: `audio`, `video`, `application` ... Throws RangeError when there is none. */
  media(section: number): string {
    const { starts, ends } = this.#lineIndex();
    const line = this.#sectionStart(Math.max(section, 0));
    const { text } = this;
    const space = text.indexOf(' ', starts[line]!);
    const end = ends[line]!;
    return text.slice(starts[line]! + 2, space < 0 || space > end ? end : space);
  }

  /** Value of an m= line. Throws SdpError when it cannot be read, RangeError when there is none. */
  mediaLine(section: number): MediaLine {
    const line = this.#line(this.#sectionStart(section));
    if (line.kind !== 'm') throw new RangeError(`no m-section ${section}`);
    return line.value;
  }

  /** The codecs of an m-section, as `codecs` joins them; only their lines are read. */
  codecs(section: number): Codec[] {
    const lines: CodecLine[] = [];
    const keys = this.#nameKeys(section);
    const { starts, ends } = this.#lineIndex();
    const source = this.#codes();
    const first = this.#sectionStart(section);
    for (let at = 1; at < keys.length; at++) {
      const row = codecRow(keys[at]!);
      const line = first + at;
      if (row === undefined || !this.#isNamed(line, row.name)) continue;
      const value = attributeValueAt(source, starts[line]!, ends[line]!, row);
      if (value !== undefined) lines.push({ kind: row.name, value } as CodecLine);
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
    const line = this.#findLine(section, name);
    if (line < 0) return this.addAttribute(section, name, value);
    const { starts, ends } = this.#lineIndex();
    const next = starts[line + 1]!;
    const ending = this.text.slice(ends[line]!, next);
    return this.#splice(starts[line]!, next, attributeLine(name, value, ending).raw);
  }

  /** With one more attribute at the section's end. */
  addAttribute<K extends AttributeName>(
    section: number,
    name: K,
    value: AttributeValues[K],
  ): LazyDescription {
    const { starts, ends } = this.#lineIndex();
    let last = this.#sectionEnd(section);
    while (ends[last - 1] === starts[last - 1]) last--;
    const start = starts[this.#sectionStart(section)]!;
    const ending = endingOf(this.text.slice(start, starts[this.#sectionStart(section) + 1]!)) || '\r\n';
    const at = starts[last]!;
    const { raw } = attributeLine(name, value, ending);
    const unended = at === this.text.length && !this.text.endsWith('\n');
    return this.#splice(at, at, unended ? ending + raw : raw);
  }

  /** Without the attributes of this name in the section. */
  withoutAttribute(section: number, name: AttributeName): LazyDescription {
    const { starts } = this.#lineIndex();
    const key = nameKey(name);
    let text = '';
    let copied = 0;
    let line = this.#find(section, this.#sectionStart(section), name, key);
    while (line >= 0) {
      if (this.#value(line, name) !== undefined) {
        text += this.text.slice(copied, starts[line]!);
        copied = starts[line + 1]!;
      }
      line = this.#find(section, line + 1, name, key);
    }
    return copied === 0 ? this : new LazyDescription(text + this.text.slice(copied), this.#limits);
  }

  // The value of a line whose name has been found to be `name`; undefined when it is malformed.
  #value<K extends AttributeName>(line: number, name: K): AttributeValues[K] | undefined {
    const { starts, ends } = this.#lineIndex();
    const value = attributeValueAt(this.#codes(), starts[line]!, ends[line]!, attributeRow(name)!);
    return value as AttributeValues[K] | undefined;
  }

  // The first line that is well-formed, as the typed lenses see it.
  #findLine(section: number, name: AttributeName): number {
    const key = nameKey(name);
    let line = this.#find(section, this.#sectionStart(section), name, key);
    while (line >= 0 && this.#value(line, name) === undefined)
      line = this.#find(section, line + 1, name, key);
    return line;
  }

  #ownDirection(section: number): Direction | undefined {
    const keys = this.#nameKeys(section);
    const first = this.#sectionStart(section);
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at]!;
      if (key !== SEND_KEY && key !== RECEIVE_KEY && key !== INACTIVE_KEY) continue;
      for (const name of DIRECTIONS) {
        if (this.#isNamed(first + at, name) && this.#value(first + at, name) === true) return name;
      }
    }
    return undefined;
  }

  #lineIndex(): LineIndex {
    this.#index ??= indexLines(this.text, this.#limits);
    return this.#index;
  }

  #codes(): Source {
    return scratchSource(this.text, this);
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
    const { starts, ends } = this.#lineIndex();
    return parseLine(this.#codes(), starts[line]!, ends[line]!, starts[line + 1]!, line);
  }

  // First letters of each attribute's name packed in one number, so that a search compares numbers. 0: no attribute.
  // Made for a section when something in it is first asked for.
  #nameKeys(section: number): readonly number[] {
    const place = Math.max(section, -1) + 1;
    const known = this.#keys[place];
    if (known !== undefined) return known;
    const { codes } = this.#codes();
    const { starts } = this.#lineIndex();
    const first = this.#sectionStart(section);
    const last = this.#sectionEnd(section);
    const keys = new Array<number>(last - first);
    for (let line = first; line < last; line++) {
      const start = starts[line]!;
      const named = codes[start] === LOWER_A && starts[line + 1]! - start > 4;
      keys[line - first] = named
        ? (codes[start + 2]! << 16) | (codes[start + 3]! << 8) | codes[start + 4]!
        : 0;
    }
    this.#keys[place] = keys;
    return keys;
  }

  // The first line of the section from `from` on that is `a=name`, or -1. The key is the name's.
  #find(section: number, from: number, name: string, key: number): number {
    const keys = this.#nameKeys(section);
    const first = this.#sectionStart(section);
    for (let at = from - first; at < keys.length; at++) {
      if (keys[at] === key && this.#isNamed(first + at, name)) return first + at;
    }
    return -1;
  }

  // Whether the line is `a=name`: behind the name stands a colon, a space, the line's ending or nothing.
  #isNamed(line: number, name: string): boolean {
    const { text } = this;
    const { starts, ends } = this.#lineIndex();
    const at = starts[line]! + 2;
    const end = at + name.length;
    if (end > ends[line]! || !text.startsWith(name, at)) return false;
    return end === ends[line] || text.charCodeAt(end) === COLON || text.charCodeAt(end) <= 32;
  }

  #splice(from: number, to: number, raw: string): LazyDescription {
    return new LazyDescription(this.text.slice(0, from) + raw + this.text.slice(to), this.#limits);
  }
}
