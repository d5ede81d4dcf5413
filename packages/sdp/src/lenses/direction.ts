import type { Direction } from '../attributes/stream-attributes.ts';
import type { MediaDescription, Section } from '../description.ts';
import { endingOf } from '../line.ts';
import { attributeLine } from '../make-line.ts';
import { addAttribute, replaceLine } from './attributes.ts';

const REVERSED: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

function isDirection(kind: string): kind is Direction {
  return kind === 'sendrecv' || kind === 'sendonly' || kind === 'recvonly' || kind === 'inactive';
}

function ownDirection(section: Section): Direction | undefined {
  for (const line of section.lines) if (isDirection(line.kind)) return line.kind;
  return undefined;
}

/** Direction of an m-section: its own, else the session's, else sendrecv (RFC 8866 section 6.7). */
export function direction(media: MediaDescription, session?: Section): Direction {
  return ownDirection(media) ?? (session === undefined ? undefined : ownDirection(session)) ?? 'sendrecv';
}

/** The section with its direction set: in the line's place, or at the end. */
export function setDirection<S extends Section>(section: S, value: Direction): S {
  const at = section.lines.findIndex((line) => isDirection(line.kind));
  if (at < 0) return addAttribute(section, value, true);
  if (section.lines[at]!.kind === value) return section;
  return replaceLine(section, at, attributeLine(value, true, endingOf(section.lines[at]!.raw)));
}

/** The same direction as the other side names it. */
export function reverseDirection(value: Direction): Direction {
  return REVERSED[value];
}

export function sends(value: Direction): boolean {
  return value === 'sendrecv' || value === 'sendonly';
}

export function receives(value: Direction): boolean {
  return value === 'sendrecv' || value === 'recvonly';
}
