import type { MediaDescription, SessionDescription } from './description.ts';
import { DEFAULT_LIMITS, type SdpLimits } from './limits.ts';
import type { Line } from './line.ts';
import { type LineIndex, scratchLines } from './line-index.ts';
import { parseLine } from './parse-line.ts';
import { mediaSection } from './section.ts';

/**
 * Reads SDP (RFC 8866) with every line typed. Nothing is lost: `write(parse(text)) === text`, whatever the line
 * endings, odd spaces and unknown lines. A malformed attribute does not refuse the description: it stays in its
 * place and `lint` reports it.
 *
 * Throws SdpError (line and column from 1, violated clause) when the line structure is broken, when o=, c=, t= or m=
 * cannot be read, or when a limit is passed. Takes linear time.
 */
export function parse(text: string, limits: SdpLimits = DEFAULT_LIMITS): SessionDescription {
  return parseIndexed(scratchLines(text, limits));
}

/** Reads all lines of a text whose structure has been checked. Throws SdpError. */
export function parseIndexed(index: LineIndex): SessionDescription {
  const { source, mediaCount, starts, sections } = index;
  const { text } = source;
  const sessionEnd = sections[1]!;
  const session = { lines: linesBetween(index, 0, sessionEnd), text: text.slice(0, starts[sessionEnd]!) };
  const media: MediaDescription[] = [];
  for (let at = 1; at <= mediaCount; at++) {
    const first = sections[at]!;
    const last = sections[at + 1]!;
    media.push(mediaSection(linesBetween(index, first, last), text.slice(starts[first]!, starts[last]!)));
  }
  return { session, media };
}

function linesBetween(index: LineIndex, first: number, last: number): Line[] {
  const { source, starts, ends } = index;
  const lines = new Array<Line>(last - first);
  for (let line = first; line < last; line++) {
    lines[line - first] = parseLine(source, starts[line]!, ends[line]!, starts[line + 1]!, line);
  }
  return lines;
}
