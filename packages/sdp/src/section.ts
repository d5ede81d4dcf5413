import type { MediaDescription, Section, SessionSection } from './description.ts';
import type { Line, MediaLine } from './line.ts';

/** The exact text of lines. */
export function textOf(lines: readonly Line[]): string {
  let text = '';
  for (const line of lines) text += line.raw;
  return text;
}

/** The session part from its lines; `text` must be their text joined. */
export function sessionSection(lines: readonly Line[], text: string = textOf(lines)): SessionSection {
  return { lines, text };
}

/** A media description from its lines, the first of which is the m= line; `text` must be their text joined. */
export function mediaSection(lines: readonly Line[], text: string = textOf(lines)): MediaDescription {
  const first = lines[0];
  if (first?.kind !== 'm') throw new TypeError('a media description begins with its m= line');
  return mediaFrom(first.value, lines, text);
}

/** The same for a caller that has the m= line's value at hand. */
export function mediaFrom(value: MediaLine, lines: readonly Line[], text: string): MediaDescription {
  return {
    lines,
    text,
    media: value.media,
    port: value.port,
    protocol: value.protocol,
    formats: value.formats,
  };
}

/** A section of the same sort as `section`, with other lines. */
export function withLines<S extends Section>(
  section: S,
  lines: readonly Line[],
  text: string = textOf(lines),
): S {
  const first = lines[0];
  const made: Section = first?.kind === 'm' ? mediaFrom(first.value, lines, text) : { lines, text };
  if ('media' in section !== 'media' in made)
    throw new TypeError('the m= line of a media description was removed');
  return made as S;
}
