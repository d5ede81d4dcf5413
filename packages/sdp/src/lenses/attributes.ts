import type { AttributeName, AttributeValues } from '../attributes/grammar.ts';
import type { MediaDescription, Section, SessionDescription, SessionSection } from '../description.ts';
import { contentOf, endingOf, type Line } from '../line.ts';
import { attributeLine } from '../make-line.ts';
import { textOf, withLines } from '../section.ts';

/** Value of the first attribute of this name in the section, or undefined. A property attribute's value is true. */
export function attribute<K extends AttributeName>(
  section: Section,
  name: K,
): AttributeValues[K] | undefined {
  const { lines } = section;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.kind === name) return line.value as AttributeValues[K];
  }
  return undefined;
}

/** Values of all attributes of this name in the section, in order. */
export function attributes<K extends AttributeName>(section: Section, name: K): AttributeValues[K][] {
  const values: AttributeValues[K][] = [];
  const { lines } = section;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.kind === name) values.push(line.value as AttributeValues[K]);
  }
  return values;
}

/** Whether the section has the attribute. */
export function hasAttribute(section: Section, name: AttributeName): boolean {
  return section.lines.some((line) => line.kind === name);
}

/** Text of the first attribute of a name outside the grammar: '' for a property, undefined where it is missing. */
export function unknownAttribute(section: Section, name: string): string | undefined {
  for (const line of section.lines) {
    if (line.kind === 'attribute' && line.value.name === name) return line.value.text ?? '';
  }
  return undefined;
}

/** The line ending new lines of this section get: that of its first line, or CRLF. */
export function sectionEnding(section: Section): string {
  const first = section.lines[0];
  return (first === undefined ? '' : endingOf(first.raw)) || '\r\n';
}

/** The section with line number `at` replaced by `line`, by slicing its text once. */
export function replaceLine<S extends Section>(section: S, at: number, line: Line): S {
  const { lines, text } = section;
  let offset = 0;
  for (let before = 0; before < at; before++) offset += lines[before]!.raw.length;
  const changed = lines.slice();
  changed[at] = line;
  const rest = offset + lines[at]!.raw.length;
  return withLines(section, changed, text.slice(0, offset) + line.raw + text.slice(rest));
}

/**
 * The section with `added` after its last line (before blank lines at the end of the description). A last line
 * without ending gets one.
 */
export function appendLines<S extends Section>(section: S, added: readonly Line[]): S {
  if (added.length === 0) return section;
  const lines = section.lines.slice();
  let at = lines.length;
  while (at > 0 && lines[at - 1]!.kind === 'blank') at--;
  const last = lines[at - 1];
  if (last !== undefined && endingOf(last.raw) === '') {
    lines[at - 1] = { ...last, raw: last.raw + sectionEnding(section) };
  }
  lines.splice(at, 0, ...added);
  return withLines(section, lines, textOf(lines));
}

/** The section without the lines `drop` says yes to; the same section when there is none. */
export function withoutLines<S extends Section>(section: S, drop: (line: Line) => boolean): S {
  const lines = section.lines.filter((line) => !drop(line));
  return lines.length === section.lines.length ? section : withLines(section, lines);
}

/** The section with the first attribute of this name set to value, or with the attribute added at its end. */
export function withAttribute<S extends Section, K extends AttributeName>(
  section: S,
  name: K,
  value: AttributeValues[K],
): S {
  const at = section.lines.findIndex((line) => line.kind === name);
  if (at < 0) return addAttribute(section, name, value);
  const ending = endingOf(section.lines[at]!.raw);
  return replaceLine(section, at, attributeLine(name, value, ending));
}

/** The section with one more attribute at its end. */
export function addAttribute<S extends Section, K extends AttributeName>(
  section: S,
  name: K,
  value: AttributeValues[K],
): S {
  return appendLines(section, [attributeLine(name, value, sectionEnding(section))]);
}

/** The section without the attributes of this name, or without those of them that `drop` says yes to. */
export function withoutAttribute<S extends Section, K extends AttributeName>(
  section: S,
  name: K,
  drop: (value: AttributeValues[K]) => boolean = () => true,
): S {
  return withoutLines(section, (line) => line.kind === name && drop(line.value as AttributeValues[K]));
}

/** The section without the attributes of this name outside the grammar. */
export function withoutUnknownAttribute<S extends Section>(section: S, name: string): S {
  return withoutLines(section, (line) => line.kind === 'attribute' && line.value.name === name);
}

/** The description with its session part changed by fn. */
export function withSession(
  description: SessionDescription,
  fn: (session: SessionSection) => SessionSection,
): SessionDescription {
  const session = fn(description.session);
  return session === description.session ? description : { session, media: description.media };
}

/** The description with m-section `index` changed by fn; the others are shared. Throws RangeError without it. */
export function withMedia(
  description: SessionDescription,
  index: number,
  fn: (media: MediaDescription) => MediaDescription,
): SessionDescription {
  const before = description.media[index];
  if (before === undefined) throw new RangeError(`no m-section ${index}`);
  const after = fn(before);
  if (after === before) return description;
  const media = description.media.slice();
  media[index] = after;
  return { session: description.session, media };
}

/** The description with every m-section changed by fn. */
export function mapMedia(
  description: SessionDescription,
  fn: (media: MediaDescription, index: number) => MediaDescription,
): SessionDescription {
  return { session: description.session, media: description.media.map(fn) };
}

/** The text of a line without its ending. */
export function lineText(line: Line): string {
  return contentOf(line.raw);
}
