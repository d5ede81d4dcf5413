import type { Codec, Direction } from '@crosspoint/sdp';
import { PayloadTypes } from './payload-types.ts';
import type { RelaySide } from './relay.ts';

/** One m-line of a call: where each side has it, and what its numbers mean there. */
export class RelayedLine {
  /** From 0, in the order in which the call met them. */
  readonly id: number;
  /** `audio`, `video`, `application` ... */
  readonly media: string;
  readonly types = new PayloadTypes();
  readonly #at: Partial<Record<RelaySide, LinePlace>> = {};
  /** Both sides take part in it. */
  agreed = false;

  constructor(id: number, media: string) {
    this.id = id;
    this.media = media;
  }

  at(side: RelaySide): LinePlace | undefined {
    return this.#at[side];
  }

  place(side: RelaySide, place: LinePlace): void {
    this.#at[side] = place;
  }
}

/** An m-line as one side has it: also what a refusal of it must repeat (RFC 3264 section 6). */
export interface LinePlace {
  readonly index: number;
  readonly mid: string | undefined;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly muxed: boolean;
}

/** What is to be said of an m-line to a side; without `use` it is refused or not in use. */
export interface PlannedLine {
  readonly line: RelayedLine;
  readonly place: LinePlace;
  readonly use: PlannedUse | undefined;
}

export interface PlannedUse {
  readonly codecs: readonly Codec[];
  readonly direction: Direction;
  /** Lines that are passed on as they came: ptime, maxptime, bandwidth, and among WebRTC sides more. */
  readonly kept: readonly string[];
}
