import type { MediaDescription, Section, SessionDescription } from '../description.ts';
import { type Connection, endingOf, type MediaLine, type Origin } from '../line.ts';
import { connectionLine, mediaLine, originLine } from '../make-line.ts';
import { withLines } from '../section.ts';
import { replaceLine, sectionEnding } from './attributes.ts';

/** The value of the m= line. */
export function mediaLineOf(media: MediaDescription): MediaLine {
  const first = media.lines[0];
  if (first?.kind !== 'm') throw new TypeError('a media description begins with its m= line');
  return first.value;
}

/** The m-section with fields of its m= line changed. */
export function withMediaLine(media: MediaDescription, change: Partial<MediaLine>): MediaDescription {
  const ending = endingOf(media.lines[0]!.raw);
  return replaceLine(media, 0, mediaLine({ ...mediaLineOf(media), ...change }, ending));
}

/** The m-section refused: port 0, and no bundle-only, which would say the contrary (RFC 3264 section 6). */
export function rejectMedia(media: MediaDescription): MediaDescription {
  const lines = media.lines.filter((line) => line.kind !== 'bundle-only');
  return withMediaLine(withLines(media, lines), { port: 0 });
}

/** The o= line's value, or undefined. */
export function origin(description: SessionDescription): Origin | undefined {
  for (const line of description.session.lines) if (line.kind === 'o') return line.value;
  return undefined;
}

/** The description with fields of its o= line changed; without an o= line it stays as it is. */
export function withOrigin(description: SessionDescription, change: Partial<Origin>): SessionDescription {
  const { session, media } = description;
  const at = session.lines.findIndex((line) => line.kind === 'o');
  const line = session.lines[at];
  if (line?.kind !== 'o') return description;
  return {
    session: replaceLine(session, at, originLine({ ...line.value, ...change }, endingOf(line.raw))),
    media,
  };
}

/** The first c= line of a section. */
export function connectionOf(section: Section): Connection | undefined {
  for (const line of section.lines) if (line.kind === 'c') return line.value;
  return undefined;
}

/** The address that counts for an m-section: its own c= line, else the session's (RFC 8866 section 5.7). */
export function effectiveConnection(
  description: SessionDescription,
  media: MediaDescription,
): Connection | undefined {
  return connectionOf(media) ?? connectionOf(description.session);
}

/** The section with its c= line set: replaced, or put where RFC 8866 section 5 wants it. */
export function withConnection<S extends Section>(section: S, value: Connection): S {
  const at = section.lines.findIndex((line) => line.kind === 'c');
  if (at >= 0) return replaceLine(section, at, connectionLine(value, endingOf(section.lines[at]!.raw)));
  const before = new Set(['v', 'o', 's', 'i', 'u', 'e', 'p', 'm']);
  let place = 0;
  while (place < section.lines.length && before.has(section.lines[place]!.kind)) place++;
  const lines = section.lines.slice();
  const ending = sectionEnding(section);
  const previous = lines[place - 1];
  if (previous !== undefined && endingOf(previous.raw) === '') {
    lines[place - 1] = { ...previous, raw: previous.raw + ending };
  }
  lines.splice(place, 0, connectionLine(value, ending));
  return withLines(section, lines);
}
