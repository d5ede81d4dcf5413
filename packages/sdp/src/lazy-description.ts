import type { Fmtp, RtcpFeedback, Rtpmap } from './attributes/codec-attributes.ts';
import {
  type AnyAttributeRow,
  type AttributeName,
  type AttributeValues,
  attributeRow,
} from './attributes/grammar.ts';
import { SLOTS } from './attributes/name-key.ts';
import type { Direction } from './attributes/stream-attributes.ts';
import type { SessionDescription } from './description.ts';
import { type Codec, CodecJoin } from './lenses/codecs.ts';
import type { IceCredentials } from './lenses/ice.ts';
import { DEFAULT_LIMITS, type SdpLimits } from './limits.ts';
import { endingOf, type MediaLine } from './line.ts';
import { indexLines, type LineIndex, scratchLines, sharedLines } from './line-index.ts';
import { attributeLine } from './make-line.ts';
import { parseIndexed } from './parse.ts';
import { attributeValueAt, parseLine } from './parse-line.ts';
import { mediaNameAt, spaceAt } from './scan.ts';
import type { Source } from './source.ts';

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
  return new LazyDescription(text, limits, scratchLines(text, limits).stamp);
}

/**
 * A description read on demand. Immutable: an edit gives a new one, whose text is the old one's sliced. In every
 * method section -1 is the session part and 0 the first m-section.
 */
export class LazyDescription {
  readonly text: string;
  readonly #limits: SdpLimits;
  /** The shared index is this text's as long as it has this stamp. */
  #stamp: number;
  #index: LineIndex | undefined;
  #typed: SessionDescription | undefined;

  /** Use `open`: the text's structure is known to be whole. With stamp 0 the index is made when it is needed. */
  constructor(text: string, limits: SdpLimits, stamp: number) {
    this.text = text;
    this.#limits = limits;
    this.#stamp = stamp;
  }

  /** Number of m-sections. */
  get mediaCount(): number {
    return this.#lines().mediaCount;
  }

  /** The whole description, every line typed; read once. Throws SdpError. */
  typed(): SessionDescription {
    this.#typed ??= parseIndexed(this.#lines());
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
    const lines = this.#lines();
    const last = sectionEnd(lines, section);
    for (let line = firstOf(lines, section, row); line < last; line = nextOf(lines, line + 1, last, row)) {
      const value = valueAt(lines, line, row);
      if (value !== undefined) values.push(value as AttributeValues[K]);
    }
    return values;
  }

  /** How many lines of the section are attributes of this name; their values are not read. */
  count(section: number, name: AttributeName): number {
    let found = 0;
    const row = attributeRow(name)!;
    const lines = this.#lines();
    const last = sectionEnd(lines, section);
    for (let line = firstOf(lines, section, row); line < last; line = nextOf(lines, line + 1, last, row))
      found++;
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
    const lines = this.#lines();
    const line = sectionStart(lines, Math.max(section, 0));
    const from = lines.starts[line]! + 2;
    return mediaNameAt(lines.source, from, spaceAt(lines.source, from, lines.ends[line]!));
  }

