import type { CandidatePair, PairState } from './candidate-pair.ts';
import type { Checklist } from './checklist.ts';

/** One checklist for each data stream, in the order of their m-lines (RFC 8445 section 6.1.2.1). */
export type ChecklistSet = readonly Checklist[];

/** Names a pair: which checklist, and which place in it. */
export interface PairPlace {
  readonly checklist: number;
  readonly pair: number;
}

export type ChecklistState = 'running' | 'completed' | 'failed';

/**
 * Thaws one pair of each foundation: the one with the lowest component, then the highest priority, in the first
 * checklist that has the foundation (RFC 8445 section 6.1.2.6). Everything else stays as it is.
 */
export function startChecklists(set: ChecklistSet): ChecklistSet {
  const chosen = new Map<string, PairPlace>();
  set.forEach((checklist, index) => {
    const own = new Map<string, number>();
    checklist.forEach((pair, at) => {
      const best = own.get(pair.foundation);
      if (best === undefined || isEarlier(pair, checklist[best]!)) own.set(pair.foundation, at);
    });
    for (const [foundation, pair] of own) {
      if (!chosen.has(foundation)) chosen.set(foundation, { checklist: index, pair });
    }
  });
  let next = set;
  for (const place of chosen.values()) next = withPairState(next, place, 'waiting');
  return next;
}

/**
 * The pair whose turn it is in one checklist (RFC 8445 section 6.1.4.2): the highest waiting one; without any, the
 * highest frozen one whose foundation nobody in the whole set is waiting on or checking. Undefined: nothing to do.
 */
export function nextCheck(set: ChecklistSet, checklist: number): PairPlace | undefined {
  const pairs = set[checklist] ?? [];
  const waiting = bestOf(pairs, (pair) => pair.state === 'waiting');
  if (waiting !== undefined) return { checklist, pair: waiting };
  const busy = new Set<string>();
  for (const pair of set.flat()) {
    if (pair.state === 'waiting' || pair.state === 'in-progress') busy.add(pair.foundation);
  }
  const thawed = bestOf(pairs, (pair) => pair.state === 'frozen' && !busy.has(pair.foundation));
  return thawed === undefined ? undefined : { checklist, pair: thawed };
}

/**
 * The set after a check has come to its end. Success thaws all pairs of the same foundation in every checklist
 * (RFC 8445 section 7.2.5.3.3); failure changes only the pair (7.2.5.2.4).
 */
export function finishCheck(
  set: ChecklistSet,
  place: PairPlace,
  outcome: 'succeeded' | 'failed',
): ChecklistSet {
  const done = withPairState(set, place, outcome);
  const foundation = set[place.checklist]?.[place.pair]?.foundation;
  if (outcome === 'failed' || foundation === undefined) return done;
  return done.map((checklist) =>
    checklist.map((pair) =>
      pair.state === 'frozen' && pair.foundation === foundation ? { ...pair, state: 'waiting' } : pair,
    ),
  );
}

/** The set with one pair in another state. */
export function withPairState(set: ChecklistSet, place: PairPlace, state: PairState): ChecklistSet {
  return set.map((checklist, index) =>
    index === place.checklist
      ? checklist.map((pair, at) => (at === place.pair ? { ...pair, state } : pair))
      : checklist,
  );
}

/** The set with one pair nominated, and no longer any other of its component (RFC 8445 section 8.1.1). */
export function nominatePair(set: ChecklistSet, place: PairPlace): ChecklistSet {
  const component = set[place.checklist]?.[place.pair]?.component;
  return set.map((checklist, index) =>
    index === place.checklist
      ? checklist.map((pair, at) =>
          pair.component === component ? { ...pair, nominated: at === place.pair } : pair,
        )
      : checklist,
  );
}

/**
 * RFC 8445 section 6.1.2.1: completed once every component has a nominated pair that succeeded, failed once every
 * pair is done and some component has none that succeeded, running until then. An empty checklist is running:
 * candidates may still trickle.
 */
export function checklistState(checklist: Checklist): ChecklistState {
  if (checklist.length === 0) return 'running';
  const components = new Set(checklist.map((pair) => pair.component));
  const valid = checklist.filter((pair) => pair.state === 'succeeded');
  const nominated = valid.filter((pair) => pair.nominated);
  if (countComponents(nominated) === components.size) return 'completed';
  const over = checklist.every((pair) => pair.state === 'succeeded' || pair.state === 'failed');
  return over && countComponents(valid) < components.size ? 'failed' : 'running';
}

function countComponents(pairs: readonly CandidatePair[]): number {
  return new Set(pairs.map((pair) => pair.component)).size;
}

function isEarlier(a: CandidatePair, b: CandidatePair): boolean {
  return a.component === b.component ? a.priority > b.priority : a.component < b.component;
}

function bestOf(pairs: Checklist, fits: (pair: CandidatePair) => boolean): number | undefined {
  let best: number | undefined;
  pairs.forEach((pair, at) => {
    if (!fits(pair)) return;
    const rival = best === undefined ? undefined : pairs[best]!;
    if (rival === undefined || pair.priority > rival.priority) best = at;
    else if (pair.priority === rival.priority && pair.component < rival.component) best = at;
  });
  return best;
}
