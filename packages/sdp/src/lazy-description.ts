import type { Fmtp, RtcpFeedback, Rtpmap } from './attributes/codec-attributes.ts';
import {
  type AnyAttributeRow,
  type AttributeName,
  type AttributeValues,
  attributeRow,
} from './attributes/grammar.ts';
import type { Direction } from './attributes/stream-attributes.ts';
import type { SessionDescription } from './description.ts';
import { type Codec, CodecJoin } from './lenses/codecs.ts';
import type { IceCredentials } from './lenses/ice.ts';
import { DEFAULT_LIMITS, type SdpLimits } from './limits.ts';
import { endingOf, type Line, type MediaLine } from './line.ts';
import { indexLines, type LineIndex, scratchLines, scratchLinesOf } from './line-index.ts';
import { attributeLine } from './make-line.ts';
import { parseIndexed } from './parse.ts';
import { attributeValueAt, parseLine } from './parse-line.ts';
import { mediaNameAt, spaceAt } from './scan.ts';
import { type Source, scratchSource } from './source.ts';

const COLON = 58;

const SENDRECV = attributeRow('sendrecv')!;
const SENDONLY = attributeRow('sendonly')!;
const RECVONLY = attributeRow('recvonly')!;
const INACTIVE = attributeRow('inactive')!;
const UFRAG = attributeRow('ice-ufrag')!;
const PWD = attributeRow('ice-pwd')!;
const RTPMAP = attributeRow('rtpmap')!;
const FMTP = attributeRow('fmtp')!;
const FEEDBACK = attributeRow('rtcp-fb')!;

/**
 * Checks the line structure of a text (RFC 8866 section 5) and reads nothing more: for paths that look at a few
 * attributes or change one line. Throws the SdpError that `parse` would throw for the structure; a value that cannot be
 * read shows when it is asked for. Takes linear time.
 */
