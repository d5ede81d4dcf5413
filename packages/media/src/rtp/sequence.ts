/** Continues a counter of `bits` width beyond its wrap: hand it each value in order of arrival. */
export type Unwrapper = (value: number) => number;

function unwrapper(bits: 16 | 32): Unwrapper {
  const span = 2 ** bits;
  let last: number | undefined;
  return (value) => {
    if (last === undefined) {
      last = value;
      return value;
    }
    // The nearest value with these low bits, before or behind: RFC 3550 appendix A.1 does the same with cycles.
    const ahead = (((value - last) % span) + span) % span;
    last += ahead < span / 2 ? ahead : ahead - span;
    return last;
  };
}

/** Sequence numbers (16 bits) as a number that only reordering makes smaller. */
export const sequenceUnwrapper = (): Unwrapper => unwrapper(16);

/** RTP timestamps (32 bits) as a number that does not wrap. */
export const timestampUnwrapper = (): Unwrapper => unwrapper(32);

/** What became of a stream's packets (RFC 3550 section 6.4.1 and appendix A.3). */
export interface PacketLoss {
  readonly received: number;
  /** Highest minus lowest unwrapped sequence number plus one. */
  readonly expected: number;
  /** Expected minus distinct received: never negative, unlike the cumulative number of the RFC. */
  readonly lost: number;
  readonly duplicates: number;
  /** Packets that came after one with a higher number. */
  readonly reordered: number;
  /** 0..1. */
  readonly lossRatio: number;
}

/** Counts loss, duplicates and reordering from the sequence numbers in order of arrival. */
export function countLoss(sequenceNumbers: Iterable<number>): PacketLoss {
  const unwrap = sequenceUnwrapper();
  const seen = new Set<number>();
  let received = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let duplicates = 0;
  let reordered = 0;
  for (const number of sequenceNumbers) {
    const value = unwrap(number);
    received += 1;
    if (seen.has(value)) duplicates += 1;
    else if (value < highest) reordered += 1;
    seen.add(value);
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  const expected = received === 0 ? 0 : highest - lowest + 1;
  const lost = expected - seen.size;
  return { received, expected, lost, duplicates, reordered, lossRatio: expected === 0 ? 0 : lost / expected };
}
