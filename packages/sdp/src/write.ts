import {
  type AnyAttributeRow,
  type AttributeName,
  type AttributeValues,
  attributeRow,
} from './attributes/grammar.ts';
import type { SessionDescription } from './description.ts';
import type { AttributeLine, Connection, Line, MediaLine, Origin } from './line.ts';
import { endingOf } from './line.ts';

/** The exact text of a description. Lines nobody changed are written as they were read. */
export function write(description: SessionDescription): string {
  let text = description.session.text;
  for (const media of description.media) text += media.text;
  return text;
}

/** `a=name:value` of a grammar attribute, without line ending. */
export function writeAttribute<K extends AttributeName>(name: K, value: AttributeValues[K]): string {
  const row = attributeRow(name)!;
  return row.flag ? row.prefix : row.prefix + row.write(value as never);
}

export function writeOrigin(o: Origin): string {
  return `${o.username} ${o.sessionId} ${o.sessionVersion} ${o.netType} ${o.addressType} ${o.address}`;
}

export function writeConnection(c: Connection): string {
  return `${c.netType} ${c.addressType} ${c.address}`;
}

export function writeMediaLine(m: MediaLine): string {
  let text =
    m.ports === undefined
      ? `${m.media} ${m.port} ${m.protocol}`
      : `${m.media} ${m.port}/${m.ports} ${m.protocol}`;
  for (const format of m.formats) text += ` ${format}`;
  return text;
}

/** One line written from its value alone, with the given ending; oddities of its text are lost, on purpose. */
export function writeLine(line: Line, ending: string = endingOf(line.raw)): string {
  const row = attributeRow(line.kind);
  if (row !== undefined)
    return (row.flag ? row.prefix : row.prefix + row.write(line.value as never)) + ending;
  return writeOtherLine(line as Exclude<Line, AttributeLine>, ending);
}

function writeOtherLine(line: Exclude<Line, AttributeLine>, ending: string): string {
  switch (line.kind) {
    case 'o':
      return `o=${writeOrigin(line.value)}${ending}`;
    case 'c':
      return `c=${writeConnection(line.value)}${ending}`;
    case 'b':
      return `b=${line.value.type}:${line.value.value}${ending}`;
    case 't':
      return `t=${line.value.start} ${line.value.stop}${ending}`;
    case 'm':
      return `m=${writeMediaLine(line.value)}${ending}`;
    case 'v':
    case 's':
    case 'i':
    case 'u':
    case 'e':
    case 'p':
    case 'r':
    case 'z':
    case 'k':
      return `${line.kind}=${line.value}${ending}`;
    case 'attribute':
      return line.value.text === undefined
        ? `a=${line.value.name}${ending}`
        : `a=${line.value.name}:${line.value.text}${ending}`;
    case 'malformed':
    case 'unknown':
    case 'blank':
      return line.raw;
  }
}

/**
 * A description written from its typed values alone, each line in its canonical form (RFC 8866 section 9): what a
 * description made by hand should look like, and the proof that the writers of the grammar lose nothing.
 */
export function writeCanonical(description: SessionDescription): string {
  let text = writeLines('', description.session.lines);
  for (const media of description.media) text = writeLines(text, media.lines);
  return text;
}

function writeLines(before: string, lines: readonly Line[]): string {
  let text = before;
  let kind = '';
  let row: AnyAttributeRow | undefined;
  // A line's ending and the next line's prefix are appended as one: every piece costs again when the text is sent.
  let ending = '';
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    // Lines of one kind stand together.
    if (line.kind !== kind) {
      kind = line.kind;
      row = attributeRow(kind);
    }
    if (row !== undefined) {
      text += ending === '\r\n' ? row.nextPrefix : ending + row.prefix;
      if (!row.flag) text += row.write(line.value as never);
      ending = endingOf(line.raw);
    } else {
      text += ending + writeOtherLine(line as Exclude<Line, AttributeLine>, '');
      ending = isVerbatim(line) ? '' : endingOf(line.raw);
    }
  }
  return text + ending;
}

// Lines without a value to be written from are written as they were, ending and all.
function isVerbatim({ kind }: Line): boolean {
  return kind === 'malformed' || kind === 'unknown' || kind === 'blank';
}
