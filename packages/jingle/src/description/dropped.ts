import type { Line } from '@crosspoint/sdp';
import type { XmlElement } from '../xml/element.ts';

/** Something that the other notation has no words for. */
export interface Dropped {
  /** What it is: `a=rid`, `b=`, `m= protocol`, `a=candidate network-cost`; of a stanza `payload-type/foo`, `candidate@bar`. */
  readonly name: string;
  /** What it said. */
  readonly text: string;
  /** The m-section or content it stood in, from 0; undefined for the session. */
  readonly mediaIndex?: number;
  /** Its line in the description, from 1; 0 where it comes from a stanza. */
  readonly line: number;
  /** The element that it stood in, where it comes from a stanza. */
  readonly element?: XmlElement;
}

/** The list of what is dropped from one description, kept while its lines are walked. */
export class DroppedLines {
  readonly list: Dropped[] = [];
  line = 0;
  mediaIndex: number | undefined;

  add(name: string, text: string): void {
    const { line, mediaIndex } = this;
    this.list.push(mediaIndex === undefined ? { name, text, line } : { name, text, line, mediaIndex });
  }

  whole(line: Line): void {
    this.add(lineName(line), line.raw.trimEnd());
  }
}

/** `a=rid` for an attribute, `b=` for another line. */
export function lineName(line: Line): string {
  switch (line.kind) {
    case 'attribute':
      return `a=${line.value.name}`;
    case 'malformed':
      return line.value.name.length === 1 ? `${line.value.name}=` : `a=${line.value.name}`;
    case 'unknown':
      return `${line.raw.slice(0, 1)}=`;
    case 'blank':
      return 'blank';
    default:
      return line.kind.length === 1 ? `${line.kind}=` : `a=${line.kind}`;
  }
}
