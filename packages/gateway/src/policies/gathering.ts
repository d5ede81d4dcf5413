import {
  addCandidates,
  attribute,
  hasAttribute,
  iceCredentials,
  type LazyDescription,
  mapMedia,
  open,
  type SessionDescription,
  transportMedia,
  write,
} from '@crosspoint/sdp';
import type { TrickledCandidate } from '@crosspoint/signaling';
import type { CallTimers } from '../call-timers.ts';

/**
 * Holds a description back until its candidates are all there (RFC 8838 section 4.1's half trickle): until the end is
 * said, or `gatherMs` is over. One at a time: a new description ends the wait of the one before it.
 */
export class Gathering {
  readonly #timers: CallTimers;
  readonly #gatherMs: number;
  #early: TrickledCandidate[] = [];
  #waiting:
    | { readonly description: SessionDescription; readonly done: () => void; readonly clock: unknown }
    | undefined;

  constructor(timers: CallTimers, gatherMs: number) {
    this.#timers = timers;
    this.#gatherMs = gatherMs;
  }

  /** The description with its candidates in it; at once where it says itself that it has them all. */
  complete(lazy: LazyDescription): Promise<LazyDescription> | LazyDescription {
    this.#finish();
    const description = lazy.typed();
    if (isComplete(description)) return lazy;
    return new Promise((resolve) => {
      const done = (): void => resolve(open(write(this.#filled(description))));
      this.#waiting = { description, done, clock: this.#timers.start(this.#gatherMs, () => this.#finish()) };
      // They may have come before their description, from a side that sends both at once.
      if (this.#early.some((each) => isOf(description, each) && each.candidate === undefined)) this.#finish();
    });
  }

  /** Candidates that were trickled. Those after the wait are lost: the other side cannot be told. */
  add(candidates: readonly TrickledCandidate[]): void {
    this.#early.push(...candidates);
    const { description } = this.#waiting ?? {};
    if (description === undefined) return;
    if (candidates.some((each) => each.candidate === undefined && isOf(description, each))) this.#finish();
  }

  #finish(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    this.#timers.stop(waiting.clock);
    waiting.done();
    this.#early = [];
  }

  #filled(description: SessionDescription): SessionDescription {
    return mapMedia(description, (media, index) => {
      if (transportMedia(description, index) !== media) return media;
      const mid = attribute(media, 'mid');
      const own = this.#early.filter((each) => {
        if (each.candidate === undefined || !isOf(description, each)) return false;
        if (each.mid !== undefined) return each.mid === mid;
        return each.mLineIndex === undefined || each.mLineIndex === index;
      });
      return addCandidates(
        media,
        own.map(({ candidate }) => ({ ...candidate!, prefix: '' as const })),
      );
    });
  }
}

/** Whether its first transport says that no candidate follows, or has none to trickle. */
function isComplete(description: SessionDescription): boolean {
  const active = description.media.find(({ port }) => port !== 0);
  if (active === undefined || iceCredentials(description, active) === undefined) return true;
  return hasAttribute(active, 'end-of-candidates') || hasAttribute(description.session, 'end-of-candidates');
}

/** Whether a candidate is of a description's ICE generation. */
function isOf(description: SessionDescription, { ufrag }: TrickledCandidate): boolean {
  if (ufrag === undefined) return true;
  return description.media.some((media) => iceCredentials(description, media)?.ufrag === ufrag);
}