  /** Value of an m= line. Throws SdpError when it cannot be read, RangeError when there is none. */
  mediaLine(section: number): MediaLine {
    const { source, starts, ends } = this.#lines();
    const first = sectionStart(this.#lines(), section);
    const line = parseLine(source, starts[first]!, ends[first]!, starts[first + 1]!, first);
    if (line.kind !== 'm') throw new RangeError(`no m-section ${section}`);
    return line.value;
  }

  /** The codecs of an m-section, as `codecs` joins them; only their lines are read. */
  codecs(section: number): Codec[] {
    const lines = this.#lines();
    const { source, keys, starts, ends } = lines;
    const first = sectionStart(lines, section);
    const join =
      CodecJoin.ofMediaLine(source, starts[first]! + 2, ends[first]!) ??
      new CodecJoin(this.mediaLine(section));
    const last = sectionEnd(lines, section);
    // Each row in a branch of its own: then the compiler knows what reads it.
    for (let line = first + 1; line < last; line++) {
      const key = keys[line];
      const start = starts[line]!;
      if (key === RTPMAP.key) {
        if (!isNamed(source, start, RTPMAP)) continue;
        const value = attributeValueAt(source, start, ends[line]!, RTPMAP);
        if (value !== undefined) join.rtpmap(value as Rtpmap);
      } else if (key === FMTP.key) {
        if (!isNamed(source, start, FMTP)) continue;
        const value = attributeValueAt(source, start, ends[line]!, FMTP);
        if (value !== undefined) join.fmtp(value as Fmtp);
      } else if (key === FEEDBACK.key) {
        if (!isNamed(source, start, FEEDBACK)) continue;
        const value = attributeValueAt(source, start, ends[line]!, FEEDBACK);
        if (value !== undefined) join.feedback(value as RtcpFeedback);
      }
    }
    return join.codecs;
  }

  /** Exact text of a section. */
  sectionText(section: number): string {
    const lines = this.#lines();
    return this.text.slice(
      lines.starts[sectionStart(lines, section)]!,
      lines.starts[sectionEnd(lines, section)]!,
    );
  }

  /** With the first attribute of this name in the section set to value, or added at the section's end. */
  replaceAttribute<K extends AttributeName>(
    section: number,
    name: K,
    value: AttributeValues[K],
  ): LazyDescription {
    const row = attributeRow(name)!;
    const lines = this.#lines();
    const { starts, ends } = lines;
    const last = sectionEnd(lines, section);
    let line = firstOf(lines, section, row);
    // The first line that is well-formed, as the typed lenses see it.
    while (line < last && valueAt(lines, line, row) === undefined) line = nextOf(lines, line + 1, last, row);
    if (line >= last) return this.addAttribute(section, name, value);
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
    const lines = this.#lines();
    const { starts, ends } = lines;
    const first = sectionStart(lines, section);
    let last = sectionEnd(lines, section);
    while (ends[last - 1] === starts[last - 1]) last--;
    const ending = endingOf(this.text.slice(starts[first]!, starts[first + 1]!)) || '\r\n';
    const at = starts[last]!;
    const { raw } = attributeLine(name, value, ending);
    const unended = at === this.text.length && !this.text.endsWith('\n');
    return this.#splice(at, at, unended ? ending + raw : raw);
  }

  /** Without the attributes of this name in the section. */
  withoutAttribute(section: number, name: AttributeName): LazyDescription {
    const row = attributeRow(name)!;
    const lines = this.#lines();
    const { starts } = lines;
    const last = sectionEnd(lines, section);
    let text = '';
    let copied = 0;
    for (let line = firstOf(lines, section, row); line < last; line = nextOf(lines, line + 1, last, row)) {
      if (valueAt(lines, line, row) === undefined) continue;
      text += this.text.slice(copied, starts[line]!);
      copied = starts[line + 1]!;
    }
    return copied === 0 ? this : new LazyDescription(text + this.text.slice(copied), this.#limits, 0);
  }

  #first(section: number, row: AnyAttributeRow): unknown {
    const lines = this.#lines();
    const last = sectionEnd(lines, section);
    for (let line = firstOf(lines, section, row); line < last; line = nextOf(lines, line + 1, last, row)) {
      const value = valueAt(lines, line, row);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #ownDirection(section: number): Direction | undefined {
    const lines = this.#lines();
    const { keys } = lines;
    const last = sectionEnd(lines, section);
    let line = Math.min(
      firstOf(lines, section, SENDRECV),
      firstOf(lines, section, SENDONLY),
      firstOf(lines, section, RECVONLY),
      firstOf(lines, section, INACTIVE),
    );
    for (; line < last; line++) {
      const key = keys[line];
      if (key === SENDRECV.key) {
        if (isFlag(lines, line, SENDRECV)) return 'sendrecv';
        if (isFlag(lines, line, SENDONLY)) return 'sendonly';
      } else if (key === RECVONLY.key) {
        if (isFlag(lines, line, RECVONLY)) return 'recvonly';
      } else if (key === INACTIVE.key && isFlag(lines, line, INACTIVE)) return 'inactive';
    }
    return undefined;
  }

  // As long as no other text was looked at, the lines are where `open` found them: most are read at once, or never.
  #lines(): LineIndex {
    return sharedLines.stamp === this.#stamp ? sharedLines : this.#linesAgain();
  }

  #linesAgain(): LineIndex {
    if (this.#index !== undefined) return this.#index;
    if (this.#stamp === 0) {
      const shared = scratchLines(this.text, this.#limits);
      this.#stamp = shared.stamp;
      return shared;
    }
    this.#index = indexLines(this.text, this.#limits);
    return this.#index;
  }

  #splice(from: number, to: number, raw: string): LazyDescription {
    return new LazyDescription(this.text.slice(0, from) + raw + this.text.slice(to), this.#limits, 0);
  }
}

// First line of a section. Throws RangeError when there is no such m-section.
function sectionStart({ sections, mediaCount }: LineIndex, section: number): number {
  if (section >= mediaCount) throw new RangeError(`no m-section ${section}`);
  return sections[section < 0 ? 0 : section + 1]!;
}

// The line behind a section's last. Throws RangeError when there is no such m-section.
function sectionEnd({ sections, mediaCount }: LineIndex, section: number): number {
  if (section >= mediaCount) throw new RangeError(`no m-section ${section}`);
  return sections[section < 0 ? 1 : section + 2]!;
}

const NO_LINE = 0x7fff_ffff;

// The first line of the section that is an attribute of this row, or one behind the section's last.
function firstOf(lines: LineIndex, section: number, row: AnyAttributeRow): number {
  const { heads, floor } = lines;
  const head = heads[(section < 0 ? 0 : section + 1) * SLOTS + row.slot]! - floor;
  return head < 0 ? NO_LINE : nextOf(lines, head, sectionEnd(lines, section), row);
}

// The first of lines[from, last) that is an attribute of this row, or one behind them.
function nextOf(
  { source, keys, starts }: LineIndex,
  from: number,
  last: number,
  row: AnyAttributeRow,
): number {
  const { key } = row;
  for (let line = from; line < last; line++) {
    if (keys[line] === key && isNamed(source, starts[line]!, row)) return line;
  }
  return NO_LINE;
}

// The value of a line that is an attribute of this row; undefined when it is malformed.
function valueAt({ source, starts, ends }: LineIndex, line: number, row: AnyAttributeRow): unknown {
  return attributeValueAt(source, starts[line]!, ends[line]!, row);
}

function isFlag(lines: LineIndex, line: number, row: AnyAttributeRow): boolean {
  return isNamed(lines.source, lines.starts[line]!, row) && valueAt(lines, line, row) === true;
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
