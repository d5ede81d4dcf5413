import type { Cell, CheckResult, Run, Verdict } from './run.ts';

/** What a check was and became; undefined where one of the runs does not have it. */
export interface CheckChange {
  readonly cell: string;
  readonly check: string;
  readonly before: CheckResult | undefined;
  readonly after: CheckResult | undefined;
  readonly kind: 'worse' | 'better' | 'other' | 'added' | 'removed';
}

/** What changed from one run to another. */
export interface RunDiff {
  readonly before: string;
  readonly after: string;
  /** Cells only the later run has. */
  readonly addedCells: readonly string[];
  /** Cells only the earlier run has. */
  readonly removedCells: readonly string[];
  /** Checks of cells that both runs have, whose verdict or first cause changed, the worse ones first. */
  readonly changes: readonly CheckChange[];
  /** Checks that both runs have and that came out the same. */
  readonly same: number;
  readonly peers: readonly { readonly id: string; readonly before?: string; readonly after?: string }[];
}

const ORDER: readonly CheckChange['kind'][] = ['worse', 'removed', 'other', 'better', 'added'];

/** Compares two runs by cell and check. `a` is the earlier. Reasons and measured values may differ freely. */
export function diffRuns(a: Run, b: Run): RunDiff {
  const before = byId(a.cells, (cell) => cell.id);
  const after = byId(b.cells, (cell) => cell.id);
  const changes: CheckChange[] = [];
  let same = 0;
  for (const [id, earlier] of before) {
    const later = after.get(id);
    if (later === undefined) continue;
    for (const change of diffCells(earlier, later)) {
      if (change === 'same') same += 1;
      else changes.push(change);
    }
  }
  return {
    before: a.id,
    after: b.id,
    addedCells: [...after.keys()].filter((id) => !before.has(id)),
    removedCells: [...before.keys()].filter((id) => !after.has(id)),
    changes: changes.sort((x, y) => ORDER.indexOf(x.kind) - ORDER.indexOf(y.kind)),
    same,
    peers: diffPeers(a, b),
  };
}

function diffCells(earlier: Cell, later: Cell): (CheckChange | 'same')[] {
  const before = byId(earlier.results, (result) => result.check);
  const after = byId(later.results, (result) => result.check);
  const checks = [...new Set([...before.keys(), ...after.keys()])];
  return checks.map((check) => {
    const was = before.get(check);
    const is = after.get(check);
    const kind = kindOf(was, is);
    return kind === 'same' ? kind : { cell: later.id, check, before: was, after: is, kind };
  });
}

function kindOf(was: CheckResult | undefined, is: CheckResult | undefined): CheckChange['kind'] | 'same' {
  if (was === undefined) return 'added';
  if (is === undefined) return 'removed';
  if (was.verdict === is.verdict) {
    return was.diagnosis?.[0]?.cause === is.diagnosis?.[0]?.cause ? 'same' : 'other';
  }
  const rank: Record<Verdict, number> = { passed: 2, unsupported: 1, failed: 0, broken: 0 };
  const gain = rank[is.verdict] - rank[was.verdict];
  return gain > 0 ? 'better' : gain < 0 ? 'worse' : 'other';
}

function diffPeers(a: Run, b: Run): RunDiff['peers'] {
  const before = byId(a.peers, (peer) => peer.id);
  const after = byId(b.peers, (peer) => peer.id);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id) => {
    const was = before.get(id)?.version;
    const is = after.get(id)?.version;
    if (was === is) return [];
    return [
      { id, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) },
    ];
  });
}

function byId<T>(items: readonly T[], id: (item: T) => string): Map<string, T> {
  return new Map(items.map((item) => [id(item), item]));
}
