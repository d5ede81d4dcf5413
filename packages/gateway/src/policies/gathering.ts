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

/** Candidates of one generation that are kept. */
const MOST_CANDIDATES = 200;

interface Waiting {
  readonly description: SessionDescription;
  readonly done: () => void;
  clock: unknown;
}

/**
 * Holds a description back until its candidates are all there (RFC 8838 section 4.1's half trickle): until the end is
 * said, or `gatherMs` is over. A browser may offer again before: each description waits for its own.
 */
export class Gathering {
  readonly #timers: CallTimers;
  readonly #gatherMs: number;
  #early: TrickledCandidate[] = [];
  readonly #waiting = new Set<Waiting>();

  constructor(timers: CallTimers, gatherMs: number) {
    this.#timers = timers;
    this.#gatherMs = gatherMs;
  }

  /** The description with its candidates in it; at once where it says itself that it has them all. */
  complete(lazy: LazyDescription): Promise<LazyDescription> | LazyDescription {
    const description = lazy.typed();
    if (isComplete(description)) return lazy;
    // Of this generation all is kept: a re-offer of it need not wait for an end that was said long ago.
    if (this.#waiting.size === 0) this.#early = this.#early.filter((each) => isOf(description, each));
    return new Promise((resolve) => {
      const done = (): void => resolve(open(write(this.#filled(description))));
      const waiting: Waiting = { description, done, clock: undefined };
      waiting.clock = this.#timers.start(this.#gatherMs, () => this.#finish(waiting));
      this.#waiting.add(waiting);
      // They may have come before their description, from a side that sends both at once.
      if (this.#early.some((each) => isOf(description, each) && each.candidate === undefined))
        this.#finish(waiting);
    });
  }

  /** Candidates that were trickled. Those after the wait are lost: the other side cannot be told. */
  add(candidates: readonly TrickledCandidate[]): void {
    this.#early.push(...candidates.slice(0, MOST_CANDIDATES - this.#early.length));
    for (const waiting of [...this.#waiting]) {
      if (candidates.some((each) => each.candidate === undefined && isOf(waiting.description, each)))
        this.#finish(waiting);
    }
  }

  #finish(waiting: Waiting): void {
    if (!this.#waiting.delete(waiting)) return;
    this.#timers.stop(waiting.clock);
    waiting.done();
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
