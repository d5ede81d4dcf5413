import { type Change, diff, type SessionDescription } from '@crosspoint/sdp';
import type { Evidence } from '../evidence.ts';
import { typedOf, type WireDescription, wireDescriptions } from '../wire-descriptions.ts';

/** A description on its way through the server: as it was sent, and as the other side got it. */
export interface Crossing {
  readonly sent: WireDescription;
  /** Undefined: it never left the server. */
  readonly got: WireDescription | undefined;
  readonly sentTyped: SessionDescription | undefined;
  readonly gotTyped: SessionDescription | undefined;
  /** 1 for the exchange that opens the call. */
  readonly exchange: number;
  /** What the server changed. */
  readonly changes: readonly Change[];
}

/** Every description of the call with what became of it. */
export function crossings(evidence: Evidence): Crossing[] {
  const all = wireDescriptions(evidence);
  const taken = new Set<WireDescription>();
  const found: Crossing[] = [];
  let exchange = 0;
  all.forEach((sent, at) => {
    if (sent.direction === 'out') {
      // It left, and nobody saw it come: it is taken for what its author said.
      if (taken.has(sent)) return;
      if (sent.role === 'offer') exchange++;
      const own = typedOf(sent);
      found.push({ sent, got: sent, sentTyped: own, gotTyped: own, exchange, changes: [] });
      return;
    }
    if (sent.role === 'offer') exchange++;
    // The one that left goes out before the same side says the next of its kind.
    const next = all.findIndex(
      (each, place) =>
        place > at && each.direction === 'in' && each.author === sent.author && each.role === sent.role,
    );
    const got = all
      .slice(at + 1, next < 0 ? undefined : next)
      .find(
        (each) =>
          each.direction === 'out' &&
          each.author === sent.author &&
          each.role === sent.role &&
          !taken.has(each),
      );
    if (got !== undefined) taken.add(got);
    const sentTyped = typedOf(sent);
    const gotTyped = got === undefined ? undefined : typedOf(got);
    const changes = sentTyped === undefined || gotTyped === undefined ? [] : diff(sentTyped, gotTyped);
    found.push({ sent, got, sentTyped, gotTyped, exchange, changes });
  });
  return found;
}

/** The offer that a crossing answers. */
export function offerOf(answer: Crossing, all: readonly Crossing[]): Crossing | undefined {
  return all
    .slice(0, all.indexOf(answer))
    .findLast((each) => each.sent.role === 'offer' && each.sent.author !== answer.sent.author);
}

/** What the same side sent before. */
export function previousOf(crossing: Crossing, all: readonly Crossing[]): Crossing | undefined {
  return all.slice(0, all.indexOf(crossing)).findLast((each) => each.sent.author === crossing.sent.author);
}