export function open(text: string, limits: SdpLimits = DEFAULT_LIMITS): LazyDescription {
  scratchLines(text, limits);
  return new LazyDescription(text, limits);
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

  /** Use `open`: the text's structure is known to be whole. The index is made when it is needed. */
  constructor(text: string, limits: SdpLimits) {
    this.text = text;
    this.#limits = limits;
  }

  /** Number of m-sections. */
  get mediaCount(): number {
    return this.#lineIndex().mediaCount;
  }

  /** The whole description, every line typed; read once. Throws SdpError. */
  typed(): SessionDescription {
    this.#typed ??= parseIndexed(this.#codes(), this.#lineIndex());
    return this.#typed;
  }

  /** Value of the first attribute of this name in the section, or undefined. */
  first<K extends AttributeName>(section: number, name: K): AttributeValues[K] | undefined {
    return this.#first(section, attributeRow(name)!) as AttributeValues[K] | undefined;
  }

  /** Values of all attributes of this name in the section, in order. */
  all<K extends AttributeName>(section: number, name: K): AttributeValues[K][] {
    const values: AttributeValues[K][] = [];
    const row = attributeRow(name)!;
    const last = this.#sectionEnd(section);
    let line = this.#find(this.#sectionStart(section), last, row);
    while (line >= 0) {
      const value = this.#value(line, row);
      if (value !== undefined) values.push(value as AttributeValues[K]);
      line = this.#find(line + 1, last, row);
    }
    return values;
  }

  /** How many lines of the section are attributes of this name; their values are not read. */
  count(section: number, name: AttributeName): number {
    let found = 0;
    const row = attributeRow(name)!;
    const last = this.#sectionEnd(section);
    let line = this.#find(this.#sectionStart(section), last, row);
    while (line >= 0) {
      found++;
      line = this.#find(line + 1, last, row);
    }
    return found;
  }

  /** Direction of an m-section: its own, else the session's, else sendrecv (RFC 8866 section 6.7). */
  direction(section: number): Direction {
    return this.#ownDirection(section) ?? this.#ownDirection(-1) ?? 'sendrecv';
  }

  /** Credentials of an m-section, each its own or else the session's; undefined without both. */
  iceCredentials(section: number): IceCredentials | undefined {
    const ufrag = this.#first(section, UFRAG) ?? this.#first(-1, UFRAG);
    if (ufrag === undefined) return undefined;
    const pwd = this.#first(section, PWD) ?? this.#first(-1, PWD);
    return pwd === undefined ? undefined : { ufrag: ufrag as string, pwd: pwd as string };
  }

  /** What an m-section is of: `audio`, `video`, `application` ... Throws RangeError when there is none. */
  media(section: number): string {
    const line = this.#sectionStart(Math.max(section, 0));
    const { starts, ends } = this.#lineIndex();
    const source = this.#codes();
    const from = starts[line]! + 2;
    return mediaNameAt(source, from, spaceAt(source, from, ends[line]!));
  }

  /** Value of an m= line. Throws SdpError when it cannot be read, RangeError when there is none. */
  mediaLine(section: number): MediaLine {
    const line = this.#line(this.#sectionStart(section));
    if (line.kind !== 'm') throw new RangeError(`no m-section ${section}`);
    return line.value;
  }

  /** The codecs of an m-section, as `codecs` joins them; only their lines are read. */
  codecs(section: number): Codec[] {
    const join = new CodecJoin(this.mediaLine(section));
    const { keys, starts, ends } = this.#lineIndex();
    const source = this.#codes();
    const last = this.#sectionEnd(section);
    for (let line = this.#sectionStart(section) + 1; line < last; line++) {
      const key = keys[line];
      const row = key === RTPMAP.key ? RTPMAP : key === FMTP.key ? FMTP : FEEDBACK;
      const start = starts[line]!;
      if (key !== row.key || !isNamed(source, start, row)) continue;
      const value = attributeValueAt(source, start, ends[line]!, row);
      if (value === undefined) continue;
      if (row === RTPMAP) join.rtpmap(value as Rtpmap);
      else if (row === FMTP) join.fmtp(value as Fmtp);
      else join.feedback(value as RtcpFeedback);
    }
    return join.codecs;
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
    const line = this.#findLine(section, attributeRow(name)!);
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
    const row = attributeRow(name)!;
    const last = this.#sectionEnd(section);
    let text = '';
    let copied = 0;
    let line = this.#find(this.#sectionStart(section), last, row);
    while (line >= 0) {
      if (this.#value(line, row) !== undefined) {
        text += this.text.slice(copied, starts[line]!);
        copied = starts[line + 1]!;
      }
      line = this.#find(line + 1, last, row);
    }
    return copied === 0 ? this : new LazyDescription(text + this.text.slice(copied), this.#limits);
  }

  // The value of a line whose name has been found to be the row's; undefined when it is malformed.
  #value(line: number, row: AnyAttributeRow): unknown {
    const { starts, ends } = this.#lineIndex();
    return attributeValueAt(this.#codes(), starts[line]!, ends[line]!, row);
  }

  #first(section: number, row: AnyAttributeRow): unknown {
    const { keys, starts, ends } = this.#lineIndex();
    const source = this.#codes();
    const { key } = row;
    const last = this.#sectionEnd(section);
    for (let line = this.#sectionStart(section); line < last; line++) {
      if (keys[line] !== key || !isNamed(source, starts[line]!, row)) continue;
      const value = attributeValueAt(source, starts[line]!, ends[line]!, row);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  // The first line that is well-formed, as the typed lenses see it.
  #findLine(section: number, row: AnyAttributeRow): number {
    const last = this.#sectionEnd(section);
    let line = this.#find(this.#sectionStart(section), last, row);
    while (line >= 0 && this.#value(line, row) === undefined) line = this.#find(line + 1, last, row);
    return line;
  }

  #ownDirection(section: number): Direction | undefined {
    const { keys } = this.#lineIndex();
    const last = this.#sectionEnd(section);
    for (let line = this.#sectionStart(section); line < last; line++) {
      const key = keys[line];
      if (key === SENDRECV.key) {
        if (this.#isFlag(line, SENDRECV)) return 'sendrecv';
        if (this.#isFlag(line, SENDONLY)) return 'sendonly';
      } else if (key === RECVONLY.key) {
        if (this.#isFlag(line, RECVONLY)) return 'recvonly';
      } else if (key === INACTIVE.key && this.#isFlag(line, INACTIVE)) return 'inactive';
    }
    return undefined;
  }

  #isFlag(line: number, row: AnyAttributeRow): boolean {
    return isNamed(this.#codes(), this.#lineIndex().starts[line]!, row) && this.#value(line, row) === true;
  }

  #lineIndex(): LineIndex {
    if (this.#index !== undefined) return this.#index;
    // As long as no other text was looked at, the lines are where `open` found them: most are read at once, or never.
    const shared = scratchLinesOf(this.text);
    if (shared !== undefined) return shared;
    this.#index = indexLines(this.text, this.#limits);
    return this.#index;
  }

  #codes(): Source {
    return scratchSource(this.text);
  }

  #sectionStart(section: number): number {
    if (section < 0) return 0;
    const { mediaLines, mediaCount } = this.#lineIndex();
    if (section >= mediaCount) throw new RangeError(`no m-section ${section}`);
    return mediaLines[section]!;
  }

  #sectionEnd(section: number): number {
    const { mediaLines, mediaCount, lineCount } = this.#lineIndex();
    const next = section < 0 ? 0 : section + 1;
    return next < mediaCount ? mediaLines[next]! : lineCount;
  }

  #line(line: number): Line {
    const { starts, ends } = this.#lineIndex();
    return parseLine(this.#codes(), starts[line]!, ends[line]!, starts[line + 1]!, line);
  }

  // The first line of lines[from, last) that is an attribute of this row, or -1.
  #find(from: number, last: number, row: AnyAttributeRow): number {
    const { keys, starts } = this.#lineIndex();
    const source = this.#codes();
    const { key } = row;
    for (let line = from; line < last; line++) {
      if (keys[line] === key && isNamed(source, starts[line]!, row)) return line;
    }
    return -1;
  }

  #splice(from: number, to: number, raw: string): LazyDescription {
    return new LazyDescription(this.text.slice(0, from) + raw + this.text.slice(to), this.#limits);
  }
}

// Whether the line at `start`, which has the row's key, has its name: behind it stands a colon, a space, the line's
// ending or nothing.
function isNamed({ codes }: Source, start: number, { nameCodes }: AnyAttributeRow): boolean {
  const from = start + 2;
  const { length } = nameCodes;
  for (let at = 3; at < length; at++) if (codes[from + at] !== nameCodes[at]) return false;
  const behind = codes[from + length]!;
  return behind === COLON || behind <= 32;
}
