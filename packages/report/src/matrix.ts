import type { Cell } from './run.ts';

/** The cells of one topology and transport as a grid of callers (rows) and callees (columns). */
export interface Matrix<C extends MatrixCell = Cell> {
  readonly topology: string;
  readonly transport: string;
  readonly callers: readonly string[];
  readonly callees: readonly string[];
  /** The cell in which `caller` calls `callee`, undefined where the run has none. */
  at(caller: string, callee: string): C | undefined;
}

type MatrixCell = Pick<Cell, 'topology' | 'transport' | 'caller' | 'callee'>;

/** The run's cells as one grid per topology and transport, all in the order in which they first appear. */
export function matricesOf<C extends MatrixCell>(cells: readonly C[]): Matrix<C>[] {
  const groups = new Map<string, C[]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.topology, cell.transport]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return [...groups.values()].map((group) => ({
    topology: group[0]!.topology,
    transport: group[0]!.transport,
    callers: [...new Set(group.map((cell) => cell.caller))],
    callees: [...new Set(group.map((cell) => cell.callee))],
    at: (caller, callee) => group.find((cell) => cell.caller === caller && cell.callee === callee),
  }));
}
