import { type AttributeName, type AttributeValues, attributeRow } from './attributes/grammar.ts';
import type { SessionDescription } from './description.ts';
import type { AttributeLine, Connection, Line, MediaLine, Origin } from './line.ts';
import { endingOf } from './line.ts';
import { SPACE } from './scan.ts';
import { type Sink, scratchSink } from './sink.ts';

const CR = 13;
const LF = 10;
const SLASH = 47;
const COLON = 58;
const EQUALS = 61;

/** The exact text of a description. Lines nobody changed are written as they were read. */
export function write(description: SessionDescription): string {
  let text = description.session.text;
  for (const media of description.media) text += media.text;
  return text;
}

/** `a=name:value` of a grammar attribute, without line ending. */
export function writeAttribute<K extends AttributeName>(name: K, value: AttributeValues[K]): string {
  const row = attributeRow(name)!;
  if (row.flag) return row.prefix;
  const out = scratchSink();
  out.codes(row.prefixCodes);
  row.write(out, value as never);
  return out.take();
}

/** One line written from its value alone, with the given ending; oddities of its text are lost, on purpose. */
export function writeLine(line: Line, ending: string = endingOf(line.raw)): string {
  const row = attributeRow(line.kind);
  if (row !== undefined) return writeAttribute(row.name, line.value as never) + ending;
  if (isVerbatim(line)) return line.raw;
  const out = scratchSink();
  writeOtherLine(out, line as Exclude<Line, AttributeLine>);
  return out.take() + ending;
}

/**
 * A description written from its typed values alone, each line in its canonical form (RFC 8866 section 9): what a
 * description made by hand should look like, and the proof that the writers of the grammar lose nothing.
 */
export function writeCanonical(description: SessionDescription): string {
  const out = scratchSink();
  writeLines(out, description.session.lines);
  for (const media of description.media) writeLines(out, media.lines);
  return out.take();
}

function writeLines(out: Sink, lines: readonly Line[]): void {
  let kind = '';
  let row = attributeRow(kind);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    // Lines of one kind stand together.
    if (line.kind !== kind) {
      kind = line.kind;
      row = attributeRow(kind);
    }
    if (row !== undefined) {
      out.codes(row.prefixCodes);
      row.write(out, line.value as never);
    } else {
      writeOtherLine(out, line as Exclude<Line, AttributeLine>);
      if (isVerbatim(line)) continue;
    }
    writeEnding(out, line.raw);
  }
}

function writeEnding(out: Sink, raw: string): void {
  const { length } = raw;
  if (length === 0 || raw.charCodeAt(length - 1) !== LF) return;
  if (length > 1 && raw.charCodeAt(length - 2) === CR) out.code(CR);
  out.code(LF);
}

// Lines without a value to be written from are written as they were, ending and all.
function isVerbatim({ kind }: Line): boolean {
  return kind === 'malformed' || kind === 'unknown' || kind === 'blank';
}

function writeOtherLine(out: Sink, line: Exclude<Line, AttributeLine>): void {
  switch (line.kind) {
    case 'malformed':
    case 'unknown':
    case 'blank':
      out.text(line.raw);
      return;
    case 'attribute':
      out.text('a=');
      out.text(line.value.name);
      if (line.value.text !== undefined) out.text(`:${line.value.text}`);
      return;
  }
  out.text(line.kind);
  out.code(EQUALS);
  switch (line.kind) {
    case 'o':
      writeOrigin(out, line.value);
      break;
    case 'c':
      writeConnection(out, line.value);
      break;
    case 'm':
      writeMediaLine(out, line.value);
      break;
    case 'b':
      out.text(line.value.type);
      out.code(COLON);
      out.number(line.value.value);
      break;
    case 't':
      out.number(line.value.start);
      out.code(SPACE);
      out.number(line.value.stop);
      break;
    case 'v':
      out.number(line.value);
      break;
    default:
      out.text(line.value);
  }
}

function writeOrigin(out: Sink, o: Origin): void {
  out.text(o.username);
  out.code(SPACE);
  out.text(o.sessionId);
  out.code(SPACE);
  out.text(o.sessionVersion);
  out.code(SPACE);
  writeConnection(out, o);
}

function writeConnection(out: Sink, c: Connection): void {
  out.text(c.netType);
  out.code(SPACE);
  out.text(c.addressType);
  out.code(SPACE);
  out.text(c.address);
}

function writeMediaLine(out: Sink, m: MediaLine): void {
  out.text(m.media);
  out.code(SPACE);
  out.number(m.port);
  if (m.ports !== undefined) {
    out.code(SLASH);
    out.number(m.ports);
  }
  out.code(SPACE);
  out.text(m.protocol);
  for (let at = 0; at < m.formats.length; at++) {
    out.code(SPACE);
    out.text(m.formats[at]!);
  }
}
