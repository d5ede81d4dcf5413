import { direction, type LazyDescription, sends } from '@crosspoint/sdp';
import { RELAY_SIDES, type RelaySide } from './relay.ts';

interface Watched {
  /** Whether its last description says that it sends. */
  sends: boolean;
  /** Packets that had come from it when it was last looked at. */
  packets: number;
  silentMs: number;
}

/**
 * Notices a side from which nothing comes any more, neither RTP nor RTCP, though it was heard before and did not say
 * that it would be silent: held media is none that is lost.
 */
export class SilenceWatch {
  readonly #limitMs: number;
  readonly #sides: Readonly<Record<RelaySide, Watched>> = {
    caller: { sends: true, packets: 0, silentMs: 0 },
    callee: { sends: true, packets: 0, silentMs: 0 },
  };

  /** `limitMs`: how long a side may be silent, in milliseconds. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Takes a side's offer or answer. */
  described(side: RelaySide, description: LazyDescription): void {
    const { session, media } = description.typed();
    this.#sides[side].sends = media.some(
      (section, index) => description.mediaLine(index).port !== 0 && sends(direction(section, session)),
    );
    for (const each of RELAY_SIDES) this.#sides[each].silentMs = 0;
  }

  /**
   * Called from time to time with the milliseconds since the last one, and with how many packets have come from each
   * side so far. Gives the words for a side that fell silent.
   */
  look(elapsedMs: number, packets: Readonly<Record<RelaySide, number>>): string | undefined {
    // Where one side holds the call, the other one may stop, too.
    const flows = RELAY_SIDES.every((side) => this.#sides[side].sends);
    for (const side of RELAY_SIDES) {
      const watched = this.#sides[side];
      if (packets[side] !== watched.packets || !flows || packets[side] === 0) watched.silentMs = 0;
      else watched.silentMs += elapsedMs;
      watched.packets = packets[side];
      if (watched.silentMs >= this.#limitMs)
        return `nothing came from the ${side} for ${Math.round(watched.silentMs / 1000)} s`;
    }
    return undefined;
  }
}
